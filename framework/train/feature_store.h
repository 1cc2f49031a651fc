#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mtl {

/// Features of a split's images under one view of them.
struct StoredFeatures {
  std::vector<int64_t> place_of;  ///< of a row of the sample table in the tensors; -1: none
  at::Tensor map, pooled;         ///< [M,...]; map is undefined where no head needs it
};

/// A folder in which features stay for other runs with the same backbone and images. Files appear whole, so processes
/// may share it.
class FeatureStore {
 public:
  /// `key` stands for all that the features depend on: file names begin with it.
  FeatureStore(std::filesystem::path folder, std::string key) : folder_(std::move(folder)), key_(std::move(key)) {}

  /// Nothing where the view is not there yet. Throws mtl::Error where the file is damaged.
  std::optional<StoredFeatures> load(int64_t view, bool with_map) const;
  void save(int64_t view, const StoredFeatures& features) const;

 private:
  std::filesystem::path file_of(int64_t view, bool with_map) const;

  std::filesystem::path folder_;
  std::string key_;
};

}  // namespace mtl
