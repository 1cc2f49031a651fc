#include "plugins/host/permission_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "mtl/text.h"

namespace mtl::host {
namespace {

std::string finding(const std::filesystem::path& path, const struct stat& facts) {
  const bool is_folder = S_ISDIR(facts.st_mode);
  // In a folder with the sticky bit, such as /tmp, nobody can replace what is another's.
  if (is_folder && (facts.st_mode & S_ISVTX)) return "";
  const std::string name = is_folder ? "the folder " + in_quotes(path.string()) : "it";
  if (facts.st_mode & S_IWOTH)
    return name + " can be changed by everybody; take that right away with chmod o-w " + in_quotes(path.string());
  // A group of the owner's own number is the owner's alone, as Debian's users have it.
  if ((facts.st_mode & S_IWGRP) && facts.st_gid != facts.st_uid)
    return name + " can be changed by its group; take that right away with chmod g-w " + in_quotes(path.string());
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    return name + " belongs to another user (number " + std::to_string(facts.st_uid) +
           "); copy the file to a folder of yours";
  return "";
}

}  // namespace

std::string open_to_others(const std::filesystem::path& canonical) {
  for (std::filesystem::path path = canonical;; path = path.parent_path()) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return "cannot be looked at: its permissions are unknown";
    if (const std::string found = finding(path, facts); !found.empty())
      return "is not safe to run: " + found + ", or pass --allow-insecure-plugins";
    if (path == path.parent_path()) return "";
  }
}

}  // namespace mtl::host
