#include "framework/config/config_checks.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "framework/config/checkpoint_interval.h"
#include "mtl/text.h"

namespace mtl {
namespace {

bool is_word(const std::string& text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '_'); });
}

bool is_device(const std::string& text) {
  if (text == "auto" || text == "cpu" || text == "cuda") return true;
  return text.rfind("cuda:", 0) == 0 && text.size() > 5 && text.size() <= 8 &&
         std::all_of(text.begin() + 5, text.end(), [](unsigned char c) { return std::isdigit(c); });
}

void check_tasks(const RunConfig& config, Problems& problems) {
  std::set<std::string> names;
  size_t mains = 0;
  for (const TaskSettings& task : config.tasks) {
    mains += task.main;
    if (task.name.empty()) continue;  // reported as missing
    if (!is_word(task.name))
      problems.add(task.where,
                   "the task name " + in_quotes(task.name) + " is no letter followed by letters, digits and '_'");
    if (!names.insert(task.name).second)
      problems.add(task.where, "there are two tasks called " + in_quotes(task.name) + "; give each a name of its own");
  }
  if (config.tasks.empty())
    problems.add(config.file.string(), "there is no task; add a [[tasks]] table with a name and a plugin");
  else if (mains != 1)
    problems.add(config.tasks.front().where,
                 "there are " + std::to_string(mains) +
                     " main tasks; exactly one task has main = true: the one that selects the model");
}

}  // namespace

bool is_folder_name(const std::string& text) {
  return !text.empty() && text.size() <= 200 && text[0] != '.' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '.' || c == '_' || c == '-'); });
}

void check_together(const RunConfig& config, const Locate& where, Problems& problems) {
  check_tasks(config, problems);
  if (!is_folder_name(config.run.name))
    problems.add(where("run.name"), "run.name = " + in_quotes(config.run.name) +
                                        " is no plain folder name; use letters, digits, '.', '_' and '-'");
  if (!is_device(config.engine.device))
    problems.add(where("engine.device"),
                 "engine.device = " + in_quotes(config.engine.device) + " is none of auto, cpu, cuda, cuda:N");
  if (config.data.source == "manifest" && config.data.manifest.empty())
    problems.add(where("data.source"), "data.source = \"manifest\" needs data.manifest, the path of a CSV file");
  if (config.data.validation_share + config.data.test_share > 0.95)
    problems.add(where("data.test_share"),
                 "data.validation_share and data.test_share leave less than 5 % for training");
  if (config.train.schedule.warmup_epochs > static_cast<double>(config.train.epochs))
    problems.add(where("train.schedule.warmup_epochs"),
                 "the warm-up is longer than train.epochs = " + std::to_string(config.train.epochs));
  if (config.train.optimizer.nesterov && (config.train.optimizer.kind != "sgd" || config.train.optimizer.momentum == 0))
    problems.add(where("train.optimizer.nesterov"), "nesterov needs kind = \"sgd\" and a momentum above 0");
  if (!parse_interval(config.train.checkpoint_every))
    problems.add(
        where("train.checkpoint_every"),
        "train.checkpoint_every = " + in_quotes(config.train.checkpoint_every) +
            " is no interval; write a whole number and s, min, h, steps or epochs, like \"5min\" or \"200 steps\"");
  const FineTuningSettings& tuning = config.train.fine_tuning;
  if (tuning.probe_epochs > config.train.epochs)
    problems.add(where("train.fine_tuning.probe_epochs"),
                 "the probe is longer than train.epochs = " + std::to_string(config.train.epochs));
  if (tuning.thaw_epoch > 0 && tuning.freeze_stages == 0)
    problems.add(where("train.fine_tuning.thaw_epoch"),
                 "there is nothing to thaw: set train.fine_tuning.freeze_stages");
  if (config.input.resize != 0 && config.input.resize < config.input.size)
    problems.add(where("input.resize"), "input.resize = " + std::to_string(config.input.resize) +
                                            " is less than input.size = " + std::to_string(config.input.size) +
                                            "; the crop must fit in");
}

}  // namespace mtl
