#include "framework/support/failure.h"

#include <new>

#include "mtl/error.h"

namespace mtl {

bool is_out_of_memory(const std::exception& failure) {
  if (dynamic_cast<const std::bad_alloc*>(&failure)) return true;
  const std::string text = failure.what();
  return text.find("can't allocate memory") != std::string::npos || text.find("out of memory") != std::string::npos;
}

std::string first_line(const std::exception& failure) {
  const std::string text = failure.what();
  return text.substr(0, text.find('\n'));
}

void failure_detail::rethrow_blaming(const std::string& who) {
  try {
    throw;
  } catch (const std::exception& failure) {
    if (is_out_of_memory(failure)) throw std::bad_alloc();
    throw Error(who + " failed: " + first_line(failure));
  } catch (...) {
    throw Error(who + " failed with an exception that is no std::exception");
  }
}

}  // namespace mtl
