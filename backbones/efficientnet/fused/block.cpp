#include "backbones/efficientnet/fused/block.h"

#include <torch/csrc/autograd/custom_function.h>

#include <array>

#include "backbones/efficientnet/fused/channelwise.h"
#include "backbones/efficientnet/fused/depthwise.h"
#include "backbones/efficientnet/fused/excite.h"
#include "backbones/efficientnet/fused/products.h"

namespace efficientnet::fused {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// A block's parameters, in the order in which autograd passes them. Without an entry its three are undefined.
struct Parameters {
  at::Tensor entry, entry_gamma, entry_beta;
  at::Tensor depthwise, depthwise_gamma, depthwise_beta;
  ExciteWeights excite;
  at::Tensor project, project_gamma, project_beta;

  std::array<at::Tensor*, 13> all() {
    return {&entry,
            &entry_gamma,
            &entry_beta,
            &depthwise,
            &depthwise_gamma,
            &depthwise_beta,
            &excite.reduce_weight,
            &excite.reduce_bias,
            &excite.expand_weight,
            &excite.expand_bias,
            &project,
            &project_gamma,
            &project_beta};
  }
};

/// What backward needs of forward.
struct Kept {
  at::Tensor x, factor;
  at::Tensor z1, norm1;
  at::Tensor z2, norm2;
  at::Tensor pooled, hidden, gate;
  at::Tensor z3, norm3;

  std::array<at::Tensor*, 11> all() {
    return {&x, &factor, &z1, &norm1, &z2, &norm2, &pooled, &hidden, &gate, &z3, &norm3};
  }
};

template <class Tensors>
void append(variable_list& list, Tensors& tensors) {
  for (const at::Tensor* tensor : tensors.all()) list.push_back(*tensor);
}

template <class Tensors>
Tensors take(variable_list& list, size_t& next) {
  Tensors tensors;
  for (at::Tensor* tensor : tensors.all()) *tensor = list[next++];
  return tensors;
}

int64_t values_per_channel(const at::Tensor& z) { return z.numel() / z.size(3); }

/// Which batch-norms took the running statistics, which do not depend on the batch.
struct Frozen {
  bool entry;
  bool depthwise;
  bool project;
};
Frozen frozen(const Block& block) {
  return {block.entry.norm != nullptr && !block.entry.norm->is_training(), !block.depthwise.norm->is_training(),
          !block.project.norm->is_training()};
}

at::Tensor pass_forward(const Block& block, const Parameters& parameters, Kept& kept, at::ScalarType storage) {
  const kernels::Kernels& with = *block.kernels;
  NormValues norm1;
  if (block.entry_kind != Entry::none) {
    Product entry = block.entry_kind == Entry::stem ? stem(with, kept.x, parameters.entry, storage)
                                                    : expand(with, kept.x, parameters.entry);
    norm1 = normalize(*block.entry.norm, entry.sums, values_per_channel(entry.z));
    kept.z1 = entry.z;
    kept.norm1 = norm1.tensor();
  }
  const bool has_entry = kept.z1.defined();
  Depthwise depth = depthwise(with, has_entry ? kept.z1 : kept.x, has_entry ? &norm1 : nullptr, parameters.depthwise,
                              block.depthwise.convolution->options.stride()->at(0));
  const NormValues norm2 = normalize(*block.depthwise.norm, depth.sums, values_per_channel(depth.z));
  kept.z2 = depth.z;
  kept.norm2 = norm2.tensor();

  kept.pooled = activate_and_pool(with, kept.z2, norm2, at::Tensor());
  const Excitation excitation = excite(kept.pooled, parameters.excite);
  kept.hidden = excitation.hidden;
  kept.gate = excitation.gate;

  Product projected = project(with, kept.z2, norm2, kept.gate, parameters.project);
  const NormValues norm3 = normalize(*block.project.norm, projected.sums, values_per_channel(projected.z));
  kept.z3 = projected.z;
  kept.norm3 = norm3.tensor();
  return normalize_and_add(with, kept.z3, norm3, kept.factor, block.has_residual ? kept.x : at::Tensor());
}

/// The sums of norm2's gradient and of gradient * x^, from the five sums of the projection: the gradient is
/// (t * gate + dpool) * d, and gate and dpool are the same for all rows of an image.
std::vector<double> sums_behind_excite(const at::Tensor& five, const at::Tensor& gate, const at::Tensor& dpool) {
  const at::Tensor first = (gate * five[1] + dpool * five[3]).sum(0, /*keepdim=*/false, at::kDouble);
  const at::Tensor second = (gate * five[2] + dpool * five[4]).sum(0, /*keepdim=*/false, at::kDouble);
  std::vector<double> sums(first.data_ptr<double>(), first.data_ptr<double>() + first.numel());
  sums.insert(sums.end(), second.data_ptr<double>(), second.data_ptr<double>() + second.numel());
  return sums;
}

struct Gradients {
  at::Tensor x;
  Parameters parameters;
};

Gradients pass_backward(const Block& block, const Frozen& is_frozen, const Parameters& parameters, const Kept& kept,
                        const at::Tensor& dy) {
  const kernels::Kernels& with = *block.kernels;
  const NormValues norm1(kept.norm1);
  const NormValues norm2(kept.norm2);
  const NormValues norm3(kept.norm3);
  Gradients to;

  const NormGradients g3 =
      normalize_backward(parameters.project_gamma, norm3, gradient_sums(with, dy, kept.z3, norm3, kept.factor).total(),
                         values_per_channel(kept.z3), is_frozen.project);
  to.parameters.project_gamma = g3.gamma;
  to.parameters.project_beta = g3.beta;
  ProjectGradients projected =
      project_backward(with, dy, kept.z3, g3, kept.factor, kept.z2, norm2, kept.gate, parameters.project);
  to.parameters.project = projected.weight;

  const ExciteGradients excited =
      excite_backward(projected.sums[0], {kept.hidden, kept.gate}, kept.pooled, parameters.excite);
  to.parameters.excite = excited.weights;
  const at::Tensor dpool = excited.pooled / (kept.z2.size(1) * kept.z2.size(2));

  const NormGradients g2 =
      normalize_backward(parameters.depthwise_gamma, norm2, sums_behind_excite(projected.sums, kept.gate, dpool),
                         values_per_channel(kept.z2), is_frozen.depthwise);
  to.parameters.depthwise_gamma = g2.gamma;
  to.parameters.depthwise_beta = g2.beta;
  const bool has_entry = kept.z1.defined();
  const at::Tensor residual = block.has_residual ? dy : at::Tensor();
  DepthwiseGradients depth =
      depthwise_backward(with, {projected.t, kept.gate, dpool}, kept.z2, norm2, g2, has_entry ? kept.z1 : kept.x,
                         has_entry ? &norm1 : nullptr, parameters.depthwise,
                         block.depthwise.convolution->options.stride()->at(0), has_entry ? at::Tensor() : residual);
  to.parameters.depthwise = depth.weight;
  if (!has_entry) {
    to.x = depth.x;
    return to;
  }

  projected.t = at::Tensor();  // the largest memory of the pass is free again before the next is taken
  const NormGradients g1 = normalize_backward(parameters.entry_gamma, norm1, depth.sums.total(),
                                              values_per_channel(kept.z1), is_frozen.entry);
  to.parameters.entry_gamma = g1.gamma;
  to.parameters.entry_beta = g1.beta;
  if (block.entry_kind == Entry::stem) {
    to.parameters.entry = stem_backward(with, depth.x, kept.z1, g1, kept.x, parameters.entry);
  } else {
    const ProductGradients expanded = expand_backward(with, depth.x, kept.z1, g1, kept.x, parameters.entry, residual);
    to.x = expanded.x;
    to.parameters.entry = expanded.weight;
  }
  return to;
}

/// The gradients are plain tensors: there is no second derivative through a block.
class BlockFunction : public torch::autograd::Function<BlockFunction> {
 public:
  /// Autograd takes an undefined tensor as an optional without a value.
  using Optional = c10::optional<at::Tensor>;

  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Optional& factor, const Block* block,
                            at::ScalarType storage, const Optional& entry, const Optional& entry_gamma,
                            const Optional& entry_beta, const at::Tensor& depthwise, const at::Tensor& depthwise_gamma,
                            const at::Tensor& depthwise_beta, const at::Tensor& reduce_weight,
                            const at::Tensor& reduce_bias, const at::Tensor& expand_weight,
                            const at::Tensor& expand_bias, const at::Tensor& project, const at::Tensor& project_gamma,
                            const at::Tensor& project_beta) {
    Parameters parameters{entry.value_or(at::Tensor()),
                          entry_gamma.value_or(at::Tensor()),
                          entry_beta.value_or(at::Tensor()),
                          depthwise,
                          depthwise_gamma,
                          depthwise_beta,
                          {reduce_weight, reduce_bias, expand_weight, expand_bias},
                          project,
                          project_gamma,
                          project_beta};
    Kept kept;
    kept.x = x;
    kept.factor = factor.value_or(at::Tensor());
    at::Tensor y = pass_forward(*block, parameters, kept, storage);
    variable_list saved;
    append(saved, parameters);
    append(saved, kept);
    context->save_for_backward(std::move(saved));
    const Frozen is_frozen = frozen(*block);
    context->saved_data["block"] = reinterpret_cast<int64_t>(block);
    context->saved_data["frozen"] = c10::List<bool>({is_frozen.entry, is_frozen.depthwise, is_frozen.project});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const at::NoGradGuard no_second_derivative;
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    variable_list saved = context->get_saved_variables();
    size_t next = 0;
    const auto parameters = take<Parameters>(saved, next);
    const auto kept = take<Kept>(saved, next);
    saved.clear();
    const auto* block = reinterpret_cast<const Block*>(context->saved_data["block"].toInt());
    const auto is_frozen = context->saved_data["frozen"].toBoolList();
    Gradients to =
        pass_backward(*block, {is_frozen[0], is_frozen[1], is_frozen[2]}, parameters, kept, gradients[0].contiguous());
    variable_list list{to.x, at::Tensor(), at::Tensor(), at::Tensor()};
    append(list, to.parameters);
    return list;
  }
};

/// 1x1 convolution, batch-norm, SiLU; the values and their mean.
class LastFunction : public torch::autograd::Function<LastFunction> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& x, const kernels::Kernels* with,
                               torch::nn::BatchNorm2dImpl* norm, const at::Tensor& weight, const at::Tensor& gamma,
                               const at::Tensor&) {
    Product product = expand(*with, x, weight);
    const NormValues values = normalize(*norm, product.sums, values_per_channel(product.z));
    at::Tensor y = at::empty_like(product.z);
    at::Tensor pooled = activate_and_pool(*with, product.z, values, y);
    context->save_for_backward({x, weight, gamma, product.z, values.tensor()});
    context->saved_data["kernels"] = reinterpret_cast<int64_t>(with);
    context->saved_data["frozen"] = !norm->is_training();
    context->set_materialize_grads(false);
    return {y, pooled};
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const at::NoGradGuard no_second_derivative;
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& weight = saved[1];
    const at::Tensor& z = saved[3];
    const NormValues values(saved[4]);
    const auto& with = *reinterpret_cast<const kernels::Kernels*>(context->saved_data["kernels"].toInt());
    const auto contiguous = [](const at::Tensor& gradient) {
      return gradient.defined() ? gradient.contiguous() : gradient;
    };
    const ActivationGradient activation =
        activate_and_pool_backward(with, z, values, contiguous(gradients[0]), contiguous(gradients[1]));
    const NormGradients norm = normalize_backward(saved[2], values, activation.sums.total(), values_per_channel(z),
                                                  context->saved_data["frozen"].toBool());
    const ProductGradients product = expand_backward(with, activation.g, z, norm, x, weight, at::Tensor());
    return {product.x, at::Tensor(), at::Tensor(), product.weight, norm.gamma, norm.beta};
  }
};

}  // namespace

at::Tensor forward(const Block& block, const at::Tensor& x, const at::Tensor& factor, at::ScalarType storage) {
  using Optional = BlockFunction::Optional;
  const auto entry = [&](auto parameter) {
    return block.entry_kind == Entry::none ? Optional() : Optional(parameter(block.entry));
  };
  return BlockFunction::apply(x, factor.defined() ? Optional(factor) : Optional(), &block, storage,
                              entry([](const NormedConvolution& from) { return from.convolution->weight; }),
                              entry([](const NormedConvolution& from) { return from.norm->weight; }),
                              entry([](const NormedConvolution& from) { return from.norm->bias; }),
                              block.depthwise.convolution->weight, block.depthwise.norm->weight,
                              block.depthwise.norm->bias, block.reduce->weight, block.reduce->bias,
                              block.excite->weight, block.excite->bias, block.project.convolution->weight,
                              block.project.norm->weight, block.project.norm->bias);
}

LastFeatures forward_last(const kernels::Kernels& with, const NormedConvolution& last, const at::Tensor& x) {
  const variable_list outputs =
      LastFunction::apply(x, &with, last.norm, last.convolution->weight, last.norm->weight, last.norm->bias);
  return {outputs[0].permute({0, 3, 1, 2}).to(at::kFloat), outputs[1]};
}

}  // namespace efficientnet::fused
