#pragma once

#include <ATen/core/Tensor.h>

#include <type_traits>

#include "backbones/efficientnet/kernels/instruction_set.h"

namespace efficientnet::fused {

/// What body returns for the kernels over the type that the activation is stored in: float32 or bfloat16.
template <class Body>
auto for_storage(const kernels::Kernels& with, const at::ScalarType storage, const Body& body) {
  return storage == at::kBFloat16 ? body(with.in_bfloat16) : body(with.in_float32);
}
template <class Body>
auto for_storage(const kernels::Kernels& with, const at::Tensor& activation, const Body& body) {
  return for_storage(with, activation.scalar_type(), body);
}

/// Where a tensor's values begin; null where it is undefined.
template <class T>
T* values(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  if constexpr (std::is_same_v<T, kernels::bfloat16>)
    return reinterpret_cast<T*>(tensor.data_ptr<at::BFloat16>());
  else
    return tensor.data_ptr<T>();
}

}  // namespace efficientnet::fused
