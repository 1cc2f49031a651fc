#include "framework/cli/model_commands.h"

#include <iostream>

#include "framework/train/openmp_waits.h"

namespace mtl {
namespace {

/// A command on a trained model, which is its first argument.
CLI::App* add_model_command(Commands& commands, const char* name, const char* help, std::filesystem::path& model,
                            std::string& device, PluginAccess& plugins) {
  CLI::App* command = commands.app.add_subcommand(name, help);
  command->add_option("RUN", model, "Folder of a finished run, or a bundle")->required();
  command->add_option("--device", device, "auto, cpu, cuda, cuda:N")->capture_default_str();
  add_plugin_options(command, plugins);
  return command;
}

void on_model(Commands& commands, CLI::App* command, std::function<int()> action) {
  commands.on(command, [&commands, action = std::move(action)] {
    shorten_openmp_waits(commands.argv);
    return action();
  });
}

void add_predict(Commands& commands, PredictArguments& given) {
  CLI::App* command = add_model_command(commands, "predict", "A trained model's answers to pictures", given.run,
                                        given.device, given.plugins);
  command->add_option("PATH", given.paths,
                      "Pictures, folders, patterns, a manifest (.csv), or - for a path per line of standard input");
  command->add_option("--watch", given.watch, "A folder that is being filled: each picture is answered once")
      ->type_name("DIR");
  command->add_option("--format", given.format, "What is written, a line per picture")
      ->check(CLI::IsMember({"jsonl", "csv", "table"}))
      ->capture_default_str();
  command->add_option("--top", given.top, "How many of each task's classes are told, from the most probable on")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag(
      "--tta", given.averages_views,
      "Test-time augmentation: the mean over the flips and quarter turns that each task's labels survive");
  command->add_flag("--uncalibrated", given.uncalibrated,
                    "Without what `calibrate` found: no temperature, no decision");
  command->add_option("--precision", given.precision, "What the network computes in; float16 on a GPU alone")
      ->check(CLI::IsMember({"float32", "bfloat16", "float16"}))
      ->capture_default_str();
  command->add_option("--out", given.out, "File for the answers; standard output without");
  command->add_option("--batch", given.batch, "Pictures that go through the network together at most")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  on_model(commands, command, [&given] { return predict(given); });
}

void add_eval(Commands& commands, EvalArguments& given) {
  CLI::App* command = add_model_command(commands, "eval", "How a trained model does on a split, or on other pictures",
                                        given.run, given.device, given.plugins);
  command->add_option("--data", given.data, "Manifest of other pictures; the run's own data without")
      ->type_name("MANIFEST");
  command->add_option("--split", given.split, "test of the run's own data, all of other pictures, where none is given")
      ->check(CLI::IsMember({"train", "val", "test", "all"}));
  command->add_option("--by", given.by, "Columns of the data by whose cells the figures are told, e.g. region,light")
      ->delimiter(',');
  command
      ->add_option("--out", given.out,
                   "New folder for the files; in the run's folder without, for a bundle in the working folder")
      ->type_name("DIR");
  on_model(commands, command, [&given] { return eval(given, std::cout); });
}

void add_calibrate(Commands& commands, CalibrateArguments& given) {
  CLI::App* command =
      add_model_command(commands, "calibrate", "Fit temperatures and choose the limits of what passes, for predict",
                        given.run, given.device, given.plugins);
  command
      ->add_option("--max-escape", given.max_escape,
                   "Of the defective parts at most this share may pass, e.g. 0.005; temperatures only without")
      ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option("--max-overkill", given.max_overkill,
                   "Of the normal parts at most this share is rejected; a person looks at what lies between")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--costs", given.costs, "In place of limits: what each answer costs, per true class")
      ->type_name("FILE.csv");
  command->add_option("--confidence", given.confidence, "With which a promise holds; 0.95 without")
      ->check(CLI::Range(0.5, 0.999999));
  command->add_flag("--observed", given.observed,
                    "Limits that keep the shares on these pictures, with no promise for others");
  command->add_option("--task", given.task, "The task that decides; the main one without");
  command->add_option("--data", given.data, "Manifest of other pictures; the run's own data without")
      ->type_name("MANIFEST");
  command
      ->add_option("--group", given.group,
                   "Column of that manifest that says which pictures are of one part; the run's data.group_column "
                   "without")
      ->type_name("COLUMN");
  command->add_option("--split", given.split, "val of the run's own data, all of other pictures, where none is given")
      ->check(CLI::IsMember({"val", "test", "all"}));
  command->add_option("--out", given.out, "Folder for the report; RUN/calibration without")->type_name("DIR");
  command->add_flag("--replace", given.replace, "Replace the decisions and the report of an earlier calibration");
  on_model(commands, command, [&given] { return calibrate(given, std::cout); });
}

void add_explain(Commands& commands, ExplainArguments& given) {
  CLI::App* command = add_model_command(commands, "explain",
                                        "Where a trained model looks: overlays, the highest losses, contradictions",
                                        given.run, given.device, given.plugins);
  command->add_option("PATH", given.paths,
                      "Pictures, folders, patterns, a manifest (.csv), or - for a path per line of standard input");
  command->add_option("--task", given.task, "The task whose answers are explained; the main one without");
  command->add_option("--class", given.class_name, "The class that is explained; each picture's answer without");
  command->add_option("--method", given.method, "How: coarse and sturdy, or pixel by pixel")
      ->check(CLI::IsMember({"grad_cam", "integrated_gradients"}))
      ->capture_default_str();
  command->add_option("--steps", given.steps, "Of integrated_gradients; 32 without")->check(CLI::Range(1, 4096));
  command->add_option("--masks", given.masks,
                      "Ending of the masks beside the pictures, e.g. .png: how often the highest point lies in a mask");
  command
      ->add_option("--highest-losses", given.highest_losses,
                   "In place of pictures: so many of a split's with the highest loss, for auditing labels")
      ->check(CLI::Range(1, 1'000'000));
  command->add_flag("--contradictions", given.contradictions,
                    "In place of pictures: a split's on which the tasks disagree about normal and defect");
  command->add_option("--data", given.data, "With these two, a manifest of other pictures; the run's own data without")
      ->type_name("MANIFEST");
  command->add_option("--split", given.split, "test of the run's own data, all of other pictures, where none is given")
      ->check(CLI::IsMember({"train", "val", "test", "all"}));
  command->add_option("--most", given.most, "Pictures that the page shows of each kind; all get their file")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command
      ->add_option("--out", given.out,
                   "New folder for the files; explain_TASK in the run's folder without, for a bundle in the working "
                   "folder")
      ->type_name("DIR");
  on_model(commands, command, [&given] { return explain(given, std::cout); });
}

void add_bundle(Commands& commands, BundleArguments& given) {
  CLI::App* command =
      add_model_command(commands, "bundle", "Pack a trained model for the line, with pictures that prove it", given.run,
                        given.device, given.plugins);
  command->add_option("OUT", given.out, "New file where the name ends in .mtlb, else a new folder")->required();
  command->add_option("--pictures", given.pictures, "Golden pictures at most, of the run's test split")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  command->add_option("--golden", given.golden, "Pictures, folders, patterns or manifests to choose them from instead");
  on_model(commands, command, [&given] { return bundle(given, std::cout); });
}

void add_bench(Commands& commands, BenchArguments& given) {
  CLI::App* command = add_model_command(commands, "bench", "How long a trained model takes: latency and throughput",
                                        given.model, given.device, given.plugins);
  command->add_option("--batch", given.batches, "Pictures at a time, e.g. 1,8,32")
      ->delimiter(',')
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command->add_option("--precision", given.precisions, "What the network computes in, e.g. float32,bfloat16")
      ->delimiter(',')
      ->check(CLI::IsMember({"float32", "bfloat16", "float16"}))
      ->capture_default_str();
  command->add_option("--seconds", given.seconds, "How long each is measured, at least; at least 20 calls are made")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_flag("--json", given.as_json, "Print one JSON object");
  on_model(commands, command, [&given] { return bench(given, std::cout); });
}

}  // namespace

void add_model_commands(Commands& commands, ModelGiven& given) {
  add_predict(commands, given.predict);
  add_eval(commands, given.eval);
  add_calibrate(commands, given.calibrate);
  add_explain(commands, given.explain);
  add_bench(commands, given.bench);
  add_bundle(commands, given.bundle);
}

}  // namespace mtl
