#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace mtl {

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

}  // namespace mtl
