#include "framework/model/torchscript.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "framework/model/shape_text.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace jit = torch::jit;
namespace {

constexpr int64_t largest_constant = 1000;  // elements; what operations are told is smaller, what they compute larger
// Float32 by two kinds of kernels, since fused ones give way while a program is traced: 1.2e-5 was seen on a trained
// B0. What a trace misses is off by far more.
constexpr double largest_difference = 1e-3;
constexpr const char* untraceable =
    " computes outside of LibTorch's operations, or chooses by values or sizes in C++, where a trace cannot follow; "
    "let forward() consist of at:: operations on tensors that it computes or has registered";

/// What LibTorch says of a failure in a program of its own, whose first lines only tell where it happened.
std::string reason_of(const std::exception& error) {
  std::string text = error.what();
  const std::string marker = "RuntimeError: ";
  if (const size_t at = text.rfind(marker); at != std::string::npos) text.erase(0, at + marker.size());
  return text.substr(0, text.find('\n'));
}

/// The model computes as in evaluation while this lives; then every module is in the mode in which it was.
class EvaluationMode {
 public:
  explicit EvaluationMode(MultiTaskModel& model) {
    remember(model.backbone());
    for (const GuardedHead& head : model.heads()) remember(head.head());
    model.train(false);
  }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;
  ~EvaluationMode() {
    for (const auto& [module, training] : before_) module->train(training);  // parents come before their children
  }

 private:
  void remember(torch::nn::Module& root) {
    for (const auto& module : root.modules()) before_.emplace_back(module, module->is_training());
  }
  std::vector<std::pair<std::shared_ptr<torch::nn::Module>, bool>> before_;
};

/// The same backbone and the heads of these tasks; of all, where none is named.
MultiTaskModel with_tasks(MultiTaskModel& model, const std::vector<std::string>& tasks) {
  std::vector<std::string> known;
  std::vector<GuardedHead> heads;
  for (const GuardedHead& head : model.heads()) {
    known.push_back(head.task());
    if (tasks.empty() || std::find(tasks.begin(), tasks.end(), head.task()) != tasks.end()) heads.push_back(head);
  }
  for (const std::string& task : tasks)
    if (std::find(known.begin(), known.end(), task) == known.end())
      throw Error("no task is named " + in_quotes(task) + did_you_mean(task, known) + "; the model has " +
                  quoted_list(known));
  return {std::dynamic_pointer_cast<Backbone>(model.backbone().shared_from_this()), std::move(heads)};
}

jit::Module empty_module(const std::shared_ptr<jit::CompilationUnit>& unit) {
  jit::Module module(c10::QualifiedName("__torch__.mtl.Module"), unit, /*shouldMangle=*/true);
  module.register_attribute("training", c10::BoolType::get(), false);
  return module;
}

/// Registers "heads.A.classifier.weight" as `weight` of the module at heads.A.classifier, made where it is missing.
void add_tensor(jit::Module module, const std::string& name, const at::Tensor& tensor, bool is_parameter) {
  const size_t dot = name.find('.');
  if (dot == std::string::npos) return module.register_parameter(name, tensor, /*is_buffer=*/!is_parameter);
  const std::string child = name.substr(0, dot);
  if (!module.hasattr(child)) module.register_module(child, empty_module(module._ivalue()->compilation_unit()));
  add_tensor(module.attr(child).toModule(), name.substr(dot + 1), tensor, is_parameter);
}

/// Modules that hold the model's own tensors under its names, and no program.
jit::Module without_program(const MultiTaskModel& model) {
  jit::Module root = empty_module(std::make_shared<jit::CompilationUnit>());
  const std::vector<NamedTensor> state = model.state();
  const size_t parameters = model.parameters().size();
  for (size_t i = 0; i < state.size(); ++i) add_tensor(root, state[i].name, state[i].tensor, i < parameters);
  return root;
}

/// What is traced: {task: outputs}. The layout that Backbone::forward() is promised becomes part of the program.
c10::Dict<std::string, at::Tensor> outputs_by_task(MultiTaskModel& model, const at::Tensor& images) {
  const std::vector<at::Tensor> outputs = model.forward(images.contiguous(at::MemoryFormat::ChannelsLast));
  c10::Dict<std::string, at::Tensor> by_task;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!jit::tracer::getTracingState()->hasValue(outputs[i]))
      throw Error(model.heads()[i].who() + ": it" + untraceable);
    by_task.insert(model.heads()[i].task(), outputs[i]);
  }
  return by_task;
}

/// Whether an operation of the program writes into this value or into a view of it.
bool is_filled(const jit::Value* value) {
  const auto fills = [](const jit::Use& use) {
    const c10::FunctionSchema* schema = use.user->maybeSchema();
    if (!schema || use.offset >= schema->arguments().size()) return false;
    const c10::AliasInfo* alias = schema->arguments()[use.offset].alias_info();
    if (!alias || alias->isWrite()) return alias != nullptr;
    const auto views = use.user->outputs();
    return std::any_of(views.begin(), views.end(), is_filled);
  };
  return std::any_of(value->uses().begin(), value->uses().end(), fills);
}

/// A tensor that the program has from nowhere: a constant too large for a setting, or memory that nothing fills.
bool is_from_outside(const jit::Node* node) {
  if (node->kind() == c10::prim::Constant)
    return node->hasAttribute(c10::attr::value) && node->kindOf(c10::attr::value) == jit::AttributeKind::t &&
           node->t(c10::attr::value).numel() > largest_constant;
  const bool is_empty = node->kind() == c10::aten::empty || node->kind() == c10::aten::empty_like ||
                        node->kind() == c10::aten::empty_strided || node->kind() == c10::aten::new_empty;
  return is_empty && node->output()->hasUses() && !is_filled(node->output());
}

void require_whole(const jit::Graph& graph) {
  for (const jit::Node* node : graph.nodes())
    if (is_from_outside(node)) throw Error("the backbone or a head" + std::string(untraceable));
}

jit::Module traced(MultiTaskModel& model, const at::Tensor& images) {
  jit::Module module = without_program(model);
  const auto program = [&](jit::Stack inputs) {
    const jit::tracer::NoWarn quiet;  // what it would warn of, Comparison finds
    return jit::Stack{outputs_by_task(model, inputs.at(0).toTensor())};
  };
  const auto no_names = [](const at::Tensor&) { return std::string(); };
  const auto graph = jit::tracer::trace({images}, program, no_names, /*strict=*/false,  // strict allows no dictionary
                                        /*force_outplace=*/false, &module, {"images"})
                         .first->graph;
  require_whole(*graph);
  module.type()->addMethod(module._ivalue()->compilation_unit()->create_function(
      c10::QualifiedName(*module.type()->name(), "forward"), graph));
  return module;
}

/// Tensors of its own in the default layout: the model's may be channels-last, or parts of something larger.
void copy_tensors(const jit::Module& module) {
  for (jit::Module part : module.modules())
    for (const auto& attribute : part.named_attributes(/*recurse=*/false))
      if (attribute.value.isTensor())
        part.setattr(attribute.name, attribute.value.toTensor().detach().clone(at::MemoryFormat::Contiguous));
}

/// How outputs that should be the same differ, to end a sentence; "" where they do not.
std::string difference(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes())
    return "have the shape " + shape_text(found.sizes()) + " instead of " + shape_text(expected.sizes());
  const at::Tensor finite = at::isfinite(expected);
  const at::Tensor own = found.masked_select(finite), right = expected.masked_select(finite);
  if (at::equal(own, right)) return "";
  const double share = ((own - right).norm() / right.norm()).item<double>();
  if (share < largest_difference) return "";  // not so where it is NaN
  return "differ from the model's by " + std::to_string(share) + " of their norm";
}

std::string who_of(const MultiTaskModel& model) {
  return model.heads().size() == 1 ? model.heads().front().who() : "the model";
}

/// Compares a program with the model that it was traced from.
class Comparison {
 public:
  Comparison(MultiTaskModel& model, const at::Tensor& example) : model_(model), example_(example) {}

  /// Throws mtl::Error that names the task where the program answers otherwise than the model.
  void require_same(const jit::Module& program) const {
    const int64_t n = example_.size(0), h = example_.size(2), w = example_.size(3);
    require_same(program, example_);
    require_same(program, noise({n + 1, 3, h, w}, -1, 1));
    require_same(program, noise({n + 2, 3, h, w}, 0, 0.1));
    require_same(program, noise({n + 1, 3, h, w}, 1, 10));
    const at::Tensor larger = noise({n + 1, 3, h + 32, w + 64}, 0, 1);
    if (model_takes(larger)) require_same(program, larger);
  }

 private:
  /// Drawn from a generator of its own: writing a file changes no draw of the run's.
  static at::Tensor noise(at::IntArrayRef sizes, double mean, double deviation) {
    return at::randn(sizes, at::make_generator<at::CPUGeneratorImpl>(1), at::kFloat) * deviation + mean;
  }

  /// Some networks are made for one size of image.
  bool model_takes(const at::Tensor& images) const {
    try {
      model_.forward(images);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  void require_same(const jit::Module& program, const at::Tensor& images) const {
    const std::vector<at::Tensor> expected = model_.forward(images.contiguous(at::MemoryFormat::ChannelsLast));
    const c10::impl::GenericDict found = run(program, images);
    for (size_t i = 0; i < expected.size(); ++i) {
      const GuardedHead& head = model_.heads()[i];
      const std::string wrong = difference(found.at(head.task()).toTensor(), expected[i]);
      if (!wrong.empty())
        throw Error(head.who() + ": for images " + shape_text(images.sizes()) + " its outputs as TorchScript " + wrong +
                    ", because it or the backbone" + untraceable);
    }
  }

  c10::impl::GenericDict run(jit::Module program, const at::Tensor& images) const {
    try {
      return program.forward({images}).toGenericDict();
    } catch (const std::exception& error) {
      find_task(images);
      throw Error(who_of(model_) + ": for images " + shape_text(images.sizes()) + " it fails as TorchScript (" +
                  reason_of(error) + "), because it or the backbone" + untraceable);
    }
  }

  /// A program fails as a whole: which task it is shows when each is alone.
  void find_task(const at::Tensor& images) const {
    if (model_.heads().size() < 2) return;
    for (const GuardedHead& head : model_.heads()) {
      MultiTaskModel alone = with_tasks(model_, {head.task()});
      Comparison(alone, example_).require_same(traced(alone, example_), images);
    }
  }

  MultiTaskModel& model_;
  const at::Tensor& example_;
};

/// Fills `temporary`; errors name the file that it stands for.
void save(const jit::Module& module, const fs::path& temporary, const fs::path& file) {
  std::ostringstream content;  // not the file itself: LibTorch's writer may end the process where a disk is full
  module.save(content);
  std::ofstream out(temporary, std::ios::binary);
  out << content.view() << std::flush;
  if (!out)
    throw Error("cannot write " + in_quotes(file.string()) + ": " + std::strerror(errno) +
                "; free space or choose another folder");
}

}  // namespace

void write_torchscript(const fs::path& file, MultiTaskModel& model, const at::Tensor& example_images,
                       const std::vector<std::string>& tasks) {
  MultiTaskModel kept = with_tasks(model, tasks);
  const torch::NoGradGuard no_grad;
  const EvaluationMode evaluation(kept);
  try {
    const jit::Module program = traced(kept, example_images);
    copy_tensors(program);
    write_file_with(file, [&](const fs::path& temporary) {
      save(program, temporary, file);
      Comparison(kept, example_images).require_same(jit::load(temporary.string()));
    });
  } catch (const c10::Error& error) {
    throw Error("LibTorch cannot write the model as TorchScript: " + reason_of(error) + "; the backbone or a head" +
                untraceable);
  }
}

}  // namespace mtl
