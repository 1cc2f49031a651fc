#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mtl {

/// What a task says about a golden picture.
struct GoldenAnswer {
  std::string task, label;
  std::vector<double> probabilities;  ///< in the order of the task's classes; empty where the head states none
};

/// A picture that travels with the model, and the answers to it.
struct GoldenPicture {
  std::string file;  ///< "golden/00.png"
  std::vector<GoldenAnswer> answers;
};

/// How far a probability may be from the expected one. Processors and GPUs add in other orders and round differently:
/// kernels of one machine differ by 1e-6, a thousandth of this, while another preprocessing, a lost layer or swapped
/// classes move probabilities by far more.
inline constexpr double golden_tolerance = 1e-3;

std::string golden_json(const std::vector<GoldenPicture>& pictures);
/// Throws mtl::Error for text that golden_json() does not write.
std::vector<GoldenPicture> parse_golden_json(std::string_view text);

/// Sentences about what differs; none where the answers agree: labels are equal and probabilities within
/// golden_tolerance. A label may differ where the two largest expected probabilities are nearer to each other than
/// twice the tolerance. Without probabilities, labels that are both numbers are compared as such, within the tolerance
/// times the number where that is above 1.
std::vector<std::string> golden_mismatches(const std::vector<GoldenPicture>& expected,
                                           const std::vector<GoldenPicture>& found);

}  // namespace mtl
