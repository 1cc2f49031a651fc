#include "framework/bundle/golden.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "framework/bundle/json_text.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string text_of(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", probability);
  return text;
}

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// Whether the most probable class is too near to the next for a label to be certain.
bool is_close_call(std::vector<double> probabilities) {
  if (probabilities.size() < 2) return false;
  std::partial_sort(probabilities.begin(), probabilities.begin() + 2, probabilities.end(), std::greater<>());
  return probabilities[0] - probabilities[1] < 2 * golden_tolerance;
}

bool same_label(const GoldenAnswer& expected, const GoldenAnswer& found) {
  if (expected.label == found.label || is_close_call(expected.probabilities)) return true;
  const auto a = number_in(expected.label), b = number_in(found.label);
  if (!expected.probabilities.empty() || !a || !b) return false;
  return std::abs(*a - *b) <= golden_tolerance * std::max(1.0, std::abs(*a));
}

/// What is wrong with an answer, the end of a sentence; "" where nothing is.
std::string mismatch(const GoldenAnswer& expected, const GoldenAnswer& found) {
  if (!same_label(expected, found))
    return in_quotes(expected.label) + " is expected, " + in_quotes(found.label) + " was found";
  if (expected.probabilities.size() != found.probabilities.size())
    return std::to_string(expected.probabilities.size()) + " probabilities are expected, " +
           std::to_string(found.probabilities.size()) + " were found";
  for (size_t c = 0; c < expected.probabilities.size(); ++c)
    if (!(std::abs(expected.probabilities[c] - found.probabilities[c]) <= golden_tolerance))  // NaN is a mismatch
      return "the probability " + text_of(expected.probabilities[c]) + " of class " + std::to_string(c) +
             " is expected, " + text_of(found.probabilities[c]) + " was found";
  return "";
}

ordered_json answer_json(const GoldenAnswer& answer) {
  return {{"task", answer.task}, {"label", answer.label}, {"probabilities", answer.probabilities}};
}

GoldenAnswer answer_in(const json& object) {
  GoldenAnswer answer{text_in(object, "task"), text_in(object, "label"), {}};
  for (const json& probability : list_in(object, "probabilities")) {
    if (!probability.is_number()) throw Error("a probability is no number");
    answer.probabilities.push_back(probability);
  }
  return answer;
}

GoldenPicture picture_in(const json& object) {
  GoldenPicture picture{text_in(object, "file"), {}};
  for (const json& answer : list_in(object, "answers")) picture.answers.push_back(answer_in(answer));
  return picture;
}

}  // namespace

std::string golden_json(const std::vector<GoldenPicture>& pictures) {
  ordered_json list = ordered_json::array();
  for (const GoldenPicture& picture : pictures) {
    ordered_json answers = ordered_json::array();
    for (const GoldenAnswer& answer : picture.answers) answers.push_back(answer_json(answer));
    list.push_back({{"file", picture.file}, {"answers", answers}});
  }
  return bundle_json_text({{"format", 1}, {"pictures", list}});
}

std::vector<GoldenPicture> parse_golden_json(std::string_view text) {
  return read_bundle_json("golden.json", text, 1, [](const json& object) {
    std::vector<GoldenPicture> pictures;
    for (const json& picture : list_in(object, "pictures")) pictures.push_back(picture_in(picture));
    return pictures;
  });
}

std::vector<std::string> golden_mismatches(const std::vector<GoldenPicture>& expected,
                                           const std::vector<GoldenPicture>& found) {
  if (expected.size() != found.size())
    return {"answers to " + std::to_string(expected.size()) + " golden pictures are expected, " +
            std::to_string(found.size()) + " were found"};
  std::vector<std::string> sentences;
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto &a = expected[i].answers, &b = found[i].answers;
    const auto same_task = [](const GoldenAnswer& x, const GoldenAnswer& y) { return x.task == y.task; };
    if (expected[i].file != found[i].file || !std::equal(a.begin(), a.end(), b.begin(), b.end(), same_task)) {
      sentences.push_back(expected[i].file + ": answers of other tasks are expected than were found");
      continue;
    }
    for (size_t k = 0; k < a.size(); ++k)
      if (const std::string what = mismatch(a[k], b[k]); !what.empty())
        sentences.push_back(expected[i].file + ", task " + in_quotes(a[k].task) + ": " + what);
  }
  return sentences;
}

}  // namespace mtl
