#include "plugins/host/failure.h"

#include <new>

namespace mtl::host {

bool is_out_of_memory(const std::exception& failure) {
  if (dynamic_cast<const std::bad_alloc*>(&failure)) return true;
  const std::string text = failure.what();
  return text.find("can't allocate memory") != std::string::npos || text.find("out of memory") != std::string::npos;
}

std::string first_line(const std::exception& failure) {
  const std::string text = failure.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace mtl::host
