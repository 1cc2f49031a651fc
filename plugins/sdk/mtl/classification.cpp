#include "mtl/classification.h"

#include <algorithm>
#include <limits>
#include <string>

#include "mtl/error.h"

namespace mtl {
namespace {

double ratio(int64_t part, int64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(size_t classes) : counts_(classes, std::vector<int64_t>(classes, 0)) {}

void ConfusionMatrix::add(int64_t truth, int64_t predicted) {
  const auto classes = static_cast<int64_t>(counts_.size());
  if (truth < 0 || truth >= classes || predicted < 0 || predicted >= classes)
    throw Error("class index " + std::to_string(truth) + " or " + std::to_string(predicted) + " is not below " +
                std::to_string(classes));
  ++counts_[static_cast<size_t>(truth)][static_cast<size_t>(predicted)];
}

int64_t ConfusionMatrix::total() const {
  int64_t sum = 0;
  for (const auto& row : counts_)
    for (int64_t count : row) sum += count;
  return sum;
}

double ConfusionMatrix::accuracy() const {
  int64_t correct = 0;
  for (size_t i = 0; i < counts_.size(); ++i) correct += counts_[i][i];
  return ratio(correct, total());
}

double ConfusionMatrix::macro_f1() const {
  double sum = 0;
  int64_t occurring = 0;
  for (size_t k = 0; k < counts_.size(); ++k) {
    int64_t as_truth = 0, as_prediction = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      as_truth += counts_[k][i];
      as_prediction += counts_[i][k];
    }
    if (as_truth + as_prediction == 0) continue;
    ++occurring;
    sum += 2 * ratio(counts_[k][k], as_truth + as_prediction);  // as_truth = TP + FN, as_prediction = TP + FP
  }
  return occurring == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(occurring);
}

template <class Counts>
double ConfusionMatrix::share(const std::vector<bool>& normal, bool kind, Counts&& counts) const {
  int64_t counted = 0, images = 0;
  for (size_t truth = 0; truth < counts_.size(); ++truth) {
    if (normal.at(truth) != kind) continue;
    for (size_t predicted = 0; predicted < counts_.size(); ++predicted) {
      images += counts_[truth][predicted];
      if (counts(truth, predicted)) counted += counts_[truth][predicted];
    }
  }
  return ratio(counted, images);
}

double ConfusionMatrix::accuracy_where(const std::vector<bool>& normal, bool is_normal) const {
  return share(normal, is_normal, [](size_t truth, size_t predicted) { return truth == predicted; });
}

double ConfusionMatrix::escape_rate(const std::vector<bool>& normal) const {
  return share(normal, false, [&](size_t, size_t predicted) { return normal.at(predicted); });
}

double ConfusionMatrix::overkill_rate(const std::vector<bool>& normal) const {
  return share(normal, true, [&](size_t, size_t predicted) { return !normal.at(predicted); });
}

std::vector<Figure> classification_figures(const ConfusionMatrix& matrix, const std::vector<bool>& normal) {
  std::vector<Figure> figures{{"accuracy", matrix.accuracy(), true, true}, {"macro_f1", matrix.macro_f1(), true, true}};
  const auto normals = std::count(normal.begin(), normal.end(), true);
  const auto defects = static_cast<std::ptrdiff_t>(normal.size()) - normals;
  if (normals == 0 || defects == 0) return figures;
  if (matrix.classes() > 2) {
    // With one defect and one normal class these are 1 - escape rate and 1 - overkill rate.
    figures.push_back({"defect_accuracy", matrix.accuracy_where(normal, false), true, true});
    figures.push_back({"normal_accuracy", matrix.accuracy_where(normal, true), true, true});
  }
  figures.push_back({"escape_rate", matrix.escape_rate(normal), false, true});
  figures.push_back({"overkill_rate", matrix.overkill_rate(normal), false, true});
  return figures;
}

}  // namespace mtl
