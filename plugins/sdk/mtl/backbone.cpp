#include "mtl/backbone.h"

namespace mtl {

Backbone::~Backbone() = default;

std::vector<std::string> Backbone::notes() const { return {}; }

}  // namespace mtl
