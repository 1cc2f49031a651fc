// The main task: which defect, or which kind of normal.
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"
#include "tasks/built_in_classes.h"

namespace {

using namespace mtl;

class DefectClassHead : public SoftmaxHead {
 public:
  DefectClassHead(const Options& options, const FeatureShape& features)
      : SoftmaxHead(options, classes_from(options), features) {}
  std::string default_column() const override { return "defect"; }

  static std::vector<OptionSpec> options() {
    return with_common_options(class_options(built_in::classes, built_in::normal), all_augmentations());
  }
};

}  // namespace

MTL_PLUGIN(.name = "defect_class", .version = "0.1.0", .licence = "MIT",
           .summary = "which defect, or which kind of normal part", .offers = "head:defect_class") {
  return {
      head<DefectClassHead>("defect_class", "which defect, or which kind of normal part", DefectClassHead::options())};
}
