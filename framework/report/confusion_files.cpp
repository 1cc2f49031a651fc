#include "framework/report/confusion_files.h"

#include <algorithm>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "framework/report/canvas.h"
#include "framework/support/atomic_file.h"
#include "framework/support/csv_text.h"

namespace mtl {

void write_confusion_csv(const std::filesystem::path& file, const ConfusionCounts& confusion) {
  const std::vector<std::string>& names = confusion.classes.names;
  std::vector<std::string> header{"truth \\ predicted"};
  header.insert(header.end(), names.begin(), names.end());
  std::string text = csv_record(header);
  for (size_t truth = 0; truth < names.size(); ++truth) {
    std::vector<std::string> record{names[truth]};
    for (int64_t count : confusion.counts[truth]) record.push_back(std::to_string(count));
    text += csv_record(record);
  }
  write_file(file, text);
}

void write_confusion_png(const std::filesystem::path& file, const std::string& title,
                         const ConfusionCounts& confusion) {
  constexpr int cell = 34, margin = 16, title_room = 34, axis_room = 26;
  constexpr size_t longest_name = 18;
  const auto classes = static_cast<int>(confusion.classes.names.size());
  std::vector<std::string> names;
  int name_room = 0;
  for (const std::string& name : confusion.classes.names) {
    names.push_back(shortened(name, longest_name));
    name_room = std::max(name_room, Canvas::text_width(names.back()) + 12);
  }
  const int left = margin + axis_room + name_room, top = margin + title_room + axis_room + name_room;
  const int grid = classes * cell;
  Canvas canvas(std::max(left + grid, margin + Canvas::text_width(title, 12)) + margin, top + grid + margin);
  canvas.text(title, {margin, margin + 8}, Canvas::Align::left, 12);
  canvas.text("predicted", {left + grid / 2, margin + title_room + 4}, Canvas::Align::centre);
  canvas.text_upwards("truth", {margin + 6, top + grid / 2 + 20});

  for (int truth = 0; truth < classes; ++truth) {
    const std::vector<int64_t>& row = confusion.counts[static_cast<size_t>(truth)];
    const auto images = static_cast<double>(std::accumulate(row.begin(), row.end(), int64_t{0}));
    const int y = top + truth * cell;
    canvas.text(names[static_cast<size_t>(truth)], {left - 8, y + cell / 2}, Canvas::Align::right);
    canvas.text_upwards(names[static_cast<size_t>(truth)], {left + truth * cell + cell / 2, top - 8});
    for (int predicted = 0; predicted < classes; ++predicted) {
      const int64_t count = row[static_cast<size_t>(predicted)];
      const double share = images > 0 ? static_cast<double>(count) / images : 0;
      const int x = left + predicted * cell;
      const cv::Scalar base = truth == predicted ? palette(0) : palette(1);
      const cv::Scalar colour = cv::Scalar::all(255) + (base - cv::Scalar::all(255)) * share;
      cv::rectangle(canvas.image(), cv::Rect(x, y, cell - 1, cell - 1), count > 0 ? colour : cv::Scalar::all(246),
                    cv::FILLED);
      if (count > 0)
        canvas.text(std::to_string(count), {x + cell / 2, y + cell / 2}, Canvas::Align::centre, 9,
                    share > 0.5 ? cv::Scalar::all(255) : cv::Scalar::all(30));
    }
  }
  canvas.save(file);
}

}  // namespace mtl
