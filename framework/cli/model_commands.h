#pragma once

#include "framework/cli/bench_command.h"
#include "framework/cli/bundle_command.h"
#include "framework/cli/calibrate_command.h"
#include "framework/cli/command_parser.h"
#include "framework/cli/eval_command.h"
#include "framework/cli/explain_command.h"
#include "framework/cli/predict_command.h"

namespace mtl {

/// What the commands that use a trained model are given.
struct ModelGiven {
  PredictArguments predict;
  EvalArguments eval;
  CalibrateArguments calibrate;
  ExplainArguments explain;
  BenchArguments bench;
  BundleArguments bundle;
};

/// predict, eval, calibrate, explain, bench, bundle. `given` outlives the parsing.
void add_model_commands(Commands& commands, ModelGiven& given);

}  // namespace mtl
