#pragma once

#include <memory>

#include "mtl/plugin.h"

namespace mtl::conformance {

/// The values that an item is tried with: its defaults, and for an option that has none, one of those it says it takes.
Options trial_options(const PluginItem& item);

/// A new object of an item, made after seeding LibTorch. Throws mtl::Error with the item's own text where it refuses.
template <class Base>
std::shared_ptr<Base> make(const PluginItem& item, const void* context, uint64_t seed);

extern template std::shared_ptr<Backbone> make(const PluginItem&, const void*, uint64_t);
extern template std::shared_ptr<TaskHead> make(const PluginItem&, const void*, uint64_t);
extern template std::shared_ptr<LossWeighting> make(const PluginItem&, const void*, uint64_t);

/// Something like "[5, 3]": a tensor's sizes for a sentence.
std::string sizes_text(const at::Tensor& tensor);

/// "" where every value of a floating-point tensor is finite, else a sentence's end about `what`.
std::string not_finite(const std::string& what, const at::Tensor& tensor);

/// "" where each of a module's parameters has a gradient that is finite and not zero everywhere.
std::string bad_gradients(const torch::nn::Module& module);

/// Gives `to` the parameters and buffers of `from`.
void copy_state(const torch::nn::Module& from, torch::nn::Module& to);

}  // namespace mtl::conformance
