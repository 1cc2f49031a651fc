#include "framework/bundle/golden_answers.h"

#include "framework/data/fit.h"
#include "framework/data/image_file.h"
#include "framework/infer/predictor.h"

namespace mtl {
namespace {

GoldenPicture golden_of(const std::string& file, const PictureResult& result, const std::vector<GuardedHead>& heads) {
  GoldenPicture picture{file, {}};
  for (size_t k = 0; k < heads.size(); ++k)
    picture.answers.push_back({heads[k].task(), result.tasks[k].prediction.label, result.tasks[k].probabilities});
  return picture;
}

}  // namespace

std::vector<GoldenPicture> golden_answers(MultiTaskModel& model, const RunConfig& config,
                                          const std::vector<EncodedPicture>& pictures) {
  PredictSettings settings;
  settings.input = config.input;
  settings.device = at::kCPU;
  Predictor predictor(model, settings);
  const auto suffices = [&](cv::Size size) { return only_shrinks(size, config.input); };
  std::vector<cv::Mat> prepared;
  for (const EncodedPicture& picture : pictures)
    prepared.push_back(
        predictor.prepare(decode_image(picture.bytes, picture.file, config.data.max_pixels, suffices)).clone());
  const std::vector<PictureResult> results = predictor.predict(prepared);
  std::vector<GoldenPicture> golden;
  for (size_t i = 0; i < pictures.size(); ++i) golden.push_back(golden_of(pictures[i].file, results[i], model.heads()));
  return golden;
}

}  // namespace mtl
