#include "framework/cli/explained_pictures.h"

#include <opencv2/core.hpp>

#include "framework/data/fit.h"
#include "framework/data/image_file.h"
#include "framework/explain/fitted_mask.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// A picture on its way: `prepared` is empty where there is a problem, `mask` where it has none that marks anything.
struct Read {
  fs::path file;
  cv::Mat prepared, mask;
  std::string problem, mask_problem;
};

bool is_mask(const fs::path& file, const std::string& suffix) {
  return !suffix.empty() && file.filename().string().ends_with(suffix);
}

std::vector<Read> take(const NextPicture& next, size_t most, const std::string& mask_suffix) {
  std::vector<Read> pictures;
  while (pictures.size() < most) {
    auto file = next();
    if (!file) break;
    if (!is_mask(*file, mask_suffix)) pictures.push_back({std::move(*file), {}, {}, "", ""});
  }
  return pictures;
}

void read_mask(Read& picture, cv::Size size, const PictureSettings& settings) {
  const fs::path file = mask_of(picture.file, settings.mask_suffix);
  std::error_code error;
  if (!fs::exists(file, error)) return;
  try {
    const cv::Mat mask = read_fitted_mask(file, size, settings.input, settings.max_pixels);
    if (cv::countNonZero(mask) > 0) picture.mask = mask;
  } catch (const std::exception& failure) {
    picture.mask_problem = failure.what();
  }
}

void read(Read& picture, const PictureSettings& settings) {
  const auto suffices = [&](cv::Size size) { return only_shrinks(size, settings.input); };
  try {
    const cv::Mat image = read_image_file(picture.file, settings.max_pixels, suffices);
    picture.prepared = center_crop(fit(image, settings.input), static_cast<int>(settings.input.size)).clone();
    if (!settings.mask_suffix.empty()) read_mask(picture, image.size(), settings);
  } catch (const std::exception& failure) {
    picture.problem = failure.what();
  }
}

class Telling {
 public:
  Telling(const PictureSettings& settings, ExplanationFiles& files) : settings_(settings), files_(files) {}

  void tell_unreadable(const Read& picture) {
    ++counts.unreadable;
    files_.add_unreadable(picture.file.string(), picture.problem);
  }

  void tell(const Read& picture, Explanation explanation) {
    ++counts.explained;
    ExplainedPicture explained{picture.file.string(), settings_.task, picture.prepared, std::move(explanation)};
    if (!picture.mask.empty()) {
      explained.mask = picture.mask;
      explained.points_inside =
          counts.pointing.add(picture.mask, explained.explanation.heat.size(), explained.explanation.peak);
    } else if (!settings_.mask_suffix.empty()) {
      ++counts.without_mask;
    }
    files_.add(explained);
    if (!picture.mask_problem.empty())
      files_.add_unreadable(mask_of(picture.file, settings_.mask_suffix).string(), picture.mask_problem);
  }

  ExplainedCounts counts;

 private:
  const PictureSettings& settings_;
  ExplanationFiles& files_;
};

}  // namespace

ExplainedCounts explain_pictures(const NextPicture& next, Explainer& explainer, WorkerPool& pool,
                                 const PictureSettings& settings, ExplanationFiles& files,
                                 const std::function<bool()>& stop) {
  constexpr size_t at_once = 8;
  Telling telling(settings, files);
  while (!stop()) {
    std::vector<Read> pictures = take(next, at_once, settings.mask_suffix);
    if (pictures.empty()) break;
    pool.for_each(pictures.size(), [&](size_t i) { read(pictures[i], settings); });
    std::vector<cv::Mat> readable;
    for (const Read& picture : pictures)
      if (picture.problem.empty()) readable.push_back(picture.prepared);
    std::vector<Explanation> explanations = explainer.explain(readable);
    size_t following = 0;
    for (const Read& picture : pictures)
      if (picture.problem.empty())
        telling.tell(picture, std::move(explanations[following++]));
      else
        telling.tell_unreadable(picture);
  }
  return telling.counts;
}

}  // namespace mtl
