#include "framework/report/predictions_csv.h"

#include <cmath>
#include <cstdio>

#include "framework/support/atomic_file.h"
#include "framework/support/csv_text.h"

namespace mtl {
namespace {

std::string probability_text(double probability) {
  if (!std::isfinite(probability)) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", probability);
  return text;
}

}  // namespace

void write_predictions(const std::filesystem::path& file, const std::vector<std::string>& tasks,
                       const std::vector<ImagePredictions>& images) {
  std::vector<std::string> header{"image"};
  for (const std::string& task : tasks)
    for (const char* what : {"_truth", "_prediction", "_probability"}) header.push_back(task + what);
  std::string text = csv_record(header);
  for (const ImagePredictions& image : images) {
    std::vector<std::string> record{image.image};
    for (size_t k = 0; k < tasks.size(); ++k) {
      record.push_back(image.truths[k]);
      record.push_back(image.predictions[k].label);
      record.push_back(probability_text(image.predictions[k].probability));
    }
    text += csv_record(record);
  }
  write_file(file, text);
}

}  // namespace mtl
