#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mtl/plugin.h"
#include "plugins/host/given_option.h"
#include "plugins/host/plugin_index.h"

namespace mtl::host {

/// A plugin that was found and loaded.
struct LoadedItem {
  const PluginItem* item;
  std::filesystem::path file;
  PluginNote note;
};

const char* name_of(PluginKind kind);  ///< backbone, head, weighting

/// The plugins of some folders. Only those that are asked for are loaded. Every failure is an mtl::Error of one
/// sentence, led by the position of the TOML key that asked.
class PluginRegistry {
 public:
  explicit PluginRegistry(std::vector<std::filesystem::path> folders, Trust trust = Trust::owner);

  const std::vector<std::filesystem::path>& folders() const { return folders_; }
  const std::vector<IndexedFile>& files() const { return files_; }

  /// The one file that offers a plugin and can be used, judged without running its code.
  const IndexedFile& usable_file(PluginKind kind, const std::string& name, const std::string& where) const;

  /// Finds and loads a plugin: a name, an offer, one file, its note, its ABI, its code, its entry.
  LoadedItem find(PluginKind kind, const std::string& name, const std::string& where) const;

  /// The file that a choice comes from, as text for sentences.
  std::string library_of(PluginKind kind, const PluginChoice& choice) const;

  /// Everything that is wrong with a choice, its options included, without creating anything.
  std::vector<std::string> problems(PluginKind kind, const PluginChoice& choice) const;

  std::shared_ptr<Backbone> make_backbone(const PluginChoice& choice) const;
  std::shared_ptr<TaskHead> make_head(const PluginChoice& choice, const std::string& task,
                                      const FeatureShape& features) const;
  std::shared_ptr<LossWeighting> make_weighting(const PluginChoice& choice, const WeightingContext& context) const;

 private:
  const IndexedFile& file_of(PluginKind kind, const std::string& name, const std::string& where) const;
  template <class Base>
  std::shared_ptr<Base> make(PluginKind kind, const PluginChoice& choice, const std::string& user,
                             const void* context) const;

  std::vector<std::filesystem::path> folders_;
  std::vector<IndexedFile> files_;
};

}  // namespace mtl::host
