#include "framework/train/stretches.h"

#include <algorithm>
#include <numeric>

#include "mtl/parallel.h"

namespace mtl {
namespace {

constexpr int64_t longest = 16384;         // 64 KiB of float32: threads share evenly, and a stretch outweighs its call
constexpr int64_t stretches_a_thread = 4;  // fewer are done sooner than a thread is woken

}  // namespace

Stretches::Stretches(const std::vector<int64_t>& sizes) {
  for (size_t tensor = 0; tensor < sizes.size(); ++tensor)
    for (int64_t begin = 0; begin < sizes[tensor]; begin += longest)
      all_.push_back({tensor, begin, std::min(sizes[tensor], begin + longest)});
}

void Stretches::for_each(const std::function<void(const Stretch&)>& body) const {
  const auto count = static_cast<int64_t>(all_.size());
  const int slots = slots_for(count, stretches_a_thread);
  over_slots(slots, [&](int slot) {
    const Share share = share_of(count, slot, slots);
    for (int64_t i = share.begin; i < share.end; ++i) body(all_[static_cast<size_t>(i)]);
  });
}

double Stretches::sum(const std::function<double(const Stretch&)>& body) const {
  std::vector<double> parts(all_.size());
  for_each([&](const Stretch& stretch) { parts[static_cast<size_t>(&stretch - all_.data())] = body(stretch); });
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

}  // namespace mtl
