#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/model/named_tensor.h"

namespace mtl {

/// Adds `tensors` under the names "PART/NAME".
void add_part(std::vector<NamedTensor>& to, const std::string& part, const std::vector<NamedTensor>& tensors);
/// The tensors that add_part() added under this name, without it.
std::vector<NamedTensor> part_of(const std::vector<NamedTensor>& all, const std::string& part);

/// Copies the values of `from` into the tensors of the same names. Throws mtl::Error, before any is changed, where one
/// is missing or left over, or has another shape or type.
void load_into(const std::vector<NamedTensor>& to, const std::vector<NamedTensor>& from);

/// A number as a tensor of no dimension, which keeps all its bits.
at::Tensor as_tensor(int64_t value);
at::Tensor as_tensor(double value);

}  // namespace mtl
