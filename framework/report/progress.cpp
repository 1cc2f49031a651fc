#include "framework/report/progress.h"

#include <algorithm>
#include <cstdio>

namespace mtl {

void Progress::start(int64_t epoch, int64_t batches, int64_t done) {
  epoch_ = epoch;
  batches_ = batches;
  before_ = done_ = done;
  images_ = 0;
  start_ = drawn_ = Clock::now();
}

void Progress::advance(int64_t images, const std::function<double()>& loss) {
  ++done_;
  images_ += images;
  const auto now = Clock::now();
  if (!is_terminal_ || now - drawn_ < std::chrono::milliseconds(200)) return;
  drawn_ = now;
  constexpr int64_t width = 24;
  const int64_t filled = width * done_ / std::max<int64_t>(1, batches_);
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double batches_left = static_cast<double>(batches_ - done_ + (epochs_ - epoch_) * batches_);
  char text[200];
  std::snprintf(text, sizeof text, "\r\x1b[Kepoch %lld/%lld [%s%s] loss %.3f  %.0f images/s  %s left",
                static_cast<long long>(epoch_), static_cast<long long>(epochs_),
                std::string(static_cast<size_t>(filled), '#').c_str(),
                std::string(static_cast<size_t>(width - filled), '.').c_str(), loss(),
                static_cast<double>(images_) / seconds,
                duration_text(batches_left * seconds / static_cast<double>(done_ - before_)).c_str());
  out_ << text << std::flush;
}

void Progress::clear() {
  if (is_terminal_) out_ << "\r\x1b[K" << std::flush;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::max(0.0, seconds) + 0.5);
  char text[40];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  return text;
}

}  // namespace mtl
