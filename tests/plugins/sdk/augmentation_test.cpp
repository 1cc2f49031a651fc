#include "mtl/augmentation.h"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

using namespace mtl;

TEST_CASE("every augmentation has a name of its own and a bit of its own") {
  AugmentationSet seen = 0;
  for (Augmentation augmentation : all_augmentations()) {
    CHECK(augmentation_named(name_of(augmentation)) == augmentation);
    CHECK((seen & bit(augmentation)) == 0);
    seen |= bit(augmentation);
  }
  CHECK(all_augmentations().size() == augmentation_names().size());
  CHECK(name_of(Augmentation::cutout) == "cutout");
}

TEST_CASE("an unknown augmentation is named with the nearest") {
  const std::string text = test::error_of([] { augmentation_named("cutuot"); });
  CHECK(text.find("no augmentation is called 'cutuot' (did you mean 'cutout'?); there are 'horizontal_flip'") == 0);
}
