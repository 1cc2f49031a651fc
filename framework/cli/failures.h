#pragma once

#include <functional>

namespace mtl {

constexpr int failed_run = 1, wrong_usage = 2;

/// The command's exit code; where it throws, its sentence goes to standard error: 2 for a wrong configuration, 1 for
/// any other failure.
int guarded(const std::function<int()>& command);

}  // namespace mtl
