#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mtl/export.h"

namespace mtl {

/// Changes the engine may make to a training image. A head says which of them its label survives.
enum class Augmentation : uint32_t {
  horizontal_flip,
  vertical_flip,
  quarter_turn,
  crop,
  brightness,
  contrast,
  noise,
  cutout,
  mixup,  ///< the sum of two images; the loss is the sum of those of both labels, in the same shares
  cutmix  ///< a rectangle of another image; the loss as for mixup, in the shares of the area
};

/// All of them, in the order of the enumeration.
MTL_API const std::vector<Augmentation>& all_augmentations();
MTL_API const std::vector<std::string>& augmentation_names();  ///< "horizontal_flip" and so on, in the same order
MTL_API const std::string& name_of(Augmentation augmentation);
/// The augmentation of that name; throws mtl::Error naming the nearest and the list.
MTL_API Augmentation augmentation_named(const std::string& name);

/// A set of augmentations as bits, one per enumerator.
using AugmentationSet = uint32_t;
/// The set of this one alone.
inline AugmentationSet bit(Augmentation augmentation) {
  return AugmentationSet{1} << static_cast<uint32_t>(augmentation);
}

}  // namespace mtl
