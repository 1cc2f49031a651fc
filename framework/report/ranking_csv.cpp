#include "framework/report/ranking_csv.h"

#include <charconv>
#include <limits>

#include "framework/support/atomic_file.h"
#include "framework/support/csv_text.h"

namespace mtl {
namespace {

std::string shortest(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string record(double limit, double x, double y) { return csv_record({shortest(limit), shortest(x), shortest(y)}); }

}  // namespace

void write_ranking(const std::filesystem::path& folder, const std::string& task, const Ranking& ranking) {
  std::string roc = csv_record({"limit", "false_positive_rate", "true_positive_rate"});
  std::string precision_recall = csv_record({"limit", "recall", "precision"});
  roc += record(std::numeric_limits<double>::infinity(), 0, 0);
  for (const RankingPoint& point : ranking.points) {
    roc += record(point.limit, point.false_positive_rate, point.recall);
    precision_recall += record(point.limit, point.recall, point.precision);
  }
  write_file(folder / ("roc_" + task + ".csv"), roc);
  write_file(folder / ("precision_recall_" + task + ".csv"), precision_recall);
}

}  // namespace mtl
