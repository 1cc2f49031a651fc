#include "mtl/augmentation.h"

#include <algorithm>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {

const std::vector<Augmentation>& all_augmentations() {
  static const std::vector<Augmentation> all{
      Augmentation::horizontal_flip, Augmentation::vertical_flip, Augmentation::quarter_turn, Augmentation::crop,
      Augmentation::brightness,      Augmentation::contrast,      Augmentation::noise,        Augmentation::cutout,
      Augmentation::mixup,           Augmentation::cutmix};
  return all;
}

const std::vector<std::string>& augmentation_names() {
  static const std::vector<std::string> names{"horizontal_flip", "vertical_flip", "quarter_turn", "crop",  "brightness",
                                              "contrast",        "noise",         "cutout",       "mixup", "cutmix"};
  return names;
}

const std::string& name_of(Augmentation augmentation) {
  return augmentation_names().at(static_cast<size_t>(augmentation));
}

Augmentation augmentation_named(const std::string& name) {
  const auto& names = augmentation_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw Error("no augmentation is called " + in_quotes(name) + did_you_mean(name, names) + "; there are " +
                quoted_list(names));
  return static_cast<Augmentation>(found - names.begin());
}

}  // namespace mtl
