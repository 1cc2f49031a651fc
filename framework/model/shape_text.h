#pragma once

#include <c10/util/ArrayRef.h>

#include <cstdint>
#include <string>

namespace mtl {

/// "[32, 3, 3, 3]": a tensor's sizes for a sentence or a table.
std::string shape_text(c10::IntArrayRef sizes);

}  // namespace mtl
