#include "framework/data/augment.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/data/fit.h"
#include "framework/data/noise.h"

namespace mtl {
namespace {

/// Every draw is made whether it is used or not: turning one augmentation off leaves the others' draws as they were.
struct Draws {
  explicit Draws(Generator& g)
      : area(g.uniform()),
        aspect(g.uniform()),
        x(g.uniform()),
        y(g.uniform()),
        horizontal(g.uniform()),
        vertical(g.uniform()),
        turn(g.uniform()),
        turns(static_cast<int>(g.below(3))),
        brightness(g.uniform()),
        contrast(g.uniform()),
        noise(g.uniform()),
        noise_seed(g.next()),
        cutout(g.uniform()),
        cutout_x(g.uniform()),
        cutout_y(g.uniform()) {}
  double area, aspect, x, y, horizontal, vertical, turn;
  int turns;
  double brightness, contrast, noise;
  uint64_t noise_seed;
  double cutout, cutout_x, cutout_y;
};

int place(double draw, int room) { return std::min(room, static_cast<int>(draw * (room + 1))); }

cv::Mat random_crop(const cv::Mat& image, const AugmentSettings& settings, int size, const Draws& draws) {
  const double area = settings.crop_min_area + (1 - settings.crop_min_area) * draws.area;
  const double aspect = std::pow(settings.crop_max_aspect, 2 * draws.aspect - 1);
  // The shorter side is the crop's frame: a square of the network's shape, as the plain crop takes.
  const double side = std::min(image.cols, image.rows) * std::sqrt(area);
  const int width = std::clamp(static_cast<int>(std::lround(side * std::sqrt(aspect))), 1, image.cols);
  const int height = std::clamp(static_cast<int>(std::lround(side / std::sqrt(aspect))), 1, image.rows);
  const cv::Rect frame(place(draws.x, image.cols - width), place(draws.y, image.rows - height), width, height);
  cv::Mat cropped;
  cv::resize(image(frame), cropped, {size, size}, 0, 0, cv::INTER_LINEAR);
  return cropped;
}

void change_light(cv::Mat& image, double brightness, double contrast) {
  const cv::Scalar means = cv::mean(image);
  const double mean = (means[0] + means[1] + means[2]) / 3;
  image.convertTo(image, CV_8U, brightness * contrast, brightness * mean * (1 - contrast));
}

void cut_out(cv::Mat& image, double share, const Draws& draws) {
  const int side = std::max(1, static_cast<int>(std::lround(share * image.cols)));
  const cv::Rect square(place(draws.cutout_x, image.cols - side), place(draws.cutout_y, image.rows - side), side, side);
  image(square).setTo(cv::Scalar::all(128));
}

}  // namespace

Augmented augment(const cv::Mat& image, const AugmentSettings& settings, int size, Generator generator) {
  const Draws draws(generator);
  Augmented result{{}, 0};
  const auto note = [&](Augmentation augmentation) { result.applied |= bit(augmentation); };

  if (settings.crop_min_area < 1 || settings.crop_max_aspect > 1) {
    result.image = random_crop(image, settings, size, draws);
    note(Augmentation::crop);
  } else {
    result.image = center_crop(image, size).clone();
  }
  if (draws.horizontal < settings.horizontal_flip) {
    cv::flip(result.image, result.image, 1);
    note(Augmentation::horizontal_flip);
  }
  if (draws.vertical < settings.vertical_flip) {
    cv::flip(result.image, result.image, 0);
    note(Augmentation::vertical_flip);
  }
  if (draws.turn < settings.quarter_turn) {
    constexpr int codes[] = {cv::ROTATE_90_CLOCKWISE, cv::ROTATE_180, cv::ROTATE_90_COUNTERCLOCKWISE};
    cv::rotate(result.image, result.image, codes[draws.turns]);
    note(Augmentation::quarter_turn);
  }
  if (settings.brightness > 0 || settings.contrast > 0) {
    change_light(result.image, 1 + settings.brightness * (2 * draws.brightness - 1),
                 1 + settings.contrast * (2 * draws.contrast - 1));
    if (settings.brightness > 0) note(Augmentation::brightness);
    if (settings.contrast > 0) note(Augmentation::contrast);
  }
  if (settings.noise > 0) {
    add_noise(result.image, settings.noise * draws.noise, draws.noise_seed);
    note(Augmentation::noise);
  }
  if (draws.cutout < settings.cutout) {
    cut_out(result.image, settings.cutout_size, draws);
    note(Augmentation::cutout);
  }
  return result;
}

AugmentationSet configured_augmentations(const AugmentSettings& settings) {
  AugmentationSet set = 0;
  const auto add = [&](bool on, Augmentation augmentation) { set |= on ? bit(augmentation) : 0; };
  add(settings.horizontal_flip > 0, Augmentation::horizontal_flip);
  add(settings.vertical_flip > 0, Augmentation::vertical_flip);
  add(settings.quarter_turn > 0, Augmentation::quarter_turn);
  add(settings.crop_min_area < 1 || settings.crop_max_aspect > 1, Augmentation::crop);
  add(settings.brightness > 0, Augmentation::brightness);
  add(settings.contrast > 0, Augmentation::contrast);
  add(settings.noise > 0, Augmentation::noise);
  add(settings.cutout > 0, Augmentation::cutout);
  add(settings.mixup > 0, Augmentation::mixup);
  add(settings.cutmix > 0, Augmentation::cutmix);
  return set;
}

}  // namespace mtl
