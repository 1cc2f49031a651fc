#pragma once

#include "framework/config/run_config.h"
#include "framework/data/image_source.h"
#include "framework/data/sample_table.h"

namespace mtl {

/// Built-in photographs of turned metal parts, made up from a seed: what may be wrong with a part (19 kinds), which of
/// its two regions is seen, and four lights. The four photographs of a part are a group. Label columns: defect, region,
/// illumination, defect_area (pixels that the defect changed; 0 for normal kinds).
class SyntheticParts : public ImageSource {
 public:
  explicit SyntheticParts(const SyntheticSettings& settings);
  const SampleTable& table() const { return table_; }  ///< every row is in train: the split is the caller's
  cv::Mat read(size_t row) const override;

 private:
  SyntheticSettings settings_;
  std::vector<size_t> kinds_;  // per part
  SampleTable table_;
};

}  // namespace mtl
