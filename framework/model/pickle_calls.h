#pragma once

#include "framework/model/pickle_value.h"

namespace mtl::pickle {

/// What Python would get from calling `callable`, which is on the list of harmless ones, as a description: nothing is
/// called here. Anything else is refused with Error, as refuse_call does.
Value* call(Heap& heap, Value& callable, const Value& arguments);

/// Throws the Error that names what the pickle calls and says how to convert the file.
[[noreturn]] void refuse_call(const Value& callable);

}  // namespace mtl::pickle
