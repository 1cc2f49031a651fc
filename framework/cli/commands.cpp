#include "framework/cli/commands.h"

#include <iostream>

#include "framework/cli/command_parser.h"
#include "framework/cli/config_command.h"
#include "framework/cli/data_command.h"
#include "framework/cli/failures.h"
#include "framework/cli/model_commands.h"
#include "framework/cli/plugins_command.h"
#include "framework/cli/plugins_new.h"
#include "framework/cli/run_command.h"
#include "framework/cli/study_command.h"
#include "framework/cli/weights_command.h"
#include "framework/config/config_reference.h"
#include "framework/train/openmp_waits.h"

namespace mtl {
namespace {

CLI::App* add_config_command(CLI::App* parent, const char* name, const char* help, ConfigArguments& arguments) {
  CLI::App* command = parent->add_subcommand(name, help);
  command->add_option("CONFIG", arguments.file, "TOML file")->required()->type_name("FILE");
  command->add_option("--set", arguments.overrides, "Override a value, e.g. --set train.epochs=3 (may be given again)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_plugin_options(command, arguments.plugins);
  return command;
}

/// What the commands of a group are given.
struct PluginsGiven {
  PluginAccess access;
  std::string name, kind;
  std::filesystem::path file, parent = ".";
  int seconds = 60;
  bool as_toml = false, as_json = false;
};
struct DataGiven {
  std::filesystem::path folder;
  SyntheticSettings parts;
};
struct WeightsGiven {
  std::filesystem::path file;
  WeightsConversion conversion;
  WeightsExport exported;
};

void add_run(Commands& commands, ConfigArguments& arguments) {
  CLI::App* command = add_config_command(&commands.app, "run", "Train, evaluate and report", arguments);
  command->add_flag(
      "--resume", arguments.resume,
      "Go on where the run was stopped, killed or failed; begin where it was not begun, do nothing where it "
      "is finished");
  commands.on(command, [&commands, &arguments] {
    shorten_openmp_waits(commands.argv);
    return run(arguments);
  });
}

void add_study(Commands& commands, StudyArguments& arguments) {
  CLI::App* study_app = commands.app.add_subcommand("study",
                                                    "Train one configuration with several sets of tasks and seeds, and "
                                                    "tell which auxiliary tasks help");
  study_app->add_option("CONFIG", arguments.file, "TOML file with a [study]")->required()->type_name("FILE");
  study_app->add_flag("--dry-run", arguments.dry_run, "Print the plan with an estimate of the time");
  study_app->add_option("--jobs", arguments.jobs, "Runs at a time")->check(CLI::Range(1, 1024))->capture_default_str();
  study_app->add_option("--only", arguments.only, "Arms to train now, e.g. a,abcd")->type_name("ARMS");
  study_app
      ->add_option("--set", arguments.overrides,
                   "Override a value of the study, e.g. --set study.name=second (may be given again)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_plugin_options(study_app, arguments.plugins);
  commands.on(study_app, [&commands, &arguments] {
    shorten_openmp_waits(commands.argv);
    return study(arguments, std::cout);
  });
}

void add_config(Commands& commands, ConfigArguments& arguments) {
  CLI::App* config = commands.app.add_subcommand("config", "Look at a configuration")->require_subcommand(1);
  commands.on(add_config_command(config, "check", "Check it and the plugins it names", arguments),
              [&arguments] { return config_check(arguments, std::cout); });
  commands.on(add_config_command(config, "show", "Print all of it with each value's origin", arguments),
              [&arguments] { return config_show(arguments, std::cout); });
  commands.on(config->add_subcommand("reference", "Print every key as Markdown"), [] {
    std::cout << config_reference();
    return 0;
  });
}

void add_plugins(Commands& commands, PluginsGiven& given) {
  CLI::App* plugins = commands.app.add_subcommand("plugins", "Look at plugins")->require_subcommand(1);
  CLI::App* list = plugins->add_subcommand("list", "What is in the plugin folders");
  add_plugin_options(list, given.access);
  commands.on(list, [&given] { return plugins_list(given.access, std::cout); });
  CLI::App* show = plugins->add_subcommand("show", "What a plugin is, and its options");
  show->add_option("NAME", given.name, "Name of a backbone, head or weighting")->required();
  show->add_flag("--toml", given.as_toml, "Print a block to paste into a configuration");
  add_plugin_options(show, given.access);
  commands.on(show, [&given] { return plugins_show(given.name, given.as_toml, given.access, std::cout); });

  CLI::App* check = plugins->add_subcommand("check", "Whether a library keeps all that a plugin promises");
  check->add_option("FILE", given.file, "The library, NAME.so")->required();
  check->add_flag("--json", given.as_json, "Print one JSON object");
  check->add_option("--time-limit", given.seconds, "Seconds that the checks may take")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  commands.on(check, [&given] { return plugins_check(given.file, given.seconds, given.as_json, std::cout); });
  CLI::App* fresh = plugins->add_subcommand("new", "Write a project for a plugin of your own");
  fresh->add_option("NAME", given.name, "Of the plugin: small letters, digits and '_'")->required();
  fresh->add_option("--kind", given.kind, "What it is")
      ->required()
      ->check(CLI::IsMember({"head", "backbone", "weighting"}));
  fresh->add_option("--dir", given.parent, "Where its folder is made")->capture_default_str();
  commands.on(fresh, [&given] { return plugins_new(given.name, given.kind, given.parent, std::cout); });
}

void add_data(Commands& commands, DataGiven& given, ConfigArguments& checked) {
  CLI::App* data = commands.app.add_subcommand("data", "Work with data")->require_subcommand(1);
  CLI::App* synth = data->add_subcommand("synth", "Write the built-in synthetic parts as PNG files with a manifest");
  synth->add_option("DIR", given.folder, "New folder")->required();
  synth->add_option("--parts", given.parts.parts, "Parts, four photographs each")
      ->check(CLI::Range(60, 1'000'000))
      ->capture_default_str();
  synth->add_option("--image-size", given.parts.image_size, "Pixels of a side")
      ->check(CLI::Range(32, 1024))
      ->capture_default_str();
  synth->add_option("--seed", given.parts.seed, "Of the parts")->capture_default_str();
  commands.on(add_config_command(data, "check", "Read every image of a configuration's data, name those that cannot be",
                                 checked),
              [&checked] { return data_check(checked, std::cout); });
  commands.on(synth, [&given] { return data_synth(given.folder, given.parts, std::cout); });
}

void add_weights(Commands& commands, WeightsGiven& given) {
  CLI::App* weights =
      commands.app.add_subcommand("weights", "Weights from and for other programs")->require_subcommand(1);
  CLI::App* weights_list = weights->add_subcommand("show", "The tensors of a file: names, types, shapes, bytes");
  weights_list->add_option("FILE", given.file, "safetensors or .pth")->required();
  commands.on(weights_list, [&given] { return weights_show(given.file, std::cout); });
  CLI::App* convert =
      weights->add_subcommand("convert", "Write a file's tensors in another format or under other names");
  convert->add_option("IN", given.conversion.from, "safetensors or .pth")->required();
  convert->add_option("OUT", given.conversion.to, "New file, its ending is its format: .safetensors or .pth")
      ->required();
  convert->add_option("--backbone", given.conversion.backbone, "Whose tensors they are: the name of a backbone");
  convert->add_option("--names", given.conversion.names, "Whose names the new file has, e.g. torchvision, timm");
  add_plugin_options(convert, given.conversion.plugins);
  commands.on(convert, [&given] { return weights_convert(given.conversion, std::cout); });
  CLI::App* exported = weights->add_subcommand("export", "Write a finished run's model as a file for other programs");
  exported->add_option("RUN", given.exported.run, "Folder of the run")->required();
  exported->add_option("--out", given.exported.to, "New file; the run's name in the working folder without");
  exported->add_option("--format", given.exported.format, "What is written")
      ->check(CLI::IsMember({"safetensors", "pth", "torchscript"}))
      ->capture_default_str();
  exported->add_option("--names", given.exported.names,
                       "Whose names the tensors get, e.g. torchvision, timm; the run's without");
  exported->add_option(
      "--task", given.exported.task,
      "With --names: the task whose head is the classifier, the main one without; for torchscript: the "
      "only task whose outputs it has");
  add_plugin_options(exported, given.exported.plugins);
  commands.on(exported, [&given] { return weights_export(given.exported, std::cout); });
}

}  // namespace

int main(int argc, char** argv) {
  Commands commands{.argv = argv};
  commands.app.set_version_flag("--version", std::string("mtl-engine ") + MTL_VERSION);
  commands.app.require_subcommand(1);
  ConfigArguments run, config, checked;
  StudyArguments study;
  ModelGiven models;
  PluginsGiven plugins;
  DataGiven data;
  WeightsGiven weights;
  add_run(commands, run);
  add_study(commands, study);
  add_model_commands(commands, models);
  add_config(commands, config);
  add_plugins(commands, plugins);
  add_data(commands, data, checked);
  add_weights(commands, weights);
  try {
    commands.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return commands.app.exit(error) == 0 ? 0 : wrong_usage;
  }
  return guarded(commands.chosen);
}

}  // namespace mtl
