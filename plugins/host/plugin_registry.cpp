#include "plugins/host/plugin_registry.h"

#include <algorithm>
#include <utility>

#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/library_file.h"
#include "plugins/host/option_check.h"
#include "plugins/host/plugin_call.h"

namespace mtl::host {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& sentence) { throw Error(where + ": " + sentence); }

bool offers(const IndexedFile& file, PluginKind kind, const std::string& name) {
  return std::any_of(file.offers.begin(), file.offers.end(),
                     [&](const Offer& offer) { return offer.kind == name_of(kind) && offer.name == name; });
}

std::string text_of(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> texts;
  for (const auto& folder : folders) texts.push_back(folder.string());
  return texts.empty() ? "no folder" : join(texts, ", ");
}

std::string owner_of(PluginKind kind, const std::string& name) {
  return std::string(name_of(kind)) + " " + in_quotes(name);
}

}  // namespace

const char* name_of(PluginKind kind) {
  switch (kind) {
    case PluginKind::backbone:
      return "backbone";
    case PluginKind::head:
      return "head";
    case PluginKind::weighting:
      return "weighting";
  }
  return "plugin of an unknown kind";
}

PluginRegistry::PluginRegistry(std::vector<std::filesystem::path> folders, Trust trust)
    : folders_(std::move(folders)), files_(index_plugins(folders_, trust)) {}

const IndexedFile& PluginRegistry::file_of(PluginKind kind, const std::string& name, const std::string& where) const {
  std::vector<const IndexedFile*> found;
  std::vector<std::string> available;
  std::string namesake;  // a file that carries the name but cannot be used explains the failure best
  for (const IndexedFile& file : files_) {
    if (offers(file, kind, name)) found.push_back(&file);
    if (!file.problem.empty() && file.offers.empty() && file.file.stem() == name)
      namesake = file.file.string() + " " + file.problem;
    for (const Offer& offer : file.offers)
      if (offer.kind == name_of(kind) && file.problem.empty()) available.push_back(offer.name);
  }
  if (found.size() > 1)
    fail(where, "two libraries offer the " + owner_of(kind, name) + ": " + found[0]->file.string() + " and " +
                    found[1]->file.string() + "; remove one of them");
  if (!found.empty()) return *found.front();
  if (!namesake.empty()) fail(where, namesake);
  fail(where, "there is no " + owner_of(kind, name) + did_you_mean(name, available) + "; searched " +
                  text_of(folders_) +
                  (available.empty() ? ", where there is none" : ", where there are " + quoted_list(available)));
}

const IndexedFile& PluginRegistry::usable_file(PluginKind kind, const std::string& name,
                                               const std::string& where) const {
  if (!is_plugin_name(name))
    fail(where, "the plugin name " + in_quotes(name) +
                    " is no name of small letters, digits and '_' that begins with a letter");
  const IndexedFile& file = file_of(kind, name, where);
  if (!file.problem.empty()) fail(where, file.file.string() + " " + file.problem);
  return file;
}

LoadedItem PluginRegistry::find(PluginKind kind, const std::string& name, const std::string& where) const {
  const IndexedFile& file = usable_file(kind, name, where);
  const LoadedLibrary library = call_plugin(file.file.string(), [&] { return load_library(file.file); });
  if (!library.problem.empty()) fail(where, file.file.string() + " " + library.problem);
  for (size_t i = 0; i < library.api->count; ++i) {
    const PluginItem& item = library.api->items[i];
    if (item.kind == kind && item.name == name) return {&item, file.file, file.note};
  }
  fail(where, file.file.string() + " offers the " + owner_of(kind, name) +
                  " in its note but not in its entry function; build it again");
}

std::string PluginRegistry::library_of(PluginKind kind, const PluginChoice& choice) const {
  return find(kind, choice.name, choice.where).file.string();
}

std::vector<std::string> PluginRegistry::problems(PluginKind kind, const PluginChoice& choice) const {
  try {
    const LoadedItem found = find(kind, choice.name, choice.where);
    return check_options(found.item->options, choice.options, owner_of(kind, choice.name), choice.where).problems;
  } catch (const Error& error) {
    return {error.what()};
  }
}

template <class Base>
std::shared_ptr<Base> PluginRegistry::make(PluginKind kind, const PluginChoice& choice, const std::string& user,
                                           const void* context) const {
  const LoadedItem found = find(kind, choice.name, choice.where);
  CheckedOptions checked =
      check_options(found.item->options, choice.options, owner_of(kind, choice.name), choice.where);
  if (!checked.problems.empty()) throw Error(join(checked.problems, "\n"));
  const std::string who = choice.where + ": " + user + owner_of(kind, choice.name) + " (" + found.file.string() + ")";
  std::string error;
  void* const object = call_plugin(
      who, [&] { return found.item->create(*found.item, Options(std::move(checked.values)), context, error); });
  if (!object) throw Error(who + " failed to start: " + error);
  return std::shared_ptr<Base>(static_cast<Base*>(object), found.item->destroy);
}

std::shared_ptr<Backbone> PluginRegistry::make_backbone(const PluginChoice& choice) const {
  return make<Backbone>(PluginKind::backbone, choice, "", nullptr);
}

std::shared_ptr<TaskHead> PluginRegistry::make_head(const PluginChoice& choice, const std::string& task,
                                                    const FeatureShape& features) const {
  return make<TaskHead>(PluginKind::head, choice, "task " + in_quotes(task) + ": ", &features);
}

std::shared_ptr<LossWeighting> PluginRegistry::make_weighting(const PluginChoice& choice,
                                                              const WeightingContext& context) const {
  return make<LossWeighting>(PluginKind::weighting, choice, "", &context);
}

}  // namespace mtl::host
