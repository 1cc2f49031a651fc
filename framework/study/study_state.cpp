#include "framework/study/study_state.h"

#include <algorithm>
#include <map>

#include "framework/config/run_keys.h"
#include "framework/support/file_view.h"
#include "framework/support/sha256.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// Of every weights file once.
class WeightsDigests {
 public:
  const std::string& of(const RunConfig& config) {
    const fs::path& file = config.backbone.weights;
    const auto [entry, is_new] = digests_.try_emplace(file);
    std::error_code error;
    if (is_new && fs::is_regular_file(file, error)) entry->second = sha256(FileView(file).bytes());
    return entry->second;
  }

 private:
  std::map<fs::path, std::string> digests_;
};

/// In what a finished run differs from what is planned.
std::vector<std::string> differences(const PlannedRun& run, const RunRecord& record, const StudyFacts& facts,
                                     const std::string& weights_digest) {
  if (record.engine_version != facts.engine_version)
    return {"the engine, then " + record.engine_version + ", now " + facts.engine_version};
  std::vector<std::string> found =
      key_differences(run_keys(load_run_config(run.folder() / "config.toml").config), run_keys(run.loaded.config));
  if (record.digests.data != facts.table_digest) found.push_back("the data's images, labels or splits");
  if (!facts.pixels_digest.empty() && record.digests.pixels != facts.pixels_digest)
    found.push_back("the pictures themselves");
  if (record.digests.weights != weights_digest) found.push_back("the file backbone.weights");
  return found;
}

std::string mismatch_text(const PlannedRun& run, std::vector<std::string> found) {
  constexpr size_t most_shown = 5;
  const size_t all = found.size();
  if (all > most_shown) {
    found.resize(most_shown);
    found.push_back("and " + std::to_string(all - most_shown) + " more");
  }
  return run.folder().string() + " was trained with other settings than the study has now (" + join(found, "; ") +
         "); give the study another name (--set study.name=NAME), or remove " +
         run.folder().parent_path().parent_path().string() + " to train all again";
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

StudyState read_state(const StudyPlan& plan, const StudyFacts& facts) {
  StudyState state{std::vector<std::optional<RunOutcome>>(plan.runs.size()),
                   std::vector<std::string>(plan.runs.size())};
  std::vector<std::string> mismatches;
  WeightsDigests weights;
  for (size_t r = 0; r < plan.runs.size(); ++r) {
    const PlannedRun& run = plan.runs[r];
    if (!has_record(run.folder())) continue;
    try {
      state.outcomes[r] = read_outcome(run.folder());
      std::vector<std::string> found =
          differences(run, state.outcomes[r]->record, facts, weights.of(run.loaded.config));
      if (!found.empty()) mismatches.push_back(mismatch_text(run, std::move(found)));
    } catch (const Error& error) {  // a damaged run is no finished one
      state.outcomes[r].reset();
      state.problems[r] = error.what();
    }
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
    state.problems[r] = "it does not share " + differs + " with " + reference->name +
                        ", so it is not compared; remove " + run.folder().string() + " to train it again";
    state.outcomes[r].reset();
  }
}

}  // namespace mtl
