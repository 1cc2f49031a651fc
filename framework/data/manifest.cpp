#include "framework/data/manifest.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

constexpr size_t no_column = static_cast<size_t>(-1);

class Reader {
 public:
  Reader(CsvTable cells, const DataSettings& settings) : settings_(settings), csv_(std::move(cells)) {
    image_ = find(settings.image_column, "data.image_column");
    split_ = settings.split_column.empty() ? optional("split") : find(settings.split_column, "data.split_column");
    group_ = settings.group_column.empty() ? no_column : find(settings.group_column, "data.group_column");
  }

  Manifest read() {
    Manifest manifest;
    manifest.has_splits = split_ != no_column;
    SampleTable& table = manifest.table;
    table.source = settings_.manifest.filename().string();
    for (size_t c = 0; c < csv_.header.size(); ++c)
      if (is_label(c)) table.columns.push_back(csv_.header[c]);
    if (csv_.rows.empty()) throw Error(table.source + " has a header and no rows; a row per image is expected");
    for (size_t row = 0; row < csv_.rows.size(); ++row) add(row, table);
    return manifest;
  }

 private:
  bool is_label(size_t column) const { return column != image_ && column != split_ && column != group_; }

  size_t optional(const std::string& name) const {
    const auto found = std::find(csv_.header.begin(), csv_.header.end(), name);
    return found == csv_.header.end() ? no_column : static_cast<size_t>(found - csv_.header.begin());
  }

  size_t find(const std::string& name, const char* key) const {
    const size_t column = optional(name);
    if (column == no_column)
      throw Error(settings_.manifest.filename().string() + ":1: there is no column " + in_quotes(name) + " (" + key +
                  ")" + did_you_mean(name, csv_.header) + "; there are " + quoted_list(csv_.header));
    return column;
  }

  [[noreturn]] void fail(size_t row, const std::string& what) const {
    throw Error(settings_.manifest.filename().string() + ":" + std::to_string(csv_.lines[row]) + ": " + what);
  }

  void add(size_t row, SampleTable& table) {
    const std::vector<std::string>& cells = csv_.rows[row];
    table.images.push_back(checked_image(row, cells[image_]));
    table.splits.push_back(split_ == no_column ? Split::train : split_named(row, cells[split_]));
    table.groups.push_back(group_of(cells));
    table.lines.push_back(csv_.lines[row]);
    std::vector<std::string> labels;
    for (size_t c = 0; c < cells.size(); ++c)
      if (is_label(c)) labels.push_back(cells[c]);
    table.cells.push_back(std::move(labels));
    check_group(row, table);
  }

  std::string checked_image(size_t row, const std::string& image) {
    if (image.empty()) fail(row, "the image's cell is empty; a path relative to the manifest is expected");
    const fs::path path(image);
    if (!settings_.allow_outside && leaves_folder(path))
      fail(row, "the image " + in_quotes(image) +
                    " lies outside the manifest's folder; give a path below it, or set data.allow_outside = true");
    const auto [first, is_new] = seen_.emplace(path.lexically_normal().string(), csv_.lines[row]);
    if (!is_new)
      fail(row, "the image " + in_quotes(image) + " stands in line " + std::to_string(first->second) +
                    " already; name each once");
    return image;
  }

  bool leaves_folder(const fs::path& path) const {
    if (path.is_absolute() || std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; }))
      return true;
    std::error_code error;
    const fs::path target = fs::weakly_canonical(folder_ / path, error);  // through links
    return error || std::mismatch(folder_.begin(), folder_.end(), target.begin(), target.end()).first != folder_.end();
  }

  Split split_named(size_t row, const std::string& text) const {
    if (text == "train") return Split::train;
    if (text == "val" || text == "valid" || text == "validation") return Split::validation;
    if (text == "test") return Split::test;
    fail(row, "the split " + in_quotes(text) + " is unknown" + did_you_mean(text, {"train", "val", "test"}) +
                  "; train, val or test is expected");
  }

  /// Without a group column, and for an empty cell, an image is a group of its own.
  std::string group_of(const std::vector<std::string>& cells) const {
    if (group_ == no_column || cells[group_].empty()) return "image:" + cells[image_];
    return cells[group_];
  }

  void check_group(size_t row, const SampleTable& table) {
    const auto [first, is_new] = first_of_group_.emplace(table.groups[row], row);
    const size_t other = first->second;
    if (!is_new && table.splits[other] != table.splits[row])
      fail(row, "group " + in_quotes(table.groups[row]) + " is in split " + name_of(table.splits[row]) +
                    " here and in split " + name_of(table.splits[other]) + " in line " +
                    std::to_string(csv_.lines[other]) + "; keep a group in one split");
  }

  const DataSettings& settings_;
  fs::path folder_ = fs::weakly_canonical(settings_.manifest).parent_path();
  CsvTable csv_;
  size_t image_, split_, group_;
  std::unordered_map<std::string, size_t> seen_;            // image -> line
  std::unordered_map<std::string, size_t> first_of_group_;  // group -> row
};

}  // namespace

Manifest read_manifest(const DataSettings& settings) { return manifest_of(read_csv(settings.manifest), settings); }

Manifest manifest_of(CsvTable cells, const DataSettings& settings) { return Reader(std::move(cells), settings).read(); }

}  // namespace mtl
