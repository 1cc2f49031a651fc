#include "mtl/error.h"

namespace mtl {

Error::~Error() = default;

}  // namespace mtl
