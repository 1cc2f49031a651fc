#include "mtl/backbone.h"

namespace mtl {

Backbone::~Backbone() = default;

std::vector<std::string> Backbone::notes() const { return {}; }

std::vector<std::string> Backbone::stages() const {
  std::vector<std::string> prefixes;
  for (const auto& child : named_children())
    if (!child.value()->parameters().empty()) prefixes.push_back(child.key() + ".");
  return prefixes;
}

std::vector<NameScheme> Backbone::name_schemes() const { return {}; }

}  // namespace mtl
