#include "framework/model/pickle_value.h"

#include <string>

#include "mtl/error.h"

namespace mtl::pickle {

Value* Heap::make(Value value) {
  constexpr size_t most_values = 1 << 22;
  if (values_.size() >= most_values)
    throw Error("holds more than " + std::to_string(most_values) +
                " values besides its tensors; save the weights alone with torch.save(model.state_dict(), ...)");
  return &values_.emplace_back(std::move(value));
}

}  // namespace mtl::pickle
