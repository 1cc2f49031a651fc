#include "framework/report/learning_curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "framework/report/canvas.h"

namespace mtl {
namespace {

struct Series {
  std::string name;
  cv::Scalar colour;
  int thickness;
  std::vector<double> values;  // by epoch, from 1
};

std::string tick_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// 1, 2 or 5 times a power of ten: the step that gives about five ticks over the range.
double tick_step(double range) {
  const double raw = range / 5, magnitude = std::pow(10, std::floor(std::log10(raw))), factor = raw / magnitude;
  return magnitude * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

class Panel {
 public:
  Panel(Canvas& canvas, cv::Rect frame, size_t epochs) : canvas_(canvas), frame_(frame), epochs_(epochs) {}

  void draw(const std::string& title, const std::vector<Series>& series) {
    set_range(series);
    canvas_.text(title, {frame_.x, frame_.y - 34}, Canvas::Align::left, 11);
    draw_axes();
    int legend = frame_.x;
    for (const Series& one : series) {
      draw_line(one);
      canvas_.line({static_cast<double>(legend), frame_.y - 14.0}, {legend + 18.0, frame_.y - 14.0}, one.colour,
                   one.thickness);
      canvas_.text(one.name, {legend + 23, frame_.y - 14}, Canvas::Align::left, 9);
      legend += 36 + Canvas::text_width(one.name, 9);
    }
  }

 private:
  void set_range(const std::vector<Series>& series) {
    low_ = std::numeric_limits<double>::infinity();
    high_ = -low_;
    for (const Series& one : series)
      for (double value : one.values)
        if (std::isfinite(value)) low_ = std::min(low_, value), high_ = std::max(high_, value);
    if (low_ > high_) low_ = 0, high_ = 1;
    if (high_ - low_ < 1e-12)
      low_ -= 0.5 * std::max(1e-6, std::abs(low_)), high_ += 0.5 * std::max(1e-6, std::abs(high_));
    step_ = tick_step(high_ - low_);
    low_ = std::floor(low_ / step_) * step_;
    high_ = std::ceil(high_ / step_) * step_;
  }

  double x_of(double epoch) const {
    return frame_.x + frame_.width * (epochs_ > 1 ? (epoch - 1) / static_cast<double>(epochs_ - 1) : 0.5);
  }
  double y_of(double value) const { return frame_.y + frame_.height * (high_ - value) / (high_ - low_); }

  void draw_axes() {
    const cv::Scalar grid = cv::Scalar::all(225), axis = cv::Scalar::all(120);
    const auto ticks = static_cast<int>(std::lround((high_ - low_) / step_));
    for (int i = 0; i <= ticks; ++i) {
      const double value = low_ + i * step_, y = y_of(value);
      canvas_.line({static_cast<double>(frame_.x), y}, {static_cast<double>(frame_.br().x), y}, i == 0 ? axis : grid);
      canvas_.text(tick_text(std::abs(value) < step_ * 1e-6 ? 0 : value), {frame_.x - 6, static_cast<int>(y)},
                   Canvas::Align::right, 9);
    }
    const auto epoch_step = static_cast<size_t>(std::max(1.0, tick_step(static_cast<double>(epochs_))));
    for (size_t epoch = 1; epoch <= epochs_; epoch += epoch == 1 && epoch_step > 1 ? epoch_step - 1 : epoch_step)
      canvas_.text(std::to_string(epoch), {static_cast<int>(x_of(static_cast<double>(epoch))), frame_.br().y + 12},
                   Canvas::Align::centre, 9);
    canvas_.text("epoch", {frame_.x + frame_.width / 2, frame_.br().y + 30}, Canvas::Align::centre, 9);
  }

  void draw_line(const Series& series) {
    for (size_t i = 0; i < series.values.size(); ++i) {
      if (!std::isfinite(series.values[i])) continue;
      const cv::Point2d here(x_of(static_cast<double>(i + 1)), y_of(series.values[i]));
      const bool joined = i > 0 && std::isfinite(series.values[i - 1]);
      canvas_.line(joined ? cv::Point2d(x_of(static_cast<double>(i)), y_of(series.values[i - 1])) : here, here,
                   series.colour, joined ? series.thickness : series.thickness + 2);
    }
  }

  Canvas& canvas_;
  cv::Rect frame_;
  size_t epochs_;
  double low_ = 0, high_ = 1, step_ = 1;
};

template <class Value>
Series series_of(const std::string& name, cv::Scalar colour, int thickness, const std::vector<EpochResult>& epochs,
                 Value&& value) {
  Series series{name, colour, thickness, {}};
  for (const EpochResult& epoch : epochs) series.values.push_back(value(epoch));
  return series;
}

/// A panel's title and what is drawn in it: all of one unit, so that one axis serves.
struct Group {
  std::string title;
  std::vector<Series> series;
};

Group losses_of(const std::vector<std::string>& tasks, const std::vector<EpochResult>& epochs) {
  Group group{"loss", {}};
  for (size_t k = 0; k < tasks.size(); ++k) {
    group.series.push_back(
        series_of(tasks[k] + " train", palette(k), 2, epochs, [k](const EpochResult& e) { return e.train_losses[k]; }));
    group.series.push_back(series_of(tasks[k] + " validation", palette(k), 1, epochs,
                                     [k](const EpochResult& e) { return e.validation[k].loss; }));
  }
  return group;
}

/// Each task's first figure: the shares together, every other one by itself.
std::vector<Group> figures_of(const std::vector<std::string>& tasks, const std::vector<EpochResult>& epochs) {
  Group shares{"validation", {}};
  std::vector<Group> others;
  for (size_t k = 0; k < tasks.size(); ++k) {
    const Figure& figure = epochs.front().validation[k].figures.front();
    const Series series = series_of(tasks[k] + " " + figure.name, palette(k), 2, epochs,
                                    [k](const EpochResult& e) { return e.validation[k].figures.front().value; });
    if (figure.is_share)
      shares.series.push_back(series);
    else
      others.push_back({"validation, " + figure.name, {series}});
  }
  if (!shares.series.empty()) others.insert(others.begin(), shares);
  return others;
}

}  // namespace

void write_learning_curves(const std::filesystem::path& file, const std::string& title,
                           const std::vector<std::string>& tasks, const std::vector<EpochResult>& epochs) {
  if (epochs.empty()) return;
  std::vector<Group> groups{losses_of(tasks, epochs)};
  for (Group& group : figures_of(tasks, epochs)) groups.push_back(std::move(group));
  groups.push_back({"learning rate", {series_of("last step", palette(0), 2, epochs, [](const EpochResult& e) {
                      return e.learning_rate;
                    })}});

  constexpr int width = 900, height = 230, left = 76, gap = 96, top = 92;
  const auto count = static_cast<int>(groups.size());
  Canvas canvas(width, top + count * height + (count - 1) * gap + 56);
  canvas.text(title, {left, 22}, Canvas::Align::left, 13);
  for (int i = 0; i < count; ++i) {
    const Group& group = groups[static_cast<size_t>(i)];
    Panel(canvas, {left, top + i * (height + gap), width - left - 30, height}, epochs.size())
        .draw(group.title, group.series);
  }
  canvas.save(file);
}

}  // namespace mtl
