// The C functions that load a model and say what it tells apart.
#include "framework/api/c_calls.h"

namespace {

using mtl::c_calls::failed;
using mtl::c_calls::guarded;

mtl::ServeSettings settings_from(const mtl_load_options& options) {
  mtl::ServeSettings settings;
  if (options.device) settings.device = options.device;
  if (options.precision) settings.precision = options.precision;
  settings.threads = options.threads;
  settings.averages_views = options.averages_views != 0;
  settings.uncalibrated = options.uncalibrated != 0;
  for (size_t i = 0; i < options.plugin_dir_count; ++i) settings.plugins.dirs.emplace_back(options.plugin_dirs[i]);
  settings.plugins.allow_insecure = options.allow_insecure_plugins != 0;
  return settings;
}

/// A sentence about what no loading could succeed with; "" where there is none.
std::string wrong_in(const mtl_load_options& options) {
  if (options.size != sizeof(mtl_load_options))
    return "mtl_load_options.size = " + std::to_string(options.size) +
           " is not sizeof(mtl_load_options) = " + std::to_string(sizeof(mtl_load_options)) +
           "; set it, and build against the header of this library";
  if (options.threads < 0 || options.threads > 1024)
    return "mtl_load_options.threads = " + std::to_string(options.threads) + "; 0 to 1024 are expected";
  const std::string precision = options.precision ? options.precision : "float32";
  if (precision != "float32" && precision != "bfloat16" && precision != "float16")
    return "mtl_load_options.precision = '" + precision + "' is none of float32, bfloat16, float16";
  if (options.plugin_dir_count > 0 && !options.plugin_dirs)
    return "mtl_load_options.plugin_dirs is null, and plugin_dir_count is not 0";
  for (size_t i = 0; i < options.plugin_dir_count; ++i)
    if (!options.plugin_dirs[i]) return "mtl_load_options.plugin_dirs[" + std::to_string(i) + "] is null";
  return "";
}

const mtl::ServedModel::Task* task_of(const mtl_model* model, size_t task) {
  return model && task < model->served.tasks().size() ? &model->served.tasks()[task] : nullptr;
}

}  // namespace

mtl_status mtl_model_load(const char* path, const mtl_load_options* options, mtl_model** model) {
  if (model) *model = nullptr;
  if (!path || !model) return failed(MTL_BAD_ARGUMENT, "the path and the place for the model must not be null");
  mtl_load_options defaults{};
  defaults.size = sizeof defaults;
  const mtl_load_options& chosen = options ? *options : defaults;
  if (const std::string wrong = wrong_in(chosen); !wrong.empty()) return failed(MTL_BAD_ARGUMENT, wrong);
  return guarded(MTL_BAD_MODEL, [&] { *model = new mtl_model(path, settings_from(chosen)); });
}

void mtl_model_free(mtl_model* model) { delete model; }

size_t mtl_task_count(const mtl_model* model) { return model ? model->served.tasks().size() : 0; }

const char* mtl_task_name(const mtl_model* model, size_t task) {
  const auto* found = task_of(model, task);
  return found ? found->name.c_str() : nullptr;
}

size_t mtl_main_task(const mtl_model* model) {
  for (size_t task = 0; task < mtl_task_count(model); ++task)
    if (model->served.tasks()[task].is_main) return task;
  return 0;
}

size_t mtl_class_count(const mtl_model* model, size_t task) {
  const auto* found = task_of(model, task);
  return found ? found->classes.names.size() : 0;
}

const char* mtl_class_name(const mtl_model* model, size_t task, size_t index) {
  return index < mtl_class_count(model, task) ? task_of(model, task)->classes.names[index].c_str() : nullptr;
}

int mtl_class_is_normal(const mtl_model* model, size_t task, size_t index) {
  return index < mtl_class_count(model, task) && task_of(model, task)->classes.normal[index] ? 1 : 0;
}
