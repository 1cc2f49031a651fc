#include "framework/cli/run_digests.h"

#include "framework/config/run_keys.h"
#include "framework/data/table_digest.h"
#include "framework/support/file_view.h"
#include "framework/support/sha256.h"

namespace mtl {
namespace {

std::string digest_of(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  return sha256({static_cast<const char*>(plain.data_ptr()), plain.nbytes()});
}

/// Of the tensors whose names begin with `prefix`, or of all others.
std::string state_digest(const std::vector<NamedTensor>& state, const std::string& prefix, bool with_prefix) {
  std::string text;
  for (const NamedTensor& named : state)
    if ((named.name.rfind(prefix, 0) == 0) == with_prefix) text += named.name + "\n" + digest_of(named.tensor) + "\n";
  return sha256(text);
}

std::string batches_digest(const RunConfig& config, RunParts& parts) {
  BatchOrder order(parts.images.dataset.table.rows_of(Split::train), config.train.batch_size, true, config.run.seed);
  std::string digest;  // chained, so that the text of one epoch is all that is held
  for (int64_t epoch = 0; epoch < config.train.epochs; ++epoch) {
    order.start_epoch(epoch);
    std::string text = digest;
    for (size_t batch = 0; batch < order.batches(); ++batch) {
      for (const size_t row : order.rows_of(batch)) text += std::to_string(row) + " ";
      text += "\n";
    }
    digest = sha256(text);
  }
  parts.train->start_epoch(0);
  const auto first = parts.train->next();
  return first ? sha256(digest + digest_of(first->images)) : digest;
}

const std::string& main_task(const RunParts& parts) {
  for (const TaskFacts& task : parts.tasks)
    if (task.main) return task.name;
  return parts.tasks.front().name;
}

bool is_of_features(const std::string& key) {
  const auto begins = [&](const char* section) { return key.rfind(section, 0) == 0; };
  return begins("backbone.") || begins("input.") || begins("data.") || begins("augment.") || key == "run.seed" ||
         key == "train.batch_size" || key == "train.fine_tuning.probe_views";
}

}  // namespace

std::string features_key(const RunConfig& config, const RunParts& parts) {
  std::string text = parts.device.str() + "\n" + parts.images.pixels_digest + split_digest(parts.images.dataset.table) +
                     state_digest(parts.model->state(), "heads.", false);
  for (const auto& [key, value] : run_keys(config))
    if (is_of_features(key)) text += "\n" + key + " = " + value;
  return sha256(text);
}

RunDigests digests_of(const RunConfig& config, RunParts& parts) {
  const SampleTable& table = parts.images.dataset.table;
  const std::vector<NamedTensor> state = parts.model->state();
  const std::filesystem::path& weights = config.backbone.weights;
  return {parts.images.table_digest,
          parts.images.pixels_digest,
          split_digest(table),
          batches_digest(config, parts),
          state_digest(state, "heads.", false),
          state_digest(state, "heads." + main_task(parts) + ".", true),
          weights.empty() ? "" : sha256(FileView(weights).bytes())};
}

}  // namespace mtl
