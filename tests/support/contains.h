#pragma once

#include <string>

namespace mtl::test {

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace mtl::test
