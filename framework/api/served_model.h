#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "framework/api/compute_thread.h"
#include "framework/assembly/plugin_access.h"
#include "framework/bundle/open_model.h"
#include "framework/infer/predictor.h"
#include "mtl/engine.h"

namespace mtl {

struct ServeSettings {
  std::string device = "auto", precision = "float32";
  int threads = 0;  ///< 0: one per core
  bool averages_views = false, uncalibrated = false;
  PluginAccess plugins;
};

/// A model that answers pictures for any number of threads.
class ServedModel {
 public:
  /// Throws mtl::Error: no model, a damaged one, no such device.
  ServedModel(const std::filesystem::path& path, const ServeSettings& settings);

  struct Task {
    std::string name;
    ClassList classes;  ///< no names for a head that is no classifier
    bool is_main;
  };
  const std::vector<Task>& tasks() const { return tasks_; }

  /// From any thread. Throw PictureError for what is no picture.
  PictureResult predict_file(const std::filesystem::path& file) const;
  PictureResult predict_encoded(std::string_view bytes) const;
  PictureResult predict_pixels(const mtl_pixels& pixels) const;

 private:
  PictureResult predict(const cv::Mat& rgb) const;  // CV_8UC3

  std::vector<Task> tasks_;
  std::unique_ptr<UsableModel> model_;
  std::unique_ptr<Predictor> predictor_;
  mutable ComputeThread network_;  // ends before what it computes with
};

}  // namespace mtl
