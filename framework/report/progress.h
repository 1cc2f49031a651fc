#pragma once

#include <chrono>
#include <functional>
#include <ostream>
#include <string>

namespace mtl {

/// A line that grows while an epoch runs, with images/s and time left; drawn on a terminal only.
class Progress {
 public:
  Progress(std::ostream& out, bool is_terminal, int64_t epochs)
      : out_(out), is_terminal_(is_terminal), epochs_(epochs) {}
  /// `done` of the batches were trained on before this start.
  void start(int64_t epoch, int64_t batches, int64_t done);
  /// `loss` is asked for only where it is shown, at most five times a second.
  void advance(int64_t images, const std::function<double()>& loss);
  void clear();  ///< takes the line away

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& out_;
  bool is_terminal_;
  int64_t epochs_, epoch_ = 0, batches_ = 0, before_ = 0, done_ = 0, images_ = 0;
  Clock::time_point start_, drawn_;
};

/// "1:02:03", "4:05".
std::string duration_text(double seconds);

}  // namespace mtl
