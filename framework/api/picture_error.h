#pragma once

#include "mtl/error.h"

namespace mtl {

/// A picture was the matter, not the model or the program.
struct PictureError : Error {
  using Error::Error;
};

}  // namespace mtl
