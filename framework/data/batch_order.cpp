#include "framework/data/batch_order.h"

#include <utility>

#include "framework/support/random.h"

namespace mtl {

BatchOrder::BatchOrder(std::vector<size_t> rows, int64_t batch_size, bool for_training, uint64_t seed)
    : rows_(std::move(rows)), for_training_(for_training), seed_(seed) {
  const auto batch = static_cast<size_t>(batch_size), count = rows_.size();
  for (size_t start = 0; start < count; start += batch) starts_.push_back(start);
  const bool single = !starts_.empty() && count - starts_.back() == 1;
  if (for_training_ && single && starts_.size() > 1) starts_.pop_back();
  starts_.push_back(count);
}

void BatchOrder::start_epoch(int64_t epoch) {
  order_ = rows_;
  if (for_training_) Generator(derive_seed(seed_, "order", {static_cast<uint64_t>(epoch)})).shuffle(order_);
}

std::vector<size_t> BatchOrder::rows_of(size_t batch) const {
  return {order_.begin() + static_cast<std::ptrdiff_t>(starts_[batch]),
          order_.begin() + static_cast<std::ptrdiff_t>(starts_[batch + 1])};
}

}  // namespace mtl
