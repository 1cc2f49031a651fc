#pragma once

#include <string>

namespace mtl::test {

inline const std::string task_a = "[[tasks]]\nname = \"A\"\nplugin = \"defect_class\"\nmain = true\n";
inline const std::string task_b = "[[tasks]]\nname = \"B\"\nplugin = \"defect_normal\"\nweight = 0.5\n";
inline const std::string task_d = "[[tasks]]\nname = \"D\"\nplugin = \"illumination\"\nweight = 0.3\n";

/// The smallest honest run: synthetic parts at 32 pixels on the example backbone, two epochs, a second or two.
inline std::string tiny_config(const std::string& tasks, const std::string& more = "") {
  return "[engine]\ndevice = \"cpu\"\nthreads = 1\nplugin_dirs = [\"" MTL_EXAMPLE_DIR
         "\"]\n"
         "[data.synthetic]\nparts = 60\nimage_size = 32\n"
         "[input]\nsize = 32\n"
         "[augment]\nvertical_flip = 0.5\ncrop_min_area = 0.8\nnoise = 0.02\n"
         "[backbone]\nplugin = \"tiny_backbone\"\ndropout = 0.1\n"
         "[weighting]\nplugin = \"static_weights\"\n"
         "[train]\nepochs = 2\nbatch_size = 16\n" +
         more + tasks;
}

}  // namespace mtl::test
