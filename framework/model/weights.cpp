#include "framework/model/weights.h"

#include <torch/utils.h>

#include <map>
#include <sstream>

#include "framework/model/safetensors.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

struct Mismatch {
  std::vector<std::string> missing, unexpected, misshapen;
};

std::string shape_text(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

/// Copies what fits and reports what does not. Nothing is copied unless everything fits.
Mismatch copy_by_name(const std::vector<NamedTensor>& to, const std::vector<NamedTensor>& from) {
  Mismatch mismatch;
  std::map<std::string, at::Tensor> given;
  for (const NamedTensor& named : from) given[named.name] = named.tensor;
  for (const NamedTensor& own : to) {
    const auto found = given.find(own.name);
    if (found == given.end())
      mismatch.missing.push_back(own.name);
    else if (found->second.sizes() != own.tensor.sizes())
      mismatch.misshapen.push_back(own.name + " " + shape_text(found->second) + " instead of " +
                                   shape_text(own.tensor));
  }
  std::map<std::string, bool> known;
  for (const NamedTensor& own : to) known[own.name] = true;
  for (const NamedTensor& named : from)
    if (!known.count(named.name)) mismatch.unexpected.push_back(named.name);
  if (!mismatch.missing.empty() || !mismatch.unexpected.empty() || !mismatch.misshapen.empty()) return mismatch;

  torch::NoGradGuard no_grad;
  for (const NamedTensor& own : to) at::Tensor(own.tensor).copy_(given[own.name]);
  return mismatch;
}

void require_match(const Mismatch& mismatch, const std::filesystem::path& file) {
  std::vector<std::string> parts;
  if (!mismatch.missing.empty()) parts.push_back("lacks " + quoted_list(mismatch.missing, 8));
  if (!mismatch.unexpected.empty()) parts.push_back("has the unknown " + quoted_list(mismatch.unexpected, 8));
  if (!mismatch.misshapen.empty()) parts.push_back("has other shapes: " + join(mismatch.misshapen, ", "));
  if (parts.empty()) return;
  throw Error(file.string() + " does not fit this model: it " + join(parts, "; it ") +
              "; give a file of the same network under torchvision's names");
}

}  // namespace

std::vector<std::string> load_backbone_weights(Backbone& backbone, const std::filesystem::path& file) {
  std::vector<NamedTensor> own, given;
  std::vector<std::string> skipped;
  for (const auto& item : backbone.named_parameters()) own.push_back({item.key(), item.value()});
  for (const auto& item : backbone.named_buffers()) own.push_back({item.key(), item.value()});
  for (NamedTensor& named : read_safetensors(file).tensors) {
    const bool not_ours = named.name.rfind("classifier.", 0) == 0 || named.name.rfind("heads.", 0) == 0;
    if (not_ours)
      skipped.push_back(named.name);
    else
      given.push_back(std::move(named));
  }
  require_match(copy_by_name(own, given), file);
  return skipped;
}

std::vector<NamedTensor> snapshot(const std::vector<NamedTensor>& state) {
  std::vector<NamedTensor> copies;
  for (const NamedTensor& named : state)
    copies.push_back({named.name, named.tensor.detach().to(at::kCPU, /*non_blocking=*/false, /*copy=*/true)});
  return copies;
}

void restore(const std::vector<NamedTensor>& to, const std::vector<NamedTensor>& from) {
  TORCH_INTERNAL_ASSERT(to.size() == from.size());
  torch::NoGradGuard no_grad;
  for (size_t i = 0; i < to.size(); ++i) at::Tensor(to[i].tensor).copy_(from[i].tensor);
}

}  // namespace mtl
