#pragma once

#include <string>
#include <vector>

#include "framework/model/named_tensor.h"
#include "mtl/backbone.h"

namespace mtl {

/// What of a weights file is the backbone's, under the backbone's own names, and what is not.
struct NamedForBackbone {
  std::vector<NamedTensor> tensors;
  std::vector<NamedTensor> skipped;  ///< a classifier's and heads', under the file's names without wrappers
  std::string scheme;                ///< of the names in the file; "" for the backbone's own
};

/// Takes what wrappers put before names ("module.", "backbone.") away, finds out which of the backbone's name schemes
/// most of them belong to, and renames.
NamedForBackbone named_for(const Backbone& backbone, std::vector<NamedTensor> tensors);

/// The backbone's tensors under a scheme's names. Throws mtl::Error for a scheme that it does not have.
std::vector<NamedTensor> named_as(const std::string& scheme, const Backbone& backbone, std::vector<NamedTensor> own);
/// The scheme of that name; throws mtl::Error with those that there are.
NameScheme scheme_named(const std::string& name, const Backbone& backbone);

}  // namespace mtl
