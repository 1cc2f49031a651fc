#pragma once

#include <string>

namespace mtl::host {

/// As long as it lives, what this process prints to standard output goes into memory. Where there is no standard output
/// or no memory for it, nothing is captured.
class CapturedOutput {
 public:
  CapturedOutput();
  ~CapturedOutput();
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;

  /// What was printed so far.
  std::string text() const;

 private:
  int original_, memory_;
};

}  // namespace mtl::host
