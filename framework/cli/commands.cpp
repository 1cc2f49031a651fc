#include "framework/cli/commands.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "framework/cli/config_command.h"
#include "framework/cli/data_command.h"
#include "framework/cli/eval_command.h"
#include "framework/cli/failures.h"
#include "framework/cli/plugins_command.h"
#include "framework/cli/plugins_new.h"
#include "framework/cli/predict_command.h"
#include "framework/cli/run_command.h"
#include "framework/cli/study_command.h"
#include "framework/cli/weights_command.h"
#include "framework/config/config_reference.h"
#include "framework/train/openmp_waits.h"

namespace mtl {
namespace {

void add_plugin_options(CLI::App* command, PluginAccess& access) {
  command->add_option("--plugin-dir", access.dirs, "Folder to search for plugins first (may be given again)")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command->add_flag("--allow-insecure-plugins", access.allow_insecure,
                    "Use plugins that other users can change; they can run any code as you");
}

CLI::App* add_config_command(CLI::App* parent, const char* name, const char* help, ConfigArguments& arguments) {
  CLI::App* command = parent->add_subcommand(name, help);
  command->add_option("CONFIG", arguments.file, "TOML file")->required()->type_name("FILE");
  command->add_option("--set", arguments.overrides, "Override a value, e.g. --set train.epochs=3 (may be given again)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_plugin_options(command, arguments.plugins);
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"mtl-engine trains one image model on several tasks and shows whether that made the main task better."};
  app.set_version_flag("--version", std::string("mtl-engine ") + MTL_VERSION);
  app.require_subcommand(1);
  std::function<int()> chosen;
  const auto on = [&](CLI::App* command, std::function<int()> action) {
    command->callback([&chosen, action = std::move(action)] { chosen = action; });
  };

  ConfigArguments arguments;
  on(add_config_command(&app, "run", "Train, evaluate and report", arguments), [&] {
    shorten_openmp_waits(argv);
    return run(arguments);
  });

  StudyArguments wanted_study;
  CLI::App* study_app = app.add_subcommand("study",
                                           "Train one configuration with several sets of tasks and seeds, and "
                                           "tell which auxiliary tasks help");
  study_app->add_option("CONFIG", wanted_study.file, "TOML file with a [study]")->required()->type_name("FILE");
  study_app->add_flag("--dry-run", wanted_study.dry_run, "Print the plan with an estimate of the time");
  study_app->add_option("--jobs", wanted_study.jobs, "Runs at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  study_app->add_option("--only", wanted_study.only, "Arms to train now, e.g. a,abcd")->type_name("ARMS");
  study_app
      ->add_option("--set", wanted_study.overrides,
                   "Override a value of the study, e.g. --set study.name=second (may be given again)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_plugin_options(study_app, wanted_study.plugins);
  on(study_app, [&] {
    shorten_openmp_waits(argv);
    return study(wanted_study, std::cout);
  });

  PredictArguments asked;
  CLI::App* predict_app = app.add_subcommand("predict", "A finished run's answers to pictures");
  predict_app->add_option("RUN", asked.run, "Folder of the run")->required();
  predict_app->add_option("PATH", asked.paths,
                          "Pictures, folders, patterns, a manifest (.csv), or - for a path per line of standard input");
  predict_app->add_option("--watch", asked.watch, "A folder that is being filled: each picture is answered once")
      ->type_name("DIR");
  predict_app->add_option("--format", asked.format, "What is written, a line per picture")
      ->check(CLI::IsMember({"jsonl", "csv", "table"}))
      ->capture_default_str();
  predict_app->add_option("--out", asked.out, "File for the answers; standard output without");
  predict_app->add_option("--batch", asked.batch, "Pictures that go through the network together at most")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  predict_app->add_option("--device", asked.device, "auto, cpu, cuda, cuda:N")->capture_default_str();
  add_plugin_options(predict_app, asked.plugins);
  on(predict_app, [&] {
    shorten_openmp_waits(argv);
    return predict(asked);
  });

  EvalArguments judged;
  CLI::App* eval_app = app.add_subcommand("eval", "How a finished run's model does on a split, or on other pictures");
  eval_app->add_option("RUN", judged.run, "Folder of the run")->required();
  eval_app->add_option("--data", judged.data, "Manifest of other pictures; the run's own data without")
      ->type_name("MANIFEST");
  eval_app
      ->add_option("--split", judged.split, "test of the run's own data, all of other pictures, where none is given")
      ->check(CLI::IsMember({"train", "val", "test", "all"}));
  eval_app->add_option("--by", judged.by, "Columns of the data by whose cells the figures are told, e.g. region,light")
      ->delimiter(',');
  eval_app->add_option("--out", judged.out, "New folder for the files; in the run's folder without")->type_name("DIR");
  eval_app->add_option("--device", judged.device, "auto, cpu, cuda, cuda:N")->capture_default_str();
  add_plugin_options(eval_app, judged.plugins);
  on(eval_app, [&] {
    shorten_openmp_waits(argv);
    return eval(judged, std::cout);
  });

  CLI::App* config = app.add_subcommand("config", "Look at a configuration")->require_subcommand(1);
  on(add_config_command(config, "check", "Check it and the plugins it names", arguments),
     [&] { return config_check(arguments, std::cout); });
  on(add_config_command(config, "show", "Print all of it with each value's origin", arguments),
     [&] { return config_show(arguments, std::cout); });
  on(config->add_subcommand("reference", "Print every key as Markdown"), [] {
    std::cout << config_reference();
    return 0;
  });

  PluginAccess access;
  std::string name;
  bool as_toml = false;
  CLI::App* plugins = app.add_subcommand("plugins", "Look at plugins")->require_subcommand(1);
  CLI::App* list = plugins->add_subcommand("list", "What is in the plugin folders");
  add_plugin_options(list, access);
  on(list, [&] { return plugins_list(access, std::cout); });
  CLI::App* show = plugins->add_subcommand("show", "What a plugin is, and its options");
  show->add_option("NAME", name, "Name of a backbone, head or weighting")->required();
  show->add_flag("--toml", as_toml, "Print a block to paste into a configuration");
  add_plugin_options(show, access);
  on(show, [&] { return plugins_show(name, as_toml, access, std::cout); });

  std::filesystem::path file;
  int seconds = 60;
  bool as_json = false;
  CLI::App* check = plugins->add_subcommand("check", "Whether a library keeps all that a plugin promises");
  check->add_option("FILE", file, "The library, NAME.so")->required();
  check->add_flag("--json", as_json, "Print one JSON object");
  check->add_option("--time-limit", seconds, "Seconds that the checks may take")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  on(check, [&] { return plugins_check(file, seconds, as_json, std::cout); });
  std::string kind;
  std::filesystem::path parent = ".";
  CLI::App* fresh = plugins->add_subcommand("new", "Write a project for a plugin of your own");
  fresh->add_option("NAME", name, "Of the plugin: small letters, digits and '_'")->required();
  fresh->add_option("--kind", kind, "What it is")->required()->check(CLI::IsMember({"head", "backbone", "weighting"}));
  fresh->add_option("--dir", parent, "Where its folder is made")->capture_default_str();
  on(fresh, [&] { return plugins_new(name, kind, parent, std::cout); });

  std::filesystem::path folder;
  SyntheticSettings synthetic;
  CLI::App* data = app.add_subcommand("data", "Work with data")->require_subcommand(1);
  CLI::App* synth = data->add_subcommand("synth", "Write the built-in synthetic parts as PNG files with a manifest");
  synth->add_option("DIR", folder, "New folder")->required();
  synth->add_option("--parts", synthetic.parts, "Parts, four photographs each")
      ->check(CLI::Range(60, 1'000'000))
      ->capture_default_str();
  synth->add_option("--image-size", synthetic.image_size, "Pixels of a side")
      ->check(CLI::Range(32, 1024))
      ->capture_default_str();
  synth->add_option("--seed", synthetic.seed, "Of the parts")->capture_default_str();
  on(synth, [&] { return data_synth(folder, synthetic, std::cout); });

  std::filesystem::path weights_file;
  WeightsConversion conversion;
  WeightsExport wanted;
  CLI::App* weights = app.add_subcommand("weights", "Weights from and for other programs")->require_subcommand(1);
  CLI::App* weights_list = weights->add_subcommand("show", "The tensors of a file: names, types, shapes, bytes");
  weights_list->add_option("FILE", weights_file, "safetensors or .pth")->required();
  on(weights_list, [&] { return weights_show(weights_file, std::cout); });
  CLI::App* convert =
      weights->add_subcommand("convert", "Write a file's tensors in another format or under other names");
  convert->add_option("IN", conversion.from, "safetensors or .pth")->required();
  convert->add_option("OUT", conversion.to, "New file, its ending is its format: .safetensors or .pth")->required();
  convert->add_option("--backbone", conversion.backbone, "Whose tensors they are: the name of a backbone");
  convert->add_option("--names", conversion.names, "Whose names the new file has, e.g. torchvision, timm");
  add_plugin_options(convert, conversion.plugins);
  on(convert, [&] { return weights_convert(conversion, std::cout); });
  CLI::App* exported = weights->add_subcommand("export", "Write a finished run's model as a file for other programs");
  exported->add_option("RUN", wanted.run, "Folder of the run")->required();
  exported->add_option("--out", wanted.to, "New file; the run's name in the working folder without");
  exported->add_option("--format", wanted.format, "What is written")
      ->check(CLI::IsMember({"safetensors", "pth", "torchscript"}))
      ->capture_default_str();
  exported->add_option("--names", wanted.names,
                       "Whose names the tensors get, e.g. torchvision, timm; the run's without");
  exported->add_option(
      "--task", wanted.task,
      "With --names: the task whose head is the classifier, the main one without; for torchscript: the "
      "only task whose outputs it has");
  add_plugin_options(exported, wanted.plugins);
  on(exported, [&] { return weights_export(wanted, std::cout); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  return guarded(chosen);
}

}  // namespace mtl
