#include "framework/bundle/digests.h"

#include <algorithm>

#include "framework/bundle/bundle_names.h"
#include "framework/support/sha256.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

constexpr size_t digits = 64;

/// Digest by name, as far as the text is of the form.
std::map<std::string, std::string> stated_digests(std::string_view text) {
  std::map<std::string, std::string> stated;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.size() > digits + 2 && line.substr(digits, 2) == "  ")
      stated.emplace(line.substr(digits + 2), line.substr(0, digits));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return stated;
}

/// The first difference that can be told by a file's name; "" where there is none.
std::string difference(const NamedBytes& files, const std::map<std::string, std::string>& stated) {
  for (const auto& [name, digest] : stated)
    if (!files.count(name)) return in_quotes(name) + " is missing, which its SHA256SUMS names; get the bundle again";
  for (const auto& [name, bytes] : files) {
    if (name == bundle_name::digests) continue;
    const auto found = stated.find(name);
    if (found == stated.end())
      return in_quotes(name) + " is not named in its SHA256SUMS; remove that file, or get the bundle again";
    const std::string digest = sha256(bytes);
    if (digest != found->second)
      return in_quotes(name) + " is not what was written: its SHA-256 digest is " + digest + ", SHA256SUMS has " +
             in_quotes(found->second) + "; get the bundle again";
  }
  return "";
}

}  // namespace

std::string digests_text(const NamedBytes& files) {
  std::string text;
  for (const auto& [name, bytes] : files)
    if (name != bundle_name::digests) text += sha256(bytes) + "  " + name + "\n";
  return text;
}

void verify_digests(const NamedBytes& files) {
  const auto own = files.find(bundle_name::digests);
  if (own == files.end()) throw Error("'SHA256SUMS' is missing, the digests of its files; get the bundle again");
  const std::string sentence = difference(files, stated_digests(own->second));
  if (!sentence.empty()) throw Error(sentence);
  if (own->second != digests_text(files))
    throw Error(
        "'SHA256SUMS' is not the text of sha256sum over its files in the order of their names; get the bundle "
        "again");
}

}  // namespace mtl
