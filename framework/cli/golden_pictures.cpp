#include "framework/cli/golden_pictures.h"

#include <functional>
#include <iostream>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/bundle/golden_choice.h"
#include "framework/cli/compose.h"
#include "framework/cli/dataset.h"
#include "framework/data/fit.h"
#include "framework/data/image_file.h"
#include "framework/infer/picture_list.h"
#include "mtl/error.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// Pictures to choose from, read when they are needed.
struct Candidates {
  size_t count;
  std::function<cv::Mat(size_t index)> read;
};

Candidates candidates_in_data(const RunConfig& config, const MultiTaskModel& model) {
  try {
    auto dataset = std::make_shared<Dataset>(open_dataset(config.data));
    complete_splits(*dataset, config.data, main_column(config, model));
    const std::vector<size_t> rows = dataset->table.rows_of(Split::test);
    const auto suffices = [input = config.input](cv::Size size) { return only_shrinks(size, input); };
    return {rows.size(), [=](size_t i) { return dataset->images->read_reduced(rows[i], suffices); }};
  } catch (const Error& error) {
    throw Error("the run's own data gives no golden pictures: " + std::string(error.what()) +
                "; bring it back, or give other pictures with --golden");
  }
}

Candidates candidates_in_files(const std::vector<std::string>& paths, const RunConfig& config) {
  std::vector<fs::path> files;
  const NextPicture next = pictures_of(paths, "image", std::cin);
  while (auto file = next()) files.push_back(std::move(*file));
  if (files.empty()) throw Error("--golden names no picture; give at least one");
  const auto suffices = [input = config.input](cv::Size size) { return only_shrinks(size, input); };
  return {files.size(), [files, suffices, most = config.data.max_pixels](size_t i) {
            return read_image_file(files[i], most, suffices);
          }};
}

size_t main_task(const RunConfig& config) {
  size_t k = 0;
  while (!config.tasks[k].main) ++k;
  return k;
}

std::vector<Prediction> predictions_of(Predictor& predictor, const Candidates& candidates, size_t task) {
  constexpr size_t at_once = 32;
  std::vector<Prediction> predictions;
  std::vector<cv::Mat> prepared;
  for (size_t i = 0; i < candidates.count; ++i) {
    prepared.push_back(predictor.prepare(candidates.read(i)).clone());
    if (prepared.size() < at_once && i + 1 < candidates.count) continue;
    for (const PictureResult& result : predictor.predict(prepared))
      predictions.push_back(result.tasks[task].prediction);
    prepared.clear();
  }
  return predictions;
}

std::string png_of(const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<uchar> bytes;
  if (!cv::imencode(".png", bgr, bytes)) throw Error("a golden picture cannot be written as PNG; check OpenCV's build");
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::vector<std::string> golden_pictures(Predictor& predictor, const RunConfig& config,
                                         const std::vector<std::string>& paths, size_t most) {
  const Candidates candidates =
      paths.empty() ? candidates_in_data(config, predictor.model()) : candidates_in_files(paths, config);
  std::vector<std::string> pictures;
  for (const size_t i : golden_choice(predictions_of(predictor, candidates, main_task(config)), most))
    pictures.push_back(png_of(candidates.read(i)));
  return pictures;
}

}  // namespace mtl
