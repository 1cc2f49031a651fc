#include "framework/study/study_state.h"

#include <algorithm>

#include "framework/config/run_keys.h"
#include "framework/support/file_view.h"
#include "framework/support/sha256.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const PlannedRun& run) { return run.loaded.config.run.folder / run.name; }

std::string weights_digest(const RunConfig& config) {
  const fs::path& weights = config.backbone.weights;
  std::error_code error;
  return weights.empty() || !fs::is_regular_file(weights, error) ? "" : sha256(FileView(weights).bytes());
}

/// In what a finished run differs from what is planned.
std::vector<std::string> differences(const PlannedRun& run, const RunRecord& record, const std::string& data_digest,
                                     const std::string& engine_version) {
  std::vector<std::string> found =
      key_differences(run_keys(load_run_config(folder_of(run) / "config.toml").config), run_keys(run.loaded.config));
  if (record.digests.data != data_digest) found.push_back("the data's images or labels");
  if (record.digests.weights != weights_digest(run.loaded.config)) found.push_back("the file backbone.weights");
  if (record.engine_version != engine_version)
    found.push_back("the engine, then " + record.engine_version + ", now " + engine_version);
  return found;
}

std::string mismatch_text(const PlannedRun& run, std::vector<std::string> found) {
  constexpr size_t most_shown = 5;
  const size_t all = found.size();
  if (all > most_shown) {
    found.resize(most_shown);
    found.push_back("and " + std::to_string(all - most_shown) + " more");
  }
  return folder_of(run).string() + " was trained with other settings than the study has now (" + join(found, "; ") +
         "); give the study another name (--set study.name=NAME), or remove its folder to train all again";
}

std::string unshared(const RunDigests& run, const RunDigests& reference) {
  std::vector<std::string> parts;
  if (run.data != reference.data) parts.push_back("the data");
  if (run.split != reference.split) parts.push_back("the split");
  if (run.batches != reference.batches) parts.push_back("the batches");
  if (run.backbone != reference.backbone) parts.push_back("the backbone's initial weights");
  if (run.main_head != reference.main_head) parts.push_back("the main head's initial weights");
  return join(parts, ", ");
}

}  // namespace

StudyState read_state(const StudyPlan& plan, const std::string& data_digest, const std::string& engine_version) {
  StudyState state{std::vector<std::optional<RunOutcome>>(plan.runs.size()),
                   std::vector<std::string>(plan.runs.size())};
  std::vector<std::string> mismatches;
  for (size_t r = 0; r < plan.runs.size(); ++r) {
    const PlannedRun& run = plan.runs[r];
    if (!has_record(folder_of(run))) continue;
    state.outcomes[r] = read_outcome(folder_of(run));
    std::vector<std::string> found = differences(run, state.outcomes[r]->record, data_digest, engine_version);
    if (!found.empty()) mismatches.push_back(mismatch_text(run, std::move(found)));
  }
  if (!mismatches.empty()) {
    const size_t more = mismatches.size() - 1;
    mismatches.resize(1);
    if (more > 0) mismatches.push_back("so were " + std::to_string(more) + " more of its runs");
    throw ConfigError(mismatches);
  }
  return state;
}

void require_fairness(const StudyPlan& plan, StudyState& state) {
  for (size_t r = 0; r < plan.runs.size(); ++r) {
    const PlannedRun& run = plan.runs[r];
    const auto reference = std::find_if(plan.runs.begin(), plan.runs.end(), [&](const PlannedRun& other) {
      return other.arm == 0 && other.variant == run.variant && other.seed == run.seed;
    });
    const auto& alone = state.outcomes[static_cast<size_t>(reference - plan.runs.begin())];
    if (!alone || !state.outcomes[r]) continue;
    const std::string differs = unshared(state.outcomes[r]->record.digests, alone->record.digests);
    if (differs.empty()) continue;
    state.problems[r] = "it does not share " + differs + " with " + reference->name + ", so it is not compared";
    state.outcomes[r].reset();
  }
}

}  // namespace mtl
