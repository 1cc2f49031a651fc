#pragma once

#include <map>
#include <string>
#include <vector>

#include "framework/data/sample_table.h"
#include "framework/study/run_outcome.h"

namespace mtl {

/// The images on which all runs of a study were tested.
struct TestImages {
  std::vector<std::string> names;
  std::vector<bool> is_normal;  ///< by the main task's truth
  std::vector<size_t> groups;   ///< index of each image's group
  size_t group_count = 0;
  std::vector<std::vector<std::string>> slices;  ///< per image the cells of the slice columns
  bool knows_normal = false;                     ///< the main task tells normal classes from defects

  size_t size() const { return names.size(); }
};

/// Those of one outcome, with what the data says of them.
TestImages test_images_of(const RunOutcome& outcome, const SampleTable& table,
                          const std::vector<std::string>& slice_columns);

/// A figure of the main task as a value per image.
struct ImageFigure {
  std::string name;
  bool higher_is_better;
  enum class Over { all, defect, normal } over;  ///< the images that count, by their truth
  enum class Counted {
    right,
    normal,
    defect
  } counted;  ///< 1 where the prediction is right, any normal class, any defect
};

/// Accuracy, and where normal classes are known those over defect and normal classes, escape and overkill rate.
std::vector<ImageFigure> image_figures(bool knows_normal);

/// Per test image 0 or 1; NaN where the image does not count. Throws mtl::Error where the outcome is of other images.
std::vector<double> values_of(const ImageFigure& figure, const RunOutcome& outcome, const TestImages& images);

/// Over the values that are not NaN; NaN over none.
double mean_of(const std::vector<double>& values);

}  // namespace mtl
