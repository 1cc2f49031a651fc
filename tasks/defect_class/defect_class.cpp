// The main task: which defect, or which kind of normal.
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"

namespace {

using namespace mtl;

class DefectClassHead : public SoftmaxHead {
 public:
  DefectClassHead(const Options& options, const FeatureShape& features)
      : SoftmaxHead(options, classes_from(options), features) {}
  std::string default_column() const override { return "defect"; }

  static std::vector<OptionSpec> options() {
    // The defaults are the classes of the built-in synthetic parts.
    auto specs = class_options(
        {"scratch", "gouge", "dent", "pit", "blowhole", "crack", "chip", "burr", "rust", "stain", "heat_tint",
         "spatter", "inclusion", "scuff", "chatter", "clean", "tool_marks", "oil_film", "dust"},
        {"clean", "tool_marks", "oil_film", "dust"});
    for (OptionSpec& spec : common_options(all_augmentations())) specs.push_back(std::move(spec));
    return specs;
  }
};

}  // namespace

MTL_PLUGIN(.name = "defect_class", .version = "0.1.0", .licence = "MIT",
           .summary = "which defect, or which kind of normal part", .offers = "head:defect_class") {
  return {
      head<DefectClassHead>("defect_class", "which defect, or which kind of normal part", DefectClassHead::options())};
}
