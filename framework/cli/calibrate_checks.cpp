#include "framework/cli/calibrate_checks.h"

#include "framework/bundle/bundle_files.h"
#include "framework/bundle/bundle_names.h"
#include "framework/config/problems.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

void require_sense(const CalibrateArguments& arguments) {
  const auto refuse = [](const std::string& sentence) { throw ConfigError({"calibrate: " + sentence}); };
  if (!arguments.costs.empty() && (arguments.max_escape || arguments.max_overkill || arguments.observed))
    refuse("--costs decides by itself; leave --max-escape, --max-overkill and --observed out, or --costs");
  if (!arguments.max_escape && (arguments.max_overkill || arguments.observed))
    refuse("--max-overkill and --observed belong to --max-escape; give it too");
  if (!arguments.task.empty() && !arguments.max_escape && arguments.costs.empty())
    refuse("--task is that of the limits or costs; give --max-escape or --costs too");
  if (!arguments.group.empty() && arguments.data.empty())
    refuse("--group is a column of another manifest; give it with --data, or leave --group out");
  if (arguments.split == "all" && arguments.data.empty())
    refuse(
        "all of the run's own data holds the pictures that it was trained on; give --split val, or other pictures "
        "with --data");
}

bool is_used(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error));
}

}  // namespace

CalibrateArguments checked(CalibrateArguments arguments) {
  require_sense(arguments);
  if (is_bundle(arguments.run))
    throw Error(in_quotes(arguments.run.string()) +
                " is a bundle, whose files are sealed; calibrate the run that it was made of, and make it again");
  if (arguments.split.empty()) arguments.split = arguments.data.empty() ? "val" : "all";
  if (arguments.out.empty()) arguments.out = arguments.run / "calibration";
  const fs::path decisions = arguments.run / bundle_name::decisions;
  std::error_code error;
  for (const fs::path& there : {decisions, arguments.out})
    if (!arguments.replace && (there == decisions ? fs::exists(there, error) : is_used(there)))
      throw Error(in_quotes(there.string()) + " is there already; replace it with --replace" +
                  (there == decisions ? "" : ", or choose another folder with --out"));
  return arguments;
}

void require_something(const std::vector<TaskTemperature>& temperatures, const Subject& subject) {
  if (temperatures.empty())
    throw Error("no task both states probabilities and has labelled images among the " +
                std::to_string(subject.rows.size()) + " of " + subject.images.dataset.table.source + ", split " +
                subject.split + "; calibrate on labelled pictures (--data, --split)");
}

void require_answers(const LabelledImages& images, const std::string& task, const Subject& subject) {
  if (images.truths.empty())
    throw Error("task " + in_quotes(task) + " has no labelled image with probabilities in " +
                subject.images.dataset.table.source + ", split " + subject.split +
                "; choose another task with --task, or labelled pictures with --data");
}

}  // namespace mtl
