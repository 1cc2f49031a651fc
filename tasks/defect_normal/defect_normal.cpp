// Auxiliary task: defect or normal, derived from the defect's class or read from a column of its own.
#include <algorithm>

#include "mtl/error.h"
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"
#include "tasks/built_in_classes.h"

namespace {

using namespace mtl;

class DefectNormalHead : public SoftmaxHead {
 public:
  DefectNormalHead(const Options& options, const FeatureShape& features)
      : SoftmaxHead(options, {{"defect", "normal"}, {false, true}}, features),
        derived_(options.string("cells") == "classes") {
    if (derived_) column_classes_ = classes_from(options);
  }

  std::string default_column() const override { return derived_ ? "defect" : "defect_normal"; }

  at::Tensor encode(const std::string& cell) const override {
    if (!derived_) return SoftmaxHead::encode(cell);
    const auto& names = column_classes_.names;
    const auto found = std::find(names.begin(), names.end(), cell);
    if (found == names.end()) throw Error(unknown_label(cell, names));
    const bool is_normal = column_classes_.normal[static_cast<size_t>(found - names.begin())];
    return SoftmaxHead::encode(is_normal ? "normal" : "defect");
  }

  std::vector<std::string> sample_cells() const override {
    return derived_ ? column_classes_.names : SoftmaxHead::sample_cells();
  }

  static std::vector<OptionSpec> options() {
    auto specs = class_options(built_in::classes, built_in::normal);
    specs.push_back(OptionSpec::string("cells", "classes",
                                       "\"classes\": the column holds classes, told apart by `normal`; "
                                       "\"defect_normal\": it holds the words defect and normal")
                        .one_of({"classes", "defect_normal"}));
    return with_common_options(std::move(specs), all_augmentations());
  }

 private:
  bool derived_;
  ClassList column_classes_;  // of the column's cells, where the label is derived from them
};

}  // namespace

MTL_PLUGIN(.name = "defect_normal", .version = "0.1.0", .licence = "MIT", .summary = "defect or normal",
           .offers = "head:defect_normal") {
  return {head<DefectNormalHead>("defect_normal", "defect or normal, derived from the defect's class",
                                 DefectNormalHead::options())};
}
