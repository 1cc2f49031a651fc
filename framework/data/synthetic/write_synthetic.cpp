#include "framework/data/synthetic/write_synthetic.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/support/atomic_file.h"
#include "framework/support/csv_text.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {

void write_synthetic(const SyntheticParts& parts, const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder, error))
    throw Error(in_quotes(folder.string()) + " is there and not an empty folder; name a new one");
  make_folder(folder);
  const SampleTable& table = parts.table();
  std::vector<std::string> header{"image", "part"};
  header.insert(header.end(), table.columns.begin(), table.columns.end());
  std::string manifest = csv_record(header);
  for (size_t row = 0; row < table.size(); ++row) {
    cv::Mat bgr;
    cv::cvtColor(parts.read(row), bgr, cv::COLOR_RGB2BGR);
    std::vector<uint8_t> png;
    cv::imencode(".png", bgr, png);
    write_file(folder / table.images[row], {reinterpret_cast<const char*>(png.data()), png.size()});
    std::vector<std::string> record{table.images[row], table.groups[row]};
    record.insert(record.end(), table.cells[row].begin(), table.cells[row].end());
    manifest += csv_record(record);
  }
  write_file(folder / "manifest.csv", manifest);
}

}  // namespace mtl
