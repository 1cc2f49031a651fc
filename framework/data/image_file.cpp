#include "framework/data/image_file.h"

#include <fstream>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/data/image_header.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

constexpr uintmax_t largest_file = uintmax_t{1} << 30;

std::string read_bytes(const fs::path& file) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status))
    throw Error("image " + in_quotes(file.string()) + " is not there; correct its path or restore the file");
  if (!fs::is_regular_file(status)) throw Error("image " + in_quotes(file.string()) + " is no file");
  const uintmax_t size = fs::file_size(file, error);
  if (error || size == 0) throw Error("image " + in_quotes(file.string()) + " is empty; restore the file");
  if (size > largest_file) throw Error("image " + in_quotes(file.string()) + " is larger than 1 GiB; reduce it");
  std::string bytes(size, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size)))
    throw Error("image " + in_quotes(file.string()) + " cannot be read; check its permissions");
  return bytes;
}

ImageHeader checked_header(const std::string& name, std::string_view bytes, uint64_t max_pixels) {
  const auto header = parse_image_header(bytes);
  if (!header) throw Error(name + " is no PNG, JPEG, BMP or TIFF picture, whatever its name says");
  const std::string size = std::to_string(header->width) + "x" + std::to_string(header->height);
  if (header->width == 0 || header->height == 0)
    throw Error(name + " has a size of " + size + " pixels; a picture is expected");
  if (header->width > max_pixels || header->height > max_pixels / header->width)
    throw Error(name + " has " + size + " pixels, more than data.max_pixels = " + std::to_string(max_pixels) +
                "; reduce it or raise the limit");
  if (!has_image_end(*header, bytes))
    throw Error(name + " is cut short: the end of the " + header->format + " file is missing; restore it");
  return *header;
}

/// 1, 2, 4 or 8: the most by which the picture may be divided.
int reduction(const ImageHeader& header, const std::function<bool(cv::Size)>& suffices) {
  if (header.format != "JPEG") return 1;
  for (const uint64_t factor : {8, 4, 2}) {
    const auto reduced = [factor](uint64_t length) { return static_cast<int>((length + factor - 1) / factor); };
    if (suffices({reduced(header.width), reduced(header.height)})) return static_cast<int>(factor);
  }
  return 1;
}

int decoding_flags(int reduction) {
  switch (reduction) {
    case 2:
      return cv::IMREAD_REDUCED_COLOR_2;
    case 4:
      return cv::IMREAD_REDUCED_COLOR_4;
    case 8:
      return cv::IMREAD_REDUCED_COLOR_8;
    default:
      return cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH;
  }
}

/// 16 bits -> the upper 8: a camera's dark picture stays dark.
cv::Mat to_8_bit_rgb(const cv::Mat& decoded) {
  cv::Mat narrow = decoded, rgb;
  if (decoded.depth() == CV_16U) decoded.convertTo(narrow, CV_8U, 1.0 / 257);
  cv::cvtColor(narrow, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

/// What is wrong with a file is said here, not by OpenCV.
void silence_opencv() {
  static const auto silenced = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  static_cast<void>(silenced);
}

}  // namespace

cv::Mat read_image_file(const fs::path& file, int64_t max_pixels, const std::function<bool(cv::Size)>& suffices) {
  return decode_image(read_bytes(file), file.string(), max_pixels, suffices);
}

cv::Mat decode_image(std::string_view bytes, const std::string& name, int64_t max_pixels,
                     const std::function<bool(cv::Size)>& suffices) {
  silence_opencv();
  const std::string who = "image " + in_quotes(name);
  if (bytes.empty()) throw Error(who + " is empty; a PNG, JPEG, BMP or TIFF picture is expected");
  if (bytes.size() > largest_file) throw Error(who + " is larger than 1 GiB; reduce it");
  const ImageHeader header = checked_header(who, bytes, static_cast<uint64_t>(max_pixels));
  const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  cv::Mat decoded;
  try {
    decoded = cv::imdecode(encoded, decoding_flags(reduction(header, suffices)));
  } catch (const cv::Exception&) {
    decoded.release();
  }
  if (decoded.empty() || (decoded.depth() != CV_8U && decoded.depth() != CV_16U))
    throw Error(who +
                " cannot be decoded: it is damaged or of a kind that is not supported (8 or 16 bit PNG, JPEG, "
                "BMP, TIFF are)");
  return to_8_bit_rgb(decoded);
}

}  // namespace mtl
