#include "framework/memory/free_runs.h"

#include <algorithm>
#include <iterator>

namespace mtl {

FreeRuns::FreeRuns(size_t size) {
  if (size > 0) ends_.emplace(0, size);
}

std::optional<Run> FreeRuns::take(size_t length) {
  const auto run =
      std::find_if(ends_.begin(), ends_.end(), [&](const auto& r) { return r.second - r.first >= length; });
  if (run == ends_.end()) return {};
  const auto [begin, end] = *run;
  ends_.erase(run);
  if (begin + length < end) ends_.emplace(begin + length, end);
  return Run{begin, begin + length};
}

void FreeRuns::give_back(Run run) {
  auto after = ends_.lower_bound(run.begin);
  if (after != ends_.end() && after->first == run.end) {
    run.end = after->second;
    after = ends_.erase(after);
  }
  if (after != ends_.begin() && std::prev(after)->second == run.begin)
    std::prev(after)->second = run.end;
  else
    ends_.emplace(run.begin, run.end);
}

}  // namespace mtl
