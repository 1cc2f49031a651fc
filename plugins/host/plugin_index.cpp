#include "plugins/host/plugin_index.h"

#include <algorithm>
#include <sstream>

#include "mtl/text.h"
#include "plugins/host/abi_check.h"
#include "plugins/host/note_reader.h"
#include "plugins/host/permission_check.h"

namespace mtl::host {
namespace fs = std::filesystem;
namespace {

std::vector<Offer> parse_offers(const std::string& text) {
  std::vector<Offer> offers;
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    const size_t colon = word.find(':');
    if (colon != std::string::npos) offers.push_back({word.substr(0, colon), word.substr(colon + 1)});
  }
  return offers;
}

bool lies_in(const fs::path& file, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

std::string bad_offer(const std::vector<Offer>& offers) {
  for (const Offer& offer : offers) {
    const bool known_kind = offer.kind == "backbone" || offer.kind == "head" || offer.kind == "weighting";
    if (!known_kind || !is_plugin_name(offer.name))
      return "offers " + in_quotes(offer.kind + ":" + offer.name) +
             "; a backbone, head or weighting with a name of small letters, digits and '_' is expected";
  }
  return offers.empty() ? "has a note that offers nothing; name what it offers in MTL_PLUGIN" : "";
}

IndexedFile judge(const fs::path& found, const fs::path& folder, Trust trust) {
  IndexedFile entry;
  entry.folder = folder;
  std::error_code error;
  entry.file = fs::canonical(found, error);
  if (error) {
    entry.file = found;
    entry.problem = "leads to nothing: " + error.message();
    return entry;
  }
  if (!lies_in(entry.file, folder)) {
    entry.problem = "is a link from " + found.string() + ", out of the plugin folder; copy the file itself there";
    return entry;
  }
  const NoteReading reading = read_note(entry.file);
  entry.problem = reading.problem;
  if (!reading.note) return entry;
  entry.note = *reading.note;
  entry.has_note = true;
  entry.offers = parse_offers(entry.note.offers);
  entry.problem = abi_mismatch(entry.note, engine_note());
  if (entry.problem.empty()) entry.problem = bad_offer(entry.offers);
  if (entry.problem.empty()) (trust == Trust::owner ? entry.problem : entry.warning) = open_to_others(entry.file);
  return entry;
}

}  // namespace

std::vector<IndexedFile> index_plugins(const std::vector<fs::path>& folders, Trust trust) {
  std::vector<IndexedFile> index;
  for (const fs::path& folder : folders) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end; it.increment(error))
      if (it->path().extension() == ".so") files.push_back(it->path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      IndexedFile entry = judge(file, folder, trust);
      const bool seen =
          std::any_of(index.begin(), index.end(), [&](const IndexedFile& other) { return other.file == entry.file; });
      if (!seen) index.push_back(std::move(entry));
    }
  }
  return index;
}

IndexedFile judge_file(const fs::path& file, Trust trust) {
  std::error_code error;
  return judge(file, fs::canonical(file, error).parent_path(), trust);
}

bool is_plugin_name(const std::string& name) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= 64 && small(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return small(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace mtl::host
