// A head that is no classifier: how large the defect is, in pixels.
#include <ATen/ops/smooth_l1_loss.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "mtl/error.h"
#include "mtl/plugin.h"
#include "mtl/text.h"

namespace {

using namespace mtl;

class AreaRegression : public TaskHead {
 public:
  AreaRegression(const Options&, const FeatureShape& features)
      : linear_(register_module("linear", torch::nn::Linear(features.width, 1))),
        mean_(register_buffer("mean", torch::zeros({}))),
        deviation_(register_buffer("deviation", torch::ones({}))),
        most_(register_buffer("most", torch::full({}, 1e6))) {}

  std::string default_column() const override { return "defect_area"; }
  std::vector<std::string> sample_cells() const override { return {"0", "12", "340.5"}; }

  /// "340.5" -> float [], not below 0.
  at::Tensor encode(const std::string& cell) const override {
    double area = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), area);
    if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(area) || area < 0)
      throw Error("area " + in_quotes(cell) + " is no number of pixels; 0 or more is expected");
    return torch::tensor(static_cast<float>(area));
  }
  std::string decode(const at::Tensor& target) const override { return text_of(target.item<double>()); }

  bool survives(Augmentation augmentation) const override {
    return augmentation == Augmentation::horizontal_flip || augmentation == Augmentation::vertical_flip ||
           augmentation == Augmentation::brightness || augmentation == Augmentation::noise;
  }

  /// Areas are learnt as log(1 + area), with mean 0 and deviation 1 over the training split: small defects are many,
  /// and the loss has the size of the other tasks'.
  void prepare(const at::Tensor& targets) override {
    const at::Tensor logs = targets.to(at::kFloat).log1p();
    mean_.copy_(logs.mean());
    most_.copy_(2 * targets.max().to(at::kFloat));
    deviation_.copy_(logs.numel() > 1 ? logs.std().clamp_min(1e-3) : torch::ones({}));
  }

  bool needs_map() const override { return false; }
  at::Tensor forward(const Features& features) override { return linear_->forward(features.pooled).squeeze(1); }

  /// Huber's loss of the standardized logarithms -> [N].
  at::Tensor loss(const at::Tensor& outputs, const at::Tensor& targets) const override {
    const at::Tensor wanted = (targets.to(outputs.scalar_type()).log1p() - mean_) / deviation_;
    return at::smooth_l1_loss(outputs, wanted, at::Reduction::None);
  }

  std::vector<Prediction> predict(const at::Tensor& outputs) const override {
    const at::Tensor areas = area_of(outputs).to(at::kDouble).cpu().contiguous();
    std::vector<Prediction> predictions;
    for (int64_t i = 0; i < areas.numel(); ++i)
      predictions.push_back({text_of(areas.data_ptr<double>()[i]), std::numeric_limits<double>::quiet_NaN()});
    return predictions;
  }

  /// The mean absolute error in pixels, and R^2 = 1 - squared error / squared distance from the mean area.
  std::vector<Figure> figures(const at::Tensor& outputs, const at::Tensor& targets) const override {
    const at::Tensor truth = targets.to(at::kDouble);
    const at::Tensor error = area_of(outputs).to(at::kDouble) - truth;
    const double unexplained = error.square().sum().item<double>();
    const double spread = (truth - truth.mean()).square().sum().item<double>();
    return {{"mean_absolute_error", error.abs().mean().item<double>(), false, false},
            {"r2", spread > 0 ? 1 - unexplained / spread : std::numeric_limits<double>::quiet_NaN(), true, false}};
  }

 private:
  /// An exponential turns a bad epoch into an area beyond any picture: at most twice the largest of training is said.
  at::Tensor area_of(const at::Tensor& outputs) const {
    const at::Device device = outputs.device();  // of a whole split they are on the CPU, wherever the head is
    return at::minimum((outputs * deviation_.to(device) + mean_.to(device)).expm1().clamp_min(0), most_.to(device));
  }
  static std::string text_of(double area) { return std::to_string(std::lround(area)); }

  torch::nn::Linear linear_;
  at::Tensor mean_, deviation_, most_;
};

}  // namespace

MTL_PLUGIN(.name = "area_regression", .version = "0.1.0", .licence = "MIT",
           .summary = "how large the defect is, in pixels", .offers = "head:area_regression") {
  return {head<AreaRegression>("area_regression", "how large the defect is, in pixels", {})};
}
