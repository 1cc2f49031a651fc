#pragma once

#include <string_view>

#include "framework/model/pickle_value.h"

namespace mtl::pickle {

struct Pickle {
  Heap heap;
  const Value* root;
};

/// Describes what a pickle (protocols 2 to 5, as torch.save writes them) holds, and runs nothing of it: the time and
/// memory it takes grow with `bytes` alone, which have to outlive the result.
///
/// Throws mtl::Error where it would call what is not known to be harmless, or is damaged; its text is the end of a
/// sentence that starts with the file: "holds a pickle that runs code when it is read: it calls 'os.system'; ...".
Pickle read(std::string_view bytes);

}  // namespace mtl::pickle
