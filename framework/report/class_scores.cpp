#include "framework/report/class_scores.h"

#include <limits>

namespace mtl {

std::vector<ClassFigures> class_scores(const ConfusionCounts& confusion) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  std::vector<ClassFigures> scores;
  for (size_t k = 0; k < confusion.counts.size(); ++k) {
    int64_t support = 0, predicted = 0;
    for (size_t other = 0; other < confusion.counts.size(); ++other) {
      support += confusion.counts[k][other];
      predicted += confusion.counts[other][k];
    }
    const auto share = [&](int64_t of) {
      return of > 0 ? static_cast<double>(confusion.counts[k][k]) / static_cast<double>(of) : undefined;
    };
    const double f1 = support + predicted > 0
                          ? 2 * static_cast<double>(confusion.counts[k][k]) / static_cast<double>(support + predicted)
                          : undefined;
    scores.push_back({share(predicted), share(support), f1, support});
  }
  return scores;
}

}  // namespace mtl
