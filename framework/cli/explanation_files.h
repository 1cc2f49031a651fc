#pragma once

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "framework/explain/explanation.h"
#include "framework/report/page/explanation_page.h"

namespace mtl {

/// One picture under one task's explanation.
struct ExplainedPicture {
  std::string image;  ///< its path or name
  std::string task;
  cv::Mat prepared;  ///< CV_8UC3 RGB
  Explanation explanation;
  cv::Mat mask = {};                       ///< CV_8U; empty: none
  std::optional<bool> points_inside = {};  ///< the mask
  std::optional<std::string> truth = {};   ///< "" where not labelled; nothing where labels are not known
  double loss = no_loss;

  static constexpr double no_loss = std::numeric_limits<double>::quiet_NaN();
};

/// The folder that an explanation fills: an overlay per picture as it comes, then explanations.json and report.html.
class ExplanationFiles {
 public:
  /// Makes the folder. The page shows the first `most_shown` pictures of each part.
  ExplanationFiles(std::filesystem::path folder, size_t most_shown);

  /// Pictures that are added from here on were chosen for this reason; `key` names it in the JSON.
  void begin_part(const std::string& key, const std::string& heading, const std::string& meaning);
  void add(const ExplainedPicture& picture);
  void add_unreadable(const std::string& image, const std::string& problem);
  /// `report` holds everything but what was added; `facts` begins the JSON.
  void finish(ExplanationReport report, nlohmann::ordered_json facts);

 private:
  std::filesystem::path folder_;
  size_t most_shown_;
  int64_t written_ = 0;
  std::vector<std::string> keys_;  // of the parts
  std::vector<ExplainedPart> parts_;
  std::vector<UnreadablePicture> unreadable_;
  nlohmann::ordered_json pictures_ = nlohmann::ordered_json::array();
};

/// NUMBER_STEM_TASK.png: the letters, digits, '-' and '.' of the picture's own name, at most 60 of them, and '_' for
/// all else; the number makes it unique.
std::string overlay_name(int64_t number, const std::string& image, const std::string& task);

}  // namespace mtl
