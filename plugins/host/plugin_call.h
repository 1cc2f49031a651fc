#pragma once

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace mtl::host {

/// Calls what calls a plugin. What it throws becomes an mtl::Error that begins with `who`; a lack of memory, which is
/// nobody's fault, becomes std::bad_alloc. A changed setting of LibTorch is put back and is an mtl::Error. What it
/// prints goes to standard error, the first time with `who`.
void guard_plugin_call(const std::string& who, const std::function<void()>& call);

/// The same for a call that returns something.
template <class Call>
auto call_plugin(const std::string& who, Call&& call) -> std::invoke_result_t<Call> {
  if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
    guard_plugin_call(who, std::forward<Call>(call));
  } else {
    std::optional<std::invoke_result_t<Call>> result;
    guard_plugin_call(who, [&] { result.emplace(call()); });
    return *std::move(result);
  }
}

}  // namespace mtl::host
