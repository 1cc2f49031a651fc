#include "framework/model/shape_text.h"

#include <sstream>

namespace mtl {

std::string shape_text(c10::IntArrayRef sizes) {
  std::ostringstream text;
  text << sizes;
  return text.str();
}

}  // namespace mtl
