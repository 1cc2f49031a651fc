#include "framework/bundle/bundle_facts.h"

#include <algorithm>
#include <charconv>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

/// The number that people write for a float: 0.485, not 0.48500001430511475.
double as_written(float value) {
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof text, value).ptr;
  double written = value;
  std::from_chars(text, end, written);
  return written;
}

std::array<double, 3> as_written(const std::array<float, 3>& colour) {
  return {as_written(colour[0]), as_written(colour[1]), as_written(colour[2])};
}

[[noreturn]] void fail(const std::string& what, const std::string& stated, const std::string& found) {
  throw Error("bundle.json has " + what + " " + stated + ", config.toml and the plugins give " + found +
              "; use the plugins that the bundle was made with, or make it again");
}

std::string names_of(const std::vector<BundleTask>& tasks) {
  std::vector<std::string> names;
  for (const BundleTask& task : tasks) names.push_back(task.name + " (" + task.plugin + ")");
  return names.empty() ? "none" : quoted_list(names);
}

std::string text_of(const ClassList& classes) {
  std::vector<std::string> names;
  for (size_t c = 0; c < classes.names.size(); ++c)
    names.push_back(classes.names[c] + (classes.normal[c] ? " (normal)" : ""));
  return names.empty() ? "none" : quoted_list(names);
}

std::string text_of(const std::array<double, 3>& colour) {
  return std::to_string(colour[0]) + " " + std::to_string(colour[1]) + " " + std::to_string(colour[2]);
}

std::string text_of(const InputSettings& input) {
  return "size " + std::to_string(input.size) + ", resize " + std::to_string(input.resize) + ", fit " +
         in_quotes(input.fit);
}

}  // namespace

BundleFacts facts_of(const RunConfig& config, MultiTaskModel& model) {
  BundleFacts facts;
  for (size_t k = 0; k < config.tasks.size(); ++k)
    facts.tasks.push_back(
        {config.tasks[k].name, config.tasks[k].plugin.name, config.tasks[k].main, "", model.heads()[k].classes()});
  facts.input = config.input;
  const Normalization normalization = model.backbone().normalization();
  facts.mean = as_written(normalization.mean);
  facts.deviation = as_written(normalization.deviation);
  return facts;
}

void require_same_model(const BundleFacts& stated, const BundleFacts& found) {
  const auto same_task = [](const BundleTask& a, const BundleTask& b) {
    return a.name == b.name && a.plugin == b.plugin && a.main == b.main;
  };
  if (!std::equal(stated.tasks.begin(), stated.tasks.end(), found.tasks.begin(), found.tasks.end(), same_task))
    fail("the tasks", names_of(stated.tasks), names_of(found.tasks));
  for (size_t k = 0; k < found.tasks.size(); ++k) {
    const ClassList &a = stated.tasks[k].classes, &b = found.tasks[k].classes;
    if (a.names != b.names || a.normal != b.normal)
      fail("for task " + in_quotes(found.tasks[k].name) + " the classes", text_of(a), text_of(b));
  }
  if (text_of(stated.input) != text_of(found.input)) fail("the input", text_of(stated.input), text_of(found.input));
  if (stated.mean != found.mean) fail("the mean", text_of(stated.mean), text_of(found.mean));
  if (stated.deviation != found.deviation) fail("the deviation", text_of(stated.deviation), text_of(found.deviation));
}

}  // namespace mtl
