#pragma once

#include <stdexcept>
#include <string>

#include "mtl/export.h"

namespace mtl {

/// A failure that a user can act on. Its text is one sentence: what was found, what was expected, and the way out.
/// The engine adds where it happened (file, position, task, plugin) and prints it without a stack trace.
class MTL_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~Error() override;
};

}  // namespace mtl
