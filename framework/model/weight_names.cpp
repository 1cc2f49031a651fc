#include "framework/model/weight_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

bool begins_with(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

/// A name that is not `known`, without what DataParallel, torch.compile and frameworks put before it.
std::string without_wrappers(std::string name, const std::set<std::string>& known) {
  static const std::string wrappers[] = {"module.", "_orig_mod.", "backbone.", "model."};
  for (bool found = true; found && known.count(name) == 0;) {
    found = false;
    for (const std::string& wrapper : wrappers)
      if (begins_with(name, wrapper)) {
        name.erase(0, wrapper.size());
        found = true;
        break;
      }
  }
  return name;
}

/// theirs -> own; the backbone's own names first, since a file of this engine has them.
std::vector<NameScheme> all_schemes(const Backbone& backbone) {
  NameScheme own{"", {}, "classifier"};
  for (const auto& item : backbone.named_parameters()) own.names[item.key()] = item.key();
  for (const auto& item : backbone.named_buffers()) own.names[item.key()] = item.key();
  std::vector<NameScheme> schemes{own};
  for (NameScheme& scheme : backbone.name_schemes()) schemes.push_back(std::move(scheme));
  return schemes;
}

std::map<std::string, std::string> own_by_theirs(const NameScheme& scheme) {
  std::map<std::string, std::string> inverse;
  for (const auto& [own, theirs] : scheme.names) inverse[theirs] = own;
  return inverse;
}

}  // namespace

NamedForBackbone named_for(const Backbone& backbone, std::vector<NamedTensor> tensors) {
  const std::vector<NameScheme> schemes = all_schemes(backbone);
  std::set<std::string> known_names;
  for (const NameScheme& scheme : schemes)
    for (const auto& [own, theirs] : scheme.names) known_names.insert(theirs);
  for (NamedTensor& named : tensors) named.name = without_wrappers(std::move(named.name), known_names);
  const NameScheme* best = nullptr;
  std::map<std::string, std::string> names;
  int64_t most = -1;
  for (const NameScheme& scheme : schemes) {
    std::map<std::string, std::string> inverse = own_by_theirs(scheme);
    const int64_t known = std::count_if(tensors.begin(), tensors.end(),
                                        [&](const NamedTensor& named) { return inverse.count(named.name) > 0; });
    if (known <= most) continue;
    most = known;
    best = &scheme;
    names = std::move(inverse);
  }
  NamedForBackbone result;
  result.scheme = best->name;
  for (NamedTensor& named : tensors) {
    const auto own = names.find(named.name);
    if (own != names.end())
      result.tensors.push_back({own->second, named.tensor});
    else if (begins_with(named.name, "classifier.") || begins_with(named.name, "heads."))
      result.skipped.push_back(std::move(named));
    else
      result.tensors.push_back(std::move(named));
  }
  return result;
}

NameScheme scheme_named(const std::string& name, const Backbone& backbone) {
  std::vector<std::string> known;
  for (NameScheme& scheme : backbone.name_schemes()) {
    if (scheme.name == name) return scheme;
    known.push_back(scheme.name);
  }
  throw Error("the backbone has no names of " + in_quotes(name) +
              (known.empty() ? ", only its own" : "; it has those of " + quoted_list(known)));
}

std::vector<NamedTensor> named_as(const std::string& scheme, const Backbone& backbone, std::vector<NamedTensor> own) {
  const NameScheme names = scheme_named(scheme, backbone);
  for (NamedTensor& named : own) {
    const auto theirs = names.names.find(named.name);
    if (theirs == names.names.end())
      throw Error("the names of " + in_quotes(scheme) + " have none for " + in_quotes(named.name));
    named.name = theirs->second;
  }
  return own;
}

}  // namespace mtl
