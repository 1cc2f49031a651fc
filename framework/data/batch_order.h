#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mtl {

/// Which rows stand in which batch. In training they are shuffled by seed and epoch, and a last batch of a single row
/// is left to the batch before it, since batch-norm cannot learn from one; otherwise they keep their order.
class BatchOrder {
 public:
  BatchOrder(std::vector<size_t> rows, int64_t batch_size, bool for_training, uint64_t seed);

  void start_epoch(int64_t epoch);
  size_t batches() const { return starts_.size() - 1; }
  std::vector<size_t> rows_of(size_t batch) const;

 private:
  std::vector<size_t> rows_;
  bool for_training_;
  uint64_t seed_;
  std::vector<size_t> order_;   // of this epoch
  std::vector<size_t> starts_;  // batch i is order_[starts_[i] .. starts_[i+1])
};

}  // namespace mtl
