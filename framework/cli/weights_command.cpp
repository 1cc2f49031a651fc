#include "framework/cli/weights_command.h"

#include <torch/utils.h>

#include <algorithm>
#include <iomanip>
#include <map>
#include <ostream>

#include "framework/assembly/finished_run.h"
#include "framework/cli/compose.h"
#include "framework/config/problems.h"
#include "framework/model/safetensors.h"
#include "framework/model/shape_text.h"
#include "framework/model/torch_file.h"
#include "framework/model/torch_pickle.h"
#include "framework/model/torchscript.h"
#include "framework/model/weight_names.h"
#include "framework/model/weights.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

void require_new(const fs::path& file) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(file, error)))
    throw Error(in_quotes(file.string()) + " is there already; give another name, or remove it first");
}

/// In the format that the file's name asks for.
void write_as_named(const fs::path& file, const std::vector<NamedTensor>& tensors,
                    const std::map<std::string, std::string>& metadata) {
  const std::string ending = file.extension().string();
  if (ending == ".safetensors")
    write_safetensors(file, tensors, metadata);
  else if (ending == ".pth" || ending == ".pt")
    write_torch_file(file, tensors);
  else
    throw ConfigError({in_quotes(file.string()) + " has the ending " + in_quotes(ending) +
                       "; .safetensors or .pth is expected, which says the format"});
}

/// The head as a network's last layer: its one matrix [K,F] and bias [K] under a scheme's names.
std::vector<NamedTensor> classifier_of(const GuardedHead& head, const std::string& place) {
  std::vector<NamedTensor> tensors;
  for (const auto& item : head.head().named_parameters())
    tensors.push_back({item.value().dim() == 2 ? place + ".weight" : place + ".bias", item.value()});
  const bool is_one_layer = tensors.size() == 2 && tensors[0].tensor.dim() == 2 && tensors[1].tensor.dim() == 1 &&
                            tensors[0].tensor.size(0) == tensors[1].tensor.size(0);
  if (!is_one_layer)
    throw Error(head.who() +
                ": its head is no single fully connected layer, so that another program's network has no "
                "place for it; export without --names, or as torchscript");
  return tensors;
}

const GuardedHead& head_of(const FinishedRun& run, const std::string& task) {
  std::vector<std::string> names;
  for (size_t k = 0; k < run.model->heads().size(); ++k) {
    const GuardedHead& head = run.model->heads()[k];
    if (task.empty() ? run.config.tasks[k].main : head.task() == task) return head;
    names.push_back(head.task());
  }
  throw Error("the run has no task " + in_quotes(task) + did_you_mean(task, names) + "; it has " + quoted_list(names));
}

std::vector<NamedTensor> tensors_for(const FinishedRun& run, const WeightsExport& wanted) {
  if (wanted.names.empty()) {
    if (!wanted.task.empty()) throw ConfigError({"--task says which head is the classifier of --names; give that too"});
    return run.model->state();
  }
  const Backbone& backbone = run.model->backbone();
  std::vector<NamedTensor> tensors = named_as(wanted.names, backbone, state_of(backbone));
  for (NamedTensor& named : classifier_of(head_of(run, wanted.task), scheme_named(wanted.names, backbone).classifier))
    tensors.push_back(std::move(named));
  return tensors;
}

/// A backbone's tensors and the classifier behind it, if there is one, under another program's names.
std::vector<NamedTensor> renamed(std::vector<NamedTensor> tensors, const WeightsConversion& conversion) {
  const host::PluginRegistry registry = open_plugins(conversion.plugins, {});
  const auto backbone = registry.make_backbone({conversion.backbone, "--backbone", {}});
  const NameScheme to = scheme_named(conversion.names, *backbone);
  const NamedForBackbone own = named_for(*backbone, std::move(tensors));
  const std::string place =
      own.scheme.empty() ? backbone->name_schemes().front().classifier : scheme_named(own.scheme, *backbone).classifier;
  std::vector<NamedTensor> result = named_as(conversion.names, *backbone, own.tensors);
  for (const NamedTensor& named : own.skipped)
    for (const char* part : {".weight", ".bias"})
      if (named.name == place + part) result.push_back({to.classifier + part, named.tensor});
  return result;
}

void export_torchscript(const FinishedRun& run, const WeightsExport& wanted, const fs::path& file) {
  if (!wanted.names.empty())
    throw ConfigError({"--names is for files of weights; a TorchScript module has the run's own names"});
  std::vector<std::string> tasks;
  if (!wanted.task.empty()) tasks.push_back(head_of(run, wanted.task).task());
  torch::manual_seed(1);
  const int64_t size = run.config.input.size;
  write_torchscript(file, *run.model, torch::randn({2, 3, size, size}), tasks);
}

}  // namespace

int weights_show(const fs::path& file, std::ostream& out) {
  std::map<std::string, std::string> metadata;
  std::vector<NamedTensor> tensors;
  if (is_torch_file(file)) {
    tensors = read_torch_file(file);
  } else {
    SafetensorsFile content = read_safetensors(file);
    metadata = std::move(content.metadata);
    tensors = std::move(content.tensors);
  }
  size_t width = 0;
  for (const NamedTensor& named : tensors) width = std::max(width, named.name.size());
  int64_t values = 0;
  size_t bytes = 0;
  for (const NamedTensor& named : tensors) {
    out << std::left << std::setw(static_cast<int>(std::min<size_t>(width, 80)) + 2) << named.name << std::setw(10)
        << c10::toString(named.tensor.scalar_type()) << std::setw(22) << shape_text(named.tensor.sizes()) << std::right
        << std::setw(12) << named.tensor.nbytes() << "\n";
    values += named.tensor.numel();
    bytes += named.tensor.nbytes();
  }
  for (const auto& [key, value] : metadata) out << "metadata " << in_quotes(key) << " = " << in_quotes(value) << "\n";
  out << tensors.size() << " tensors, " << values << " values, " << bytes << " bytes\n";
  return 0;
}

int weights_convert(const WeightsConversion& conversion, std::ostream& out) {
  if (conversion.names.empty() != conversion.backbone.empty())
    throw ConfigError({"--names and --backbone go together: whose names, and of which network"});
  require_new(conversion.to);
  std::vector<NamedTensor> tensors = read_weights(conversion.from);
  if (!conversion.names.empty()) tensors = renamed(std::move(tensors), conversion);
  write_as_named(conversion.to, tensors, {{"format", "pt"}});
  out << conversion.to.string() << ": " << tensors.size() << " tensors\n";
  return 0;
}

int weights_export(const WeightsExport& wanted, std::ostream& out) {
  const FinishedRun run = open_run(wanted.run, wanted.plugins);
  const std::string ending = wanted.format == "torchscript" ? ".pt" : "." + wanted.format;
  const fs::path file = wanted.to.empty() ? fs::path(run.config.run.name + ending) : wanted.to;
  require_new(file);
  if (wanted.format == "torchscript")
    export_torchscript(run, wanted, file);
  else if (wanted.format == "pth")
    write_torch_file(file, tensors_for(run, wanted));
  else
    write_safetensors(file, tensors_for(run, wanted), {{"format", "pt"}});
  out << file.string() << "\n";
  return 0;
}

}  // namespace mtl
