#include "framework/report/canvas.h"

#include <array>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

constexpr int font = cv::FONT_HERSHEY_SIMPLEX;
constexpr double capital_height = 21;  // of the font at scale 1, in pixels

std::string plain(const std::string& text) {
  std::string out;
  for (unsigned char c : text)
    if (c < 0x80)
      out += c < 0x20 ? '?' : static_cast<char>(c);
    else if (c >= 0xc0)
      out += '?';  // once per character, at its first byte
  return out;
}

}  // namespace

Canvas::Canvas(int width, int height) : image_(height, width, CV_8UC3, cv::Scalar::all(255)) {}

int Canvas::text_width(const std::string& text, double height) {
  int baseline = 0;
  return cv::getTextSize(plain(text), font, height / capital_height, 1, &baseline).width;
}

void Canvas::text(const std::string& text, cv::Point at, Align align, double height, cv::Scalar colour) {
  const int width = text_width(text, height);
  const int x = align == Align::left ? at.x : align == Align::right ? at.x - width : at.x - width / 2;
  cv::putText(image_, plain(text), {x, at.y + static_cast<int>(height / 2)}, font, height / capital_height, colour, 1,
              cv::LINE_AA);
}

void Canvas::text_upwards(const std::string& text, cv::Point at, double height) {
  const int width = text_width(text, height) + 4, room = static_cast<int>(2 * height);
  Canvas flat(width, room);
  flat.text(text, {1, room / 2}, Align::left, height);
  cv::Mat turned;
  cv::rotate(flat.image(), turned, cv::ROTATE_90_COUNTERCLOCKWISE);
  const cv::Rect wanted(at.x - room / 2, at.y - width, room, width);
  const cv::Rect visible = wanted & cv::Rect(0, 0, image_.cols, image_.rows);
  if (visible.empty()) return;
  turned(visible - wanted.tl()).copyTo(image_(visible));
}

void Canvas::line(cv::Point2d from, cv::Point2d to, cv::Scalar colour, int thickness) {
  constexpr int bits = 4;  // sixteenths of a pixel
  const auto fixed = [](cv::Point2d p) { return cv::Point(cvRound(p.x * (1 << bits)), cvRound(p.y * (1 << bits))); };
  cv::line(image_, fixed(from), fixed(to), colour, thickness, cv::LINE_AA, bits);
}

void Canvas::save(const std::filesystem::path& file) const {
  std::vector<uint8_t> png;
  cv::imencode(".png", image_, png);
  write_file(file, {reinterpret_cast<const char*>(png.data()), png.size()});
}

cv::Scalar palette(size_t index) {
  static const std::array<cv::Scalar, 7> colours{
      cv::Scalar(178, 114, 0), cv::Scalar(0, 94, 213),   cv::Scalar(115, 158, 0), cv::Scalar(167, 121, 204),
      cv::Scalar(0, 159, 230), cv::Scalar(233, 180, 86), cv::Scalar(0, 0, 0)};
  return colours[index % colours.size()];
}

std::string shortened(const std::string& text, size_t limit) {
  return text.size() <= limit ? text : text.substr(0, limit - 2) + "..";
}

}  // namespace mtl
