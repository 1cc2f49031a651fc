#pragma once

#include <c10/core/Device.h>

#include <vector>

#include "framework/data/batch_order.h"
#include "framework/data/batch_source.h"
#include "framework/model/multi_task_model.h"
#include "framework/train/feature_store.h"

namespace mtl {

/// A backbone's features of a split, computed once and given batch by batch in place of the images. Kept in memory.
class FeatureCache : public BatchSource {
 public:
  /// Computes the features of `views` epochs of `images`, from 0 on; epoch e of this source gives those of view e mod
  /// `views`, in `order`. The maps are kept where a head needs them. With a `store`, features that are there are not
  /// computed, and those that are not are left there. Throws mtl::Error where they take more than `most_bytes`.
  FeatureCache(MultiTaskModel& model, BatchSource& images, int64_t views, BatchOrder order, const at::Device& device,
               int64_t most_bytes, const FeatureStore* store = nullptr);

  int64_t batches() const override { return static_cast<int64_t>(order_.batches()); }
  void start_epoch(int64_t epoch, int64_t first) override;
  using BatchSource::start_epoch;
  std::optional<Batch> next() override;
  double waited_seconds() const override { return 0; }

 private:
  /// One view's rows, in the order in which they were computed.
  struct View {
    std::vector<int64_t> place_of;  // of a row of the sample table; -1: none
    at::Tensor map, pooled;         // map: undefined where no head needs it
    std::vector<at::Tensor> targets, labelled;
  };
  View make(MultiTaskModel& model, BatchSource& images, int64_t view, const at::Device& device,
            const FeatureStore* store);

  int64_t most_bytes_, kept_bytes_ = 0;
  std::vector<View> views_;
  BatchOrder order_;
  const View* current_ = nullptr;
  size_t delivered_ = 0;
};

}  // namespace mtl
