#include "framework/api/served_model.h"

#include "framework/api/picture_error.h"
#include "framework/api/pixels.h"
#include "framework/assembly/compute.h"
#include "framework/data/fit.h"
#include "framework/data/image_file.h"

namespace mtl {
namespace {

template <class Read>
cv::Mat readable(const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    throw PictureError(error.what());
  }
}

}  // namespace

ServedModel::ServedModel(const std::filesystem::path& path, const ServeSettings& settings) {
  network_.run([&] {
    EngineSettings engine;
    engine.threads = settings.threads;
    engine.allocator = "system";  // the program around has memory of its own to look after
    prepare_compute(engine);
    const at::Device device = choose_device(settings.device);
    model_ = std::make_unique<UsableModel>(open_model(path, settings.plugins));
    if (settings.uncalibrated) model_->decisions = {};
    predictor_ = std::make_unique<Predictor>(
        *model_->model,
        PredictSettings{model_->config.input, device, model_->decisions, settings.precision, settings.averages_views});
  });
  const std::vector<GuardedHead>& heads = model_->model->heads();
  for (size_t k = 0; k < heads.size(); ++k)
    tasks_.push_back({heads[k].task(), heads[k].classes(), model_->config.tasks[k].main});
}

PictureResult ServedModel::predict_file(const std::filesystem::path& file) const {
  return predict(readable([&] {
    return read_image_file(file, model_->config.data.max_pixels,
                           [&](cv::Size size) { return only_shrinks(size, model_->config.input); });
  }));
}

PictureResult ServedModel::predict_encoded(std::string_view bytes) const {
  return predict(readable([&] {
    return decode_image(bytes, "in memory", model_->config.data.max_pixels,
                        [&](cv::Size size) { return only_shrinks(size, model_->config.input); });
  }));
}

PictureResult ServedModel::predict_pixels(const mtl_pixels& pixels) const {
  return predict(rgb_of(pixels, model_->config.data.max_pixels));
}

PictureResult ServedModel::predict(const cv::Mat& rgb) const {
  const cv::Mat prepared = predictor_->prepare(rgb);
  return network_.run([&] { return std::move(predictor_->predict({prepared}).front()); });
}

}  // namespace mtl
