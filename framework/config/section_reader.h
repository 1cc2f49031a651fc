#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "framework/config/config_keys.h"
#include "framework/config/config_tree.h"
#include "framework/config/problems.h"

namespace mtl {

/// Fills the members that sections name from a tree of TOML values, and collects what is wrong on the way.
class SectionReader {
 public:
  /// `file` is what sentences call the file.
  SectionReader(ConfigTable tree, std::string file);

  /// Reads each section's table where there is one.
  void read(const std::vector<Section>& sections);
  /// Reads one table; keys in `nested` are tables of their own.
  void fill(const Section& section, const ConfigTable& table, const std::string& path, const std::string& where,
            const std::vector<std::string>& nested);
  /// Complains of every table at the top that is neither a section's nor one of `others`.
  void check_top_level(const std::vector<Section>& sections, const std::vector<std::string>& others);

  const ConfigTable& tree() const { return tree_; }
  Problems& problems() { return problems_; }
  /// Where a key was set, or where its table or file is, for keys that stand nowhere.
  std::string locate(const std::string& key) const;
  /// Per key that stands in the file or an override, where.
  std::map<std::string, std::string> take_origins() { return std::move(origins_); }

 private:
  const ConfigTable* find_table(const std::string& path);
  void add_option(host::PluginChoice& choice, const std::string& name, const std::string& full_name,
                  const ConfigNode& node);
  void require_keys(const Section& section, const ConfigTable& table, const std::string& path,
                    const std::string& where);

  ConfigTable tree_;
  std::string file_;
  std::map<std::string, std::string> origins_;
  std::map<std::string, std::string> where_;  // of tables
  std::set<std::string> reported_;            // of these, the ones that are no tables
  Problems problems_;
};

}  // namespace mtl
