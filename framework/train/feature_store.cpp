#include "framework/train/feature_store.h"

#include <torch/types.h>

#include <algorithm>

#include "framework/model/safetensors.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"

namespace mtl {
namespace {

at::Tensor tensor_called(const std::vector<NamedTensor>& tensors, const char* name, const std::filesystem::path& file) {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const NamedTensor& named) { return named.name == name; });
  if (found == tensors.end())
    throw Error(file.string() + " has no tensor called " + name + "; remove it, and its features are computed again");
  return found->tensor;
}

}  // namespace

std::filesystem::path FeatureStore::file_of(int64_t view, bool with_map) const {
  return folder_ / (key_ + (with_map ? "_map" : "") + "_view" + std::to_string(view) + ".safetensors");
}

std::optional<StoredFeatures> FeatureStore::load(int64_t view, bool with_map) const {
  const std::filesystem::path file = file_of(view, with_map);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  const std::vector<NamedTensor> tensors = read_safetensors(file).tensors;
  const at::Tensor places = tensor_called(tensors, "place_of", file).contiguous();
  StoredFeatures features{{places.data_ptr<int64_t>(), places.data_ptr<int64_t>() + places.numel()},
                          with_map ? tensor_called(tensors, "map", file) : at::Tensor(),
                          tensor_called(tensors, "pooled", file)};
  return features;
}

void FeatureStore::save(int64_t view, const StoredFeatures& features) const {
  make_folder(folder_);
  std::vector<NamedTensor> tensors{{"place_of", torch::tensor(features.place_of)}, {"pooled", features.pooled}};
  if (features.map.defined()) tensors.push_back({"map", features.map.contiguous()});
  write_safetensors(file_of(view, features.map.defined()), tensors, {{"format", "pt"}});
}

}  // namespace mtl
