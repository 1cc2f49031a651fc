// Auxiliary task: which light the picture was taken under.
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"

namespace {

using namespace mtl;

class IlluminationHead : public SoftmaxHead {
 public:
  IlluminationHead(const Options& options, const FeatureShape& features)
      : SoftmaxHead(options, classes_from(options), features) {}
  std::string default_column() const override { return "illumination"; }

  static std::vector<OptionSpec> options() {
    // Mirrored left to right or turned, light from the left becomes light from elsewhere; brightness and contrast are
    // what tells one light from another.
    const std::vector<Augmentation> survives{Augmentation::vertical_flip, Augmentation::crop, Augmentation::noise,
                                             Augmentation::cutout};
    return with_common_options(class_options({"bright_field", "low_left", "low_right", "dome"}), survives);
  }
};

}  // namespace

MTL_PLUGIN(.name = "illumination", .version = "0.1.0", .licence = "MIT",
           .summary = "which light the picture was taken under", .offers = "head:illumination") {
  return {
      head<IlluminationHead>("illumination", "which light the picture was taken under", IlluminationHead::options())};
}
