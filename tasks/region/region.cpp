// Auxiliary task: which region of the part the picture shows.
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"

namespace {

using namespace mtl;

class RegionHead : public SoftmaxHead {
 public:
  RegionHead(const Options& options, const FeatureShape& features)
      : SoftmaxHead(options, classes_from(options), features) {}
  std::string default_column() const override { return "region"; }

  static std::vector<OptionSpec> options() {
    return with_common_options(class_options({"body", "end"}), all_augmentations());
  }
};

}  // namespace

MTL_PLUGIN(.name = "region", .version = "0.1.0", .licence = "MIT",
           .summary = "which region of the part the picture shows", .offers = "head:region") {
  return {head<RegionHead>("region", "which region of the part the picture shows", RegionHead::options())};
}
