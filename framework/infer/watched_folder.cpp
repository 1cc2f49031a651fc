#include "framework/infer/watched_folder.h"

#include <algorithm>

#include "framework/infer/picture_list.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {

namespace fs = std::filesystem;

WatchedFolder::WatchedFolder(fs::path folder, std::chrono::milliseconds settled)
    : folder_(std::move(folder)), settled_(settled) {
  std::error_code error;
  if (!fs::is_directory(folder_, error))
    throw Error(in_quotes(folder_.string()) + " is no folder; name the one that the pictures come to");
}

std::vector<fs::path> WatchedFolder::look() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<fs::path> settled;
  std::map<fs::path, Waiting> waiting;
  std::error_code error;  // a file may vanish between any two looks at it
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path file = entry->path();
    if (!is_picture_name(file)) continue;
    std::error_code gone;
    const Version version{fs::file_size(file, gone), fs::last_write_time(file, gone)};
    const auto given = given_.find(file);
    if (gone || (given != given_.end() && given->second == version)) continue;
    const auto before = waiting_.find(file);
    const bool is_same = before != waiting_.end() && before->second.version == version;
    const auto since = is_same ? before->second.since : now;
    if (now - since >= settled_) {
      settled.push_back(file);
      given_.insert_or_assign(file, version);
    } else {
      waiting.emplace(file, Waiting{version, since});
    }
  }
  waiting_ = std::move(waiting);
  std::sort(settled.begin(), settled.end());
  return settled;
}

}  // namespace mtl
