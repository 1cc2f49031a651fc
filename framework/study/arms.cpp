#include "framework/study/arms.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

constexpr size_t most_tasks = 32, most_in_all_subsets = 12;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The base's tasks with what arms are called after them.
class Tasks {
 public:
  explicit Tasks(const std::vector<TaskSettings>& tasks) : tasks_(tasks) {
    std::set<std::string> lowered;
    for (size_t k = 0; k < tasks.size(); ++k) {
      (tasks[k].main ? main_ : auxiliary_).push_back(k);
      has_letters_ &= tasks[k].name.size() == 1;
      lowered.insert(lower(tasks[k].name));
    }
    is_lowered_ = lowered.size() == tasks.size();
  }

  const std::vector<size_t>& auxiliary() const { return auxiliary_; }

  /// The main task with those auxiliary ones whose bit is set.
  Arm with(uint64_t subset) const {
    Arm arm{"", main_};
    for (size_t i = 0; i < auxiliary_.size(); ++i)
      if (subset >> i & 1) arm.tasks.push_back(auxiliary_[i]);
    std::vector<std::string> names;
    for (const size_t k : arm.tasks) names.push_back(called(k));
    arm.name = join(names, has_letters_ ? "" : "-");
    return arm;
  }

  /// The arm whose tasks are named, in any order: "dab", "defect-light".
  Arm named(const std::string& text) const {
    uint64_t subset = 0;
    bool has_main = false;
    for (const std::string& name : parts(text)) {
      const size_t k = find(name, text);
      has_main |= k == main_.front();
      for (size_t i = 0; i < auxiliary_.size(); ++i)
        if (auxiliary_[i] == k) subset |= uint64_t{1} << i;
    }
    if (!has_main)
      throw Error("the arm " + in_quotes(text) + " lacks the main task " + in_quotes(tasks_[main_.front()].name) +
                  "; every arm trains it");
    return with(subset);
  }

 private:
  std::string called(size_t k) const { return is_lowered_ ? lower(tasks_[k].name) : tasks_[k].name; }

  std::vector<std::string> parts(const std::string& text) const {
    std::vector<std::string> names;
    std::istringstream in(text);
    if (has_letters_)
      for (const char c : text) names.emplace_back(1, c);
    else
      for (std::string name; std::getline(in, name, '-');) names.push_back(name);
    return names;
  }

  size_t find(const std::string& name, const std::string& arm) const {
    std::vector<std::string> known;
    for (size_t k = 0; k < tasks_.size(); ++k) {
      if (name == tasks_[k].name || (is_lowered_ && lower(name) == called(k))) return k;
      known.push_back(called(k));
    }
    throw Error("the arm " + in_quotes(arm) + " names the task " + in_quotes(name) + ", which the base has not" +
                did_you_mean(name, known) + "; its tasks are " + quoted_list(known) + ", and an arm is called " +
                in_quotes(with(~uint64_t{0}).name));
  }

  const std::vector<TaskSettings>& tasks_;
  std::vector<size_t> main_, auxiliary_;
  bool has_letters_ = true, is_lowered_ = false;
};

std::vector<Arm> all_subsets(const Tasks& tasks) {
  const size_t count = tasks.auxiliary().size();
  if (count > most_in_all_subsets)
    throw Error("all subsets of " + std::to_string(count) + " auxiliary tasks are too many arms; list those you want");
  std::vector<Arm> arms;
  for (uint64_t subset = 0; subset < uint64_t{1} << count; ++subset) arms.push_back(tasks.with(subset));
  return arms;
}

std::vector<Arm> single_additions(const Tasks& tasks) {
  std::vector<Arm> arms;
  for (size_t i = 0; i < tasks.auxiliary().size(); ++i) arms.push_back(tasks.with(uint64_t{1} << i));
  return arms;
}

}  // namespace

std::vector<Arm> make_arms(const std::vector<std::string>& wanted, const std::vector<TaskSettings>& settings) {
  if (settings.size() > most_tasks)
    throw Error("the base has " + std::to_string(settings.size()) + " tasks; a study takes " +
                std::to_string(most_tasks) + " at most");
  const Tasks tasks(settings);
  std::vector<Arm> arms{tasks.with(0)};
  for (const std::string& text : wanted) {
    const std::vector<Arm> more = text == "all_subsets"        ? all_subsets(tasks)
                                  : text == "single_additions" ? single_additions(tasks)
                                                               : std::vector<Arm>{tasks.named(text)};
    arms.insert(arms.end(), more.begin(), more.end());
  }
  std::stable_sort(arms.begin(), arms.end(), [](const Arm& a, const Arm& b) {
    return a.tasks.size() != b.tasks.size() ? a.tasks.size() < b.tasks.size() : a.tasks < b.tasks;
  });
  arms.erase(std::unique(arms.begin(), arms.end(), [](const Arm& a, const Arm& b) { return a.tasks == b.tasks; }),
             arms.end());
  return arms;
}

}  // namespace mtl
