#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "framework/study/statistics/crossed_effects.h"
#include "framework/support/random.h"

namespace mtl::test {

/// How the runs of a made-up study come out. Accuracy is about 84 %: most images easy, some hopeless, some a coin's
/// toss.
struct StudyTruth {
  int seeds = 3, groups = 120, images_per_group = 4;
  double arm_by_image = 0;  ///< deviation of what an arm, in all its runs, makes easier or harder of each image (logit)
  double run = 0;           ///< deviation of a run's luck, which moves its accuracy (share)
  double advantage = 0;     ///< of the arms over the reference (share)
};

/// Auxiliary arms and the reference that all of them are compared with, each image drawn right or wrong in each run.
class SimulatedStudy {
 public:
  SimulatedStudy(const StudyTruth& truth, int arms, uint64_t seed) : truth_(truth), generator_(seed) {
    make_images();
    const auto reference = make_arm(0);
    for (int arm = 0; arm < arms; ++arm) differences_.push_back(minus(make_arm(truth_.advantage), reference));
  }

  const std::vector<Cells>& differences() const { return differences_; }  ///< of each arm

 private:
  int images() const { return truth_.groups * truth_.images_per_group; }

  void make_images() {
    for (int group = 0; group < truth_.groups; ++group) {
      const double of_group = 3.1 + 1.5 * generator_.normal();
      for (int i = 0; i < truth_.images_per_group; ++i) ease_.push_back(of_group + 2 * generator_.normal());
    }
  }

  std::vector<double> chances_of_an_arm() {
    std::vector<double> chances;
    double of_group = 0;  // half of the effect's variance is common to a part's images
    for (int i = 0; i < images(); ++i) {
      if (i % truth_.images_per_group == 0) of_group = generator_.normal();
      const double effect = truth_.arm_by_image * std::sqrt(0.5) * (of_group + generator_.normal());
      chances.push_back(1 / (1 + std::exp(-ease_[static_cast<size_t>(i)] - effect)));
    }
    return chances;
  }

  /// Shares of right images by seed and group.
  Cells make_arm(double advantage) {
    const std::vector<double> chances = chances_of_an_arm();
    Cells right;
    for (int s = 0; s < truth_.seeds; ++s) right.push_back(make_run(chances, advantage));
    return right;
  }

  std::vector<double> make_run(const std::vector<double>& chances, double advantage) {
    const double shift = advantage + truth_.run * generator_.normal();
    const double mean = std::accumulate(chances.begin(), chances.end(), 0.0) / static_cast<double>(chances.size());
    std::vector<double> right(static_cast<size_t>(truth_.groups));
    for (size_t i = 0; i < chances.size(); ++i)
      right[i / static_cast<size_t>(truth_.images_per_group)] +=
          generator_.chance(shifted(chances[i], shift, mean)) ? 1.0 / truth_.images_per_group : 0;
    return right;
  }

  /// The chances' mean moves by `shift`: of the images that would be wrong, some are right, or the other way round.
  static double shifted(double chance, double shift, double mean) {
    return shift > 0 ? chance + (1 - chance) * shift / (1 - mean) : chance + chance * shift / mean;
  }

  static Cells minus(Cells arm, const Cells& reference) {
    for (size_t s = 0; s < arm.size(); ++s)
      for (size_t g = 0; g < arm[s].size(); ++g) arm[s][g] -= reference[s][g];
    return arm;
  }

  StudyTruth truth_;
  Generator generator_;
  std::vector<double> ease_;
  std::vector<Cells> differences_;
};

}  // namespace mtl::test
