#pragma once

#include <cstdint>
#include <optional>

#include "framework/data/batch.h"

namespace mtl {

/// Gives a split's samples batch by batch, epoch after epoch.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  virtual int64_t batches() const = 0;  ///< of an epoch
  /// From batch `first` on, as if those before it had been taken.
  virtual void start_epoch(int64_t epoch, int64_t first) = 0;
  void start_epoch(int64_t epoch) { start_epoch(epoch, 0); }
  /// The next batch, or nothing at the epoch's end.
  virtual std::optional<Batch> next() = 0;
  virtual double waited_seconds() const = 0;  ///< in next(), this epoch
};

}  // namespace mtl
