#pragma once

#include <string>

namespace mtl {

/// The style sheet of every page: light or dark as the reader's system is, light on paper, readable from 320 pixels on.
std::string page_style();

}  // namespace mtl
