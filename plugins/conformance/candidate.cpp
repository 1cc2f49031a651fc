#include "plugins/conformance/candidate.h"

#include <torch/utils.h>

#include <algorithm>
#include <sstream>

namespace mtl::conformance {
namespace {

OptionValue invented(const OptionSpec& option) {
  const double low = option.minimum.value_or(std::min(1.0, option.maximum.value_or(1.0)));
  const std::string text = option.choices.empty() ? "a" : option.choices.front();
  switch (option.type) {
    case OptionType::boolean:
      return true;
    case OptionType::integer:
      return static_cast<int64_t>(low);
    case OptionType::number:
      return low;
    case OptionType::string:
      return text;
    case OptionType::strings:
      return std::vector<std::string>{text, option.choices.size() > 1 ? option.choices[1] : "b"};
  }
  throw Error("its option '" + option.name + "' has a type that the SDK does not know");
}

}  // namespace

Options trial_options(const PluginItem& item) {
  std::map<std::string, OptionValue> values;
  for (const OptionSpec& option : item.options)
    values.emplace(option.name, option.default_value ? *option.default_value : invented(option));
  return Options(std::move(values));
}

template <class Base>
std::shared_ptr<Base> make(const PluginItem& item, const void* context, uint64_t seed) {
  torch::manual_seed(seed);
  std::string error;
  void* const object = item.create(item, trial_options(item), context, error);
  if (!object) throw Error(error);
  return std::shared_ptr<Base>(static_cast<Base*>(object), item.destroy);
}

template std::shared_ptr<Backbone> make(const PluginItem&, const void*, uint64_t);
template std::shared_ptr<TaskHead> make(const PluginItem&, const void*, uint64_t);
template std::shared_ptr<LossWeighting> make(const PluginItem&, const void*, uint64_t);

std::string sizes_text(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

std::string not_finite(const std::string& what, const at::Tensor& tensor) {
  return tensor.isfinite().all().item<bool>() ? "" : what + " holds infinity or NaN";
}

std::string bad_gradients(const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    const at::Tensor gradient = item.value().grad();
    if (!item.value().requires_grad()) continue;
    if (!gradient.defined()) return "parameter '" + item.key() + "' gets no gradient";
    if (!gradient.isfinite().all().item<bool>())
      return "the gradient of parameter '" + item.key() + "' holds infinity or NaN";
    if (gradient.count_nonzero().item<int64_t>() == 0)
      return "the gradient of parameter '" + item.key() + "' is zero everywhere";
  }
  return "";
}

void copy_state(const torch::nn::Module& from, torch::nn::Module& to) {
  const torch::NoGradGuard no_grad;
  for (const auto& item : from.named_parameters()) to.named_parameters()[item.key()].copy_(item.value());
  for (const auto& item : from.named_buffers()) to.named_buffers()[item.key()].copy_(item.value());
}

}  // namespace mtl::conformance
