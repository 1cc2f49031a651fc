#pragma once

#include <cstdint>
#include <vector>

#include "mtl/export.h"
#include "mtl/figures.h"

namespace mtl {

/// Counts of a classification, [truth][predicted], and the figures drawn from them.
class MTL_API ConfusionMatrix {
 public:
  explicit ConfusionMatrix(size_t classes);  ///< all counts 0
  /// Both 0 .. classes-1; throws mtl::Error outside.
  void add(int64_t truth, int64_t predicted);

  size_t classes() const { return counts_.size(); }
  int64_t count(size_t truth, size_t predicted) const { return counts_[truth][predicted]; }
  int64_t total() const;

  /// Correctly classified images / images. NaN over none.
  double accuracy() const;
  /// The mean of the classes' F1 = 2 TP / (2 TP + FP + FN) over the classes that occur, as truth or as prediction
  /// (scikit-learn's f1_score with average="macro" and no label list). NaN over no image.
  double macro_f1() const;
  /// Accuracy over the images whose true class is (or is not) normal; "correct" is the right one of all classes.
  double accuracy_where(const std::vector<bool>& normal, bool is_normal) const;
  /// Defect images classified as any normal class / defect images.
  double escape_rate(const std::vector<bool>& normal) const;
  /// Normal images classified as any defect class / normal images.
  double overkill_rate(const std::vector<bool>& normal) const;

 private:
  /// Of the images whose true class is of `kind`, the share whose prediction satisfies `counts`.
  template <class Counts>
  double share(const std::vector<bool>& normal, bool kind, Counts&& counts) const;
  std::vector<std::vector<int64_t>> counts_;
};

/// accuracy and macro_f1; where there are normal and defect classes, also escape_rate and overkill_rate, and with more
/// than two classes defect_accuracy and normal_accuracy (with two they are one minus those rates).
MTL_API std::vector<Figure> classification_figures(const ConfusionMatrix& matrix, const std::vector<bool>& normal);

}  // namespace mtl
