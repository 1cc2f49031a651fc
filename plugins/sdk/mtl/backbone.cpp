#include "mtl/backbone.h"

namespace mtl {

Backbone::~Backbone() = default;

}  // namespace mtl
