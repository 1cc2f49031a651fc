#include "framework/model/weights.h"

#include <torch/utils.h>

#include <algorithm>
#include <map>

#include "framework/model/safetensors.h"
#include "framework/model/shape_text.h"
#include "framework/model/torch_file.h"
#include "framework/model/weight_names.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

constexpr size_t most_names = 8;  // in a sentence

/// A file's tensors beside the backbone's.
struct Comparison {
  std::vector<std::string> missing, unexpected, misshapen;
  std::vector<std::pair<at::Tensor, at::Tensor>> fitting;  ///< the backbone's, the file's

  bool is_exact() const { return missing.empty() && unexpected.empty() && misshapen.empty(); }
  /// "it lacks ...; it has the unknown ..."
  std::string differences() const {
    std::vector<std::string> parts;
    if (!missing.empty()) parts.push_back("it lacks " + quoted_list(missing, most_names));
    if (!unexpected.empty()) parts.push_back("it has the unknown " + quoted_list(unexpected, most_names));
    if (!misshapen.empty()) {
      const std::vector<std::string> some(
          misshapen.begin(), misshapen.begin() + static_cast<int64_t>(std::min(misshapen.size(), most_names)));
      const size_t more = misshapen.size() - some.size();
      parts.push_back("it has other shapes: " + join(some, ", ") +
                      (more > 0 ? " and " + std::to_string(more) + " more" : ""));
    }
    return join(parts, "; ");
  }
};

/// A counter of batches that PyTorch wrote only from version 0.4.1 on, and that nothing here reads.
bool may_be_missing(const std::string& name) {
  static const std::string end = ".num_batches_tracked";
  return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

Comparison compare(const std::vector<NamedTensor>& own, const std::vector<NamedTensor>& given) {
  Comparison result;
  std::map<std::string, at::Tensor> by_name;
  for (const NamedTensor& named : given) by_name[named.name] = named.tensor;
  for (const NamedTensor& mine : own) {
    const auto found = by_name.find(mine.name);
    if (found == by_name.end()) {
      if (!may_be_missing(mine.name)) result.missing.push_back(mine.name);
      continue;
    }
    if (found->second.sizes() == mine.tensor.sizes())
      result.fitting.emplace_back(mine.tensor, found->second);
    else
      result.misshapen.push_back(mine.name + " " + shape_text(found->second.sizes()) + " instead of " +
                                 shape_text(mine.tensor.sizes()));
    by_name.erase(found);
  }
  for (const NamedTensor& named : given)
    if (by_name.count(named.name)) result.unexpected.push_back(named.name);
  return result;
}

std::vector<std::string> names_of(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& named : tensors) names.push_back(named.name);
  return names;
}

std::vector<std::string> not_finite(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& named : tensors)
    if (named.tensor.is_floating_point() && !named.tensor.isfinite().all().item<bool>()) names.push_back(named.name);
  return names;
}

}  // namespace

std::vector<NamedTensor> read_weights(const std::filesystem::path& file) {
  return is_torch_file(file) ? read_torch_file(file) : read_safetensors(file).tensors;
}

std::vector<NamedTensor> state_of(const Backbone& backbone) {
  std::vector<NamedTensor> state;
  for (const auto& item : backbone.named_parameters()) state.push_back({item.key(), item.value()});
  for (const auto& item : backbone.named_buffers()) state.push_back({item.key(), item.value()});
  return state;
}

std::vector<std::string> load_backbone_weights(Backbone& backbone, const std::filesystem::path& file, bool strict) {
  const NamedForBackbone given = named_for(backbone, read_weights(file));
  const std::vector<NamedTensor> own = state_of(backbone);
  const Comparison comparison = compare(own, given.tensors);
  const std::string name = file.filename().string();
  if (!comparison.is_exact() && (strict || comparison.fitting.empty()))
    throw Error(file.string() + " does not fit this backbone: " + comparison.differences() +
                "; give a file of the same network" +
                (strict ? ", or set backbone.weights_strict = false to take what fits" : ""));

  const torch::NoGradGuard no_grad;
  for (const auto& [mine, theirs] : comparison.fitting) at::Tensor(mine).copy_(theirs);
  std::vector<std::string> notes;
  notes.push_back("weights of " + name + (given.scheme.empty() ? "" : ", with the names of " + given.scheme));
  if (!given.skipped.empty())
    notes.push_back("not taken from " + name + ": " + quoted_list(names_of(given.skipped), most_names));
  if (!comparison.is_exact())
    notes.push_back("WARNING: backbone.weights_strict is false: only " + std::to_string(comparison.fitting.size()) +
                    " of " + std::to_string(own.size()) + " tensors are from " + name + ": " +
                    comparison.differences());
  if (const auto bad = not_finite(given.tensors); !bad.empty())
    notes.push_back("WARNING: " + name + " holds infinity or NaN in " + quoted_list(bad, most_names));
  return notes;
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
