#include "framework/train/state_parts.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <map>

#include "framework/model/shape_text.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {

void add_part(std::vector<NamedTensor>& to, const std::string& part, const std::vector<NamedTensor>& tensors) {
  for (const NamedTensor& named : tensors) to.push_back({part + "/" + named.name, named.tensor});
}

std::vector<NamedTensor> part_of(const std::vector<NamedTensor>& all, const std::string& part) {
  const std::string prefix = part + "/";
  std::vector<NamedTensor> tensors;
  for (const NamedTensor& named : all)
    if (named.name.rfind(prefix, 0) == 0) tensors.push_back({named.name.substr(prefix.size()), named.tensor});
  return tensors;
}

void load_into(const std::vector<NamedTensor>& to, const std::vector<NamedTensor>& from) {
  std::map<std::string, at::Tensor> given;
  for (const NamedTensor& named : from) given.emplace(named.name, named.tensor);
  for (const NamedTensor& named : to) {
    const auto found = given.find(named.name);
    if (found == given.end()) throw Error("there is no " + in_quotes(named.name));
    const at::Tensor& tensor = found->second;
    if (tensor.sizes() != named.tensor.sizes() || tensor.scalar_type() != named.tensor.scalar_type())
      throw Error(in_quotes(named.name) + " is " + shape_text(tensor.sizes()) + " of " +
                  c10::toString(tensor.scalar_type()) + " and not " + shape_text(named.tensor.sizes()) + " of " +
                  c10::toString(named.tensor.scalar_type()));
  }
  if (given.size() != to.size())
    throw Error("there are " + std::to_string(given.size()) + " tensors and not " + std::to_string(to.size()));
  const torch::NoGradGuard no_grad;
  for (const NamedTensor& named : to) at::Tensor(named.tensor).copy_(given.at(named.name));
}

at::Tensor as_tensor(int64_t value) { return torch::tensor(value, at::kLong); }
at::Tensor as_tensor(double value) { return torch::tensor(value, at::kDouble); }

}  // namespace mtl
