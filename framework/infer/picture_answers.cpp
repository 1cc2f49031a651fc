#include "framework/infer/picture_answers.h"

#include <future>

#include "framework/data/fit.h"
#include "framework/data/image_file.h"

namespace mtl {
namespace {

/// Pictures on their way: `prepared` is empty where there is a problem.
struct Batch {
  std::vector<PictureAnswers> pictures;
  std::vector<cv::Mat> prepared;
};

Batch take(const NextPicture& next, size_t most) {
  Batch batch;
  while (batch.pictures.size() < most) {
    auto file = next();
    if (!file) break;
    batch.pictures.push_back({std::move(*file), {}, ""});
  }
  batch.prepared.resize(batch.pictures.size());
  return batch;
}

Batch decode(Batch batch, const Predictor& predictor, WorkerPool& pool, const AnsweringSettings& settings) {
  const auto suffices = [&](cv::Size size) { return only_shrinks(size, settings.input); };
  pool.for_each(batch.pictures.size(), [&](size_t i) {
    try {
      const cv::Mat picture = read_image_file(batch.pictures[i].file, settings.max_pixels, suffices);
      batch.prepared[i] = predictor.prepare(picture).clone();  // a crop would keep the whole picture
    } catch (const std::exception& error) {
      batch.pictures[i].problem = error.what();
    }
  });
  return batch;
}

void answer(Batch& batch, Predictor& predictor) {
  std::vector<cv::Mat> readable;
  for (const cv::Mat& prepared : batch.prepared)
    if (!prepared.empty()) readable.push_back(prepared);
  if (readable.empty()) return;
  std::vector<PictureResult> results = predictor.predict(readable);
  size_t next = 0;
  for (size_t i = 0; i < batch.pictures.size(); ++i)
    if (!batch.prepared[i].empty()) batch.pictures[i].result = std::move(results[next++]);
}

}  // namespace

void answer_pictures(const NextPicture& next, Predictor& predictor, WorkerPool& pool, const AnsweringSettings& settings,
                     const std::function<void(const PictureAnswers&)>& tell, const std::function<bool()>& stop) {
  const auto begin = [&] {
    return std::async(std::launch::async, [&, batch = take(next, settings.at_once)]() mutable {
      return decode(std::move(batch), predictor, pool, settings);
    });
  };
  for (std::future<Batch> coming = begin(); !stop();) {
    Batch batch = coming.get();
    if (batch.pictures.empty()) return;
    coming = begin();
    answer(batch, predictor);
    for (const PictureAnswers& picture : batch.pictures) tell(picture);
  }
}

}  // namespace mtl
