// A task of one's own: a classifier with the focal loss, which looks at the samples that are still wrong.
#include <ATen/ops/softmax.h>

#include "mtl/plugin.h"
#include "mtl/softmax_head.h"

namespace {

using namespace mtl;

class MyHead : public SoftmaxHead {
 public:
  MyHead(const Options& options, const FeatureShape& features)
      : SoftmaxHead(options, classes_from(options), features), gamma_(options.number("gamma")) {}

  /// The manifest's column with this task's labels, where the configuration names no other.
  std::string default_column() const override { return "region"; }

  /// Cross-entropy times (1 - p)^gamma, p being the true class's probability (Lin et al., ICCV 2017) -> [N].
  at::Tensor loss(const at::Tensor& logits, const at::Tensor& targets) const override {
    const at::Tensor probability = at::softmax(logits, 1).gather(1, targets.unsqueeze(1)).squeeze(1);
    return SoftmaxHead::loss(logits, targets) * (1 - probability).pow(gamma_);
  }

  static std::vector<OptionSpec> options() {
    std::vector<OptionSpec> own = class_options({"body", "end"});
    own.push_back(OptionSpec::number("gamma", 2.0, "how little a sample counts that is right already").between(0, 10));
    // The augmentations that change no label of this task; others are refused or masked.
    return with_common_options(std::move(own), all_augmentations());
  }

 private:
  double gamma_;
};

}  // namespace

MTL_PLUGIN(.name = "my_head", .version = "0.1.0", .licence = "MIT", .summary = "a classifier with the focal loss",
           .offers = "head:my_head") {
  return {head<MyHead>("my_head", "a classifier with the focal loss", MyHead::options())};
}
