#include "framework/infer/picture_list.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <istream>
#include <memory>

#include "framework/data/csv_reader.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> pictures_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_regular_file(error) && is_picture_name(entry->path())) files.push_back(entry->path());
  if (error) throw Error("cannot look into " + in_quotes(folder.string()) + ": " + error.message());
  if (files.empty())
    throw Error("there is no picture in " + in_quotes(folder.string()) +
                "; .png, .jpg, .bmp and .tif files are looked for");
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> matches_of(const std::string& pattern) {
  glob_t found{};
  const int code = ::glob(pattern.c_str(), 0, nullptr, &found);
  const std::vector<fs::path> files(found.gl_pathv, found.gl_pathv + (code == 0 ? found.gl_pathc : 0));
  ::globfree(&found);
  if (files.empty()) throw Error("no file matches " + in_quotes(pattern));
  return files;
}

std::vector<fs::path> images_of_manifest(const fs::path& manifest, const std::string& image_column) {
  const CsvTable table = read_csv(manifest);
  const auto column = std::find(table.header.begin(), table.header.end(), image_column);
  if (column == table.header.end())
    throw Error(manifest.string() + ": there is no column " + in_quotes(image_column) +
                did_you_mean(image_column, table.header) + "; its columns are " + quoted_list(table.header));
  std::vector<fs::path> files;
  for (const auto& row : table.rows)
    files.push_back(manifest.parent_path() / row[static_cast<size_t>(column - table.header.begin())]);
  return files;
}

std::vector<fs::path> files_of(const std::string& path, const std::string& image_column) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) return pictures_in(path);
  if (fs::exists(status)) {
    if (fs::path(path).extension() == ".csv") return images_of_manifest(path, image_column);
    return {path};
  }
  if (path.find_first_of("*?[") != std::string::npos) return matches_of(path);
  throw Error(in_quotes(path) + " is not there; give pictures, folders, patterns, a manifest (.csv), or - for a list");
}

NextPicture one_after_the_other(std::vector<fs::path> files) {
  return [files = std::move(files), next = size_t{0}]() mutable -> std::optional<fs::path> {
    if (next >= files.size()) return {};
    return files[next++];
  };
}

NextPicture lines_of(std::istream& in) {
  return [&in]() -> std::optional<fs::path> {
    for (std::string line; std::getline(in, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) return line;
    }
    return {};
  };
}

}  // namespace

bool is_picture_name(const fs::path& file) {
  constexpr std::array<const char*, 6> endings{".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"};
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

NextPicture pictures_of(const std::vector<std::string>& paths, const std::string& image_column, std::istream& in) {
  std::vector<NextPicture> sources;
  for (const std::string& path : paths)
    sources.push_back(path == "-" ? lines_of(in) : one_after_the_other(files_of(path, image_column)));
  return [sources = std::move(sources), current = size_t{0}]() mutable -> std::optional<fs::path> {
    for (; current < sources.size(); ++current)
      if (auto file = sources[current]()) return file;
    return {};
  };
}

}  // namespace mtl
