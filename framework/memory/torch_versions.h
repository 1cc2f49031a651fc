#pragma once

#include <torch/version.h>

/// c10::Allocator::allocate is a const member up to LibTorch 2.2.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
#define MTL_CONST_BEFORE_2_3
#else
#define MTL_CONST_BEFORE_2_3 const
#endif
