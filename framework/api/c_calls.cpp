#include "framework/api/c_calls.h"

namespace mtl::c_calls {
namespace {

thread_local std::string last_error;

}  // namespace

mtl_status failed(mtl_status status, const std::string& sentence) noexcept {
  try {
    last_error = sentence;
  } catch (...) {
    last_error.clear();  // no memory for the sentence: the status alone has to tell
  }
  return status;
}

}  // namespace mtl::c_calls

const char* mtl_last_error(void) { return mtl::c_calls::last_error.c_str(); }
