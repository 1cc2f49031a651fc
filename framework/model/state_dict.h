#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "framework/model/pickle_value.h"

namespace mtl::pickle {

using NamedTensors = std::vector<std::pair<std::string_view, const Tensor*>>;

/// The tensors of the weights in what torch.save wrote: a training state's under 'state_dict', 'model' and the like, or
/// the dict itself. In its order; what is no tensor is left out.
///
/// Throws mtl::Error; its text is the end of a sentence that starts with the file: "holds no weights: ...".
NamedTensors find_state_dict(const Value& root);

}  // namespace mtl::pickle
