#pragma once

#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace mtl {

/// Whether a failure, whoever threw it, means that memory ran out: std::bad_alloc, or LibTorch's texts for it.
bool is_out_of_memory(const std::exception& failure);

/// What a failure says, without the stack trace that LibTorch adds.
std::string first_line(const std::exception& failure);

namespace failure_detail {
[[noreturn]] void rethrow_blaming(const std::string& who);
}

/// Calls a plugin's function. What it throws becomes an mtl::Error that begins with `who`; a lack of memory becomes
/// std::bad_alloc, for it is nobody's fault.
template <class Call>
auto blaming(const std::string& who, Call&& call) -> std::invoke_result_t<Call> {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    failure_detail::rethrow_blaming(who);
  }
}

}  // namespace mtl
