#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mtl/augmentation.h"
#include "plugins/host/given_option.h"

/// What a TOML file says, checked and complete, with paths made absolute. Plain values: nothing here reads, opens or
/// computes. docs/config_reference.md describes every key; the tables that parse them are in the .cpp files beside.
namespace mtl {

struct RunSettings {
  std::string name;              ///< default: the config file's stem
  std::filesystem::path folder;  ///< runs/ by default, below the current directory; the run is folder/name
  uint64_t seed = 1;
};

struct EngineSettings {
  std::string device = "auto";  ///< auto | cpu | cuda | cuda:N
  int64_t threads = 0;          ///< compute threads; 0: one per core
  int64_t loader_threads = 2;
  int64_t prefetch = 4;               ///< batches made ahead at most
  std::string allocator = "caching";  ///< of tensors on the CPU: caching | system
  int64_t allocator_keep_mb = 0;      ///< MiB of freed memory kept at most; 0: half of the machine's
  std::vector<std::filesystem::path> plugin_dirs;
};

struct SyntheticSettings {
  int64_t parts = 600;      ///< each part is photographed four times
  int64_t image_size = 96;  ///< pixels, square
  uint64_t seed = 1;
};

struct DataSettings {
  std::string source = "synthetic";  ///< synthetic | manifest
  SyntheticSettings synthetic;
  std::filesystem::path manifest;  ///< CSV, where source is manifest
  std::string image_column = "image";
  std::string split_column;        ///< "": the column `split` where the manifest has one
  std::string group_column;        ///< "": every image is a group of its own
  double validation_share = 0.15;  ///< of the groups, where there is no split column
  double test_share = 0.2;
  uint64_t split_seed = 1;
  int64_t cache_mb = 2048;             ///< decoded pixels kept at most; 0: none
  std::filesystem::path cache_folder;  ///< of the file that keeps them; empty: memory does
  int64_t max_pixels = 100'000'000;    ///< an image of more is refused before it is decoded
  std::string bad_images = "fail";     ///< fail | skip: an image that cannot be read, before training or in it
  bool allow_outside = false;          ///< images of a manifest may lie outside its folder
};

struct InputSettings {
  int64_t size = 96;            ///< the network sees size x size pixels
  int64_t resize = 0;           ///< for fit = "crop": the shorter side before the crop; 0: the same as size
  std::string fit = "stretch";  ///< stretch | crop | pad
};

struct AugmentSettings {
  double horizontal_flip = 0;  ///< probability
  double vertical_flip = 0;    ///< probability
  double quarter_turn = 0;     ///< probability of a turn by 90, 180 or 270 degrees
  double crop_min_area = 1;    ///< a random crop keeps crop_min_area..1 of the area; 1: off
  double crop_max_aspect = 1;  ///< its width/height lies in 1/x..x of the image's; 1: the same shape
  double brightness = 0;       ///< x: pixels are multiplied by a factor in 1-x..1+x
  double contrast = 0;         ///< x: differences from the image's mean are multiplied by 1-x..1+x
  double noise = 0;            ///< x: Gaussian noise of a deviation drawn in 0..x, pixels being 0..1
  double cutout = 0;           ///< probability of one grey square
  double cutout_size = 0.25;   ///< its side as a share of the image's
  double mixup = 0;            ///< x: images of a batch are blended in shares from Beta(x, x); 0: off
  double cutmix = 0;           ///< x: each gets a rectangle of another, its area from Beta(x, x); 0: off
};

struct BackboneSettings {
  host::PluginChoice plugin;
  std::filesystem::path weights;  ///< safetensors or what torch.save writes; "": random
  bool weights_strict = true;     ///< every tensor must be there with its shape, and nothing else
};

struct TaskSettings {
  std::string name;  ///< [A-Za-z][A-Za-z0-9_]*
  bool main = false;
  double weight = 1;         ///< of its loss, > 0
  std::string column;        ///< of the manifest; "": the head's own default
  AugmentationSet mask = 0;  ///< augmented samples on which this task's loss is left out
  host::PluginChoice plugin;
  std::string where;  ///< position of the task's table
};

struct WeightingSettings {
  host::PluginChoice plugin;
  std::string normalize = "none";  ///< none | sum_to_one | sum_to_tasks
  std::string over = "backbone";   ///< what gradients are compared on: backbone | last_stage | features
};

struct OptimizerSettings {
  std::string kind = "adamw";  ///< sgd | adam | adamw | rmsprop
  double learning_rate = 1e-3;
  double weight_decay = 0.01;         ///< not on batch-norm and biases
  double momentum = 0.9;              ///< sgd, rmsprop
  bool nesterov = false;              ///< sgd
  double beta1 = 0.9, beta2 = 0.999;  ///< adam, adamw
  double epsilon = 1e-8;              ///< adam, adamw, rmsprop
  double alpha = 0.99;                ///< rmsprop
};

struct ScheduleSettings {
  std::string kind = "cosine";  ///< constant | step | cosine
  double warmup_epochs = 1;     ///< linear from 0; may be a fraction
  double final_share = 0.01;    ///< cosine: the last learning rate as a share of the first
  int64_t step_epochs = 10;     ///< step: every so many epochs ...
  double step_factor = 0.1;     ///< ... times this
};

struct FineTuningSettings {
  int64_t freeze_stages = 0;                        ///< of the backbone, counted from the image; -1: all
  int64_t thaw_epoch = 0;                           ///< from which epoch on frozen stages learn; 0: never
  std::string frozen_statistics = "frozen_stages";  ///< none | frozen_stages | all: whose batch-norms keep theirs
  double backbone_rate = 1;                         ///< of the backbone's learning rate to the heads'
  double layer_decay = 1;                           ///< of a stage's learning rate to that of the one behind it
  double backbone_warmup_epochs = 0;                ///< linear from 0, after a thaw anew
  int64_t probe_epochs = 0;                         ///< first ones, in which the heads alone learn, from kept features
  int64_t probe_views = 1;                          ///< augmented versions of each image; 1: the image as it is
  double probe_learning_rate = 0;                   ///< 0: the optimizer's
  int64_t probe_cache_mb = 4096;                    ///< of kept features at most
  std::filesystem::path probe_folder;               ///< where they stay for other runs; empty: they do not
};

struct TrainSettings {
  int64_t epochs = 20;
  int64_t batch_size = 32;
  int64_t accumulate = 1;                 ///< batches per optimizer step
  double clip_norm = 0;                   ///< of the whole gradient; 0: off
  std::string precision = "float32";      ///< float32 | bfloat16 | float16: autocast's type
  double ema_decay = 0;                   ///< 0: off; the averaged weights are evaluated and saved
  int64_t patience = 0;                   ///< epochs without a better main task before stopping; 0: off
  int64_t gradient_batches = 0;           ///< of an epoch, on which the tasks' gradients are measured; 0: none
  int64_t most_bad_steps = 10;            ///< in a row without a finite loss and gradient, before training ends
  std::string checkpoint_every = "5min";  ///< parse_interval() reads it
  int64_t keep_checkpoints = 2;           ///< the newest so many
  std::string out_of_memory = "fail";     ///< fail | halve: a batch goes through the model in smaller parts
  OptimizerSettings optimizer;
  ScheduleSettings schedule;
  FineTuningSettings fine_tuning;
};

struct RunConfig {
  std::filesystem::path file;  ///< the TOML file, absolute
  RunSettings run;
  EngineSettings engine;
  DataSettings data;
  InputSettings input;
  AugmentSettings augment;
  BackboneSettings backbone;
  std::vector<TaskSettings> tasks;  ///< in the file's order; exactly one is main
  WeightingSettings weighting;
  TrainSettings train;
};

}  // namespace mtl
