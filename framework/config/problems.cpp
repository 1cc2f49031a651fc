#include "framework/config/problems.h"

#include "mtl/text.h"

namespace mtl {

ConfigError::ConfigError(const std::vector<std::string>& problems) : Error(join(problems, "\n")) {}

void Problems::raise() const {
  if (!empty()) throw ConfigError(sentences_);
}

}  // namespace mtl
