#include "framework/config/config_keys.h"

#include "mtl/options.h"
#include "mtl/text.h"

namespace mtl {
namespace {

constexpr double unbounded_count = 1e9;

Key share(const char* name, double* field, const char* doc) { return {name, field, doc, 0.0, 1.0}; }

Key count(const char* name, int64_t* field, const char* doc, double minimum, double maximum = unbounded_count) {
  return {name, field, doc, minimum, maximum};
}

Key positive(const char* name, double* field, const char* doc) { return {name, field, doc, 0.0, {}, true}; }

Key choice(const char* name, std::string* field, const char* doc, std::vector<std::string> choices) {
  return {name, field, doc, {}, {}, false, std::move(choices)};
}

Key plugin_key(host::PluginChoice* field, const char* doc) { return {"plugin", field, doc, {}, {}, false, {}, true}; }

Section run_section(RunSettings& s) {
  return {"run",
          "The run and where its files go.",
          {{"name", &s.name, "of the run's folder: letters, digits, '.', '_' and '-'; the TOML file's name by default"},
           {"folder",
            &s.folder,
            "the run's files go to folder/name; relative to the working folder",
            {},
            {},
            false,
            {},
            false,
            true},
           {"seed", &s.seed, "of every random draw of the run, but for the split and the synthetic parts"}}};
}

Section engine_section(EngineSettings& s) {
  return {
      "engine",
      "The machine.",
      {{"device", &s.device, "auto (a GPU where there is one), cpu, cuda, cuda:N"},
       count("threads", &s.threads, "compute threads; 0: one per core", 0, 1024),
       count("loader_threads", &s.loader_threads, "threads that read and augment images; 0: the training thread does",
             0, 256),
       count("prefetch", &s.prefetch, "batches made ahead at most", 1, 1024),
       choice("allocator", &s.allocator,
              "memory of tensors on the CPU; caching: large blocks are kept for the next step when they are freed, on "
              "huge "
              "pages; system: the C library's, with which a training step spends a quarter of its time in page faults",
              {"caching", "system"}),
       count("allocator_keep_mb", &s.allocator_keep_mb,
             "MiB of freed memory that the caching allocator keeps at most; 0: half of the machine's", 0, 1 << 24),
       {"plugin_dirs", &s.plugin_dirs, "folders to search for plugins, before the user's and the installed one"}}};
}

Section data_section(DataSettings& s) {
  return {"data",
          "Where the images and labels come from.",
          {choice("source", &s.source, "built-in synthetic parts, or a manifest", {"synthetic", "manifest"}),
           {"manifest", &s.manifest, "CSV with a column per label; needed where source is \"manifest\""},
           {"image_column", &s.image_column, "column with the image's path, relative to the manifest"},
           {"split_column", &s.split_column, "column with train, val or test; by default `split` where there is one"},
           {"group_column", &s.group_column, "column whose equal cells never straddle a split; none by default"},
           {"validation_share", &s.validation_share, "share of the groups for validation, where no column says", 0.0,
            0.9, true},
           {"test_share", &s.test_share, "share of the groups for the test, where no column says", 0.0, 0.9, true},
           {"split_seed", &s.split_seed, "of the split"},
           count("cache_mb", &s.cache_mb, "decoded pixels kept at most, in MiB; 0: none", 0, 1 << 24),
           {"cache_folder", &s.cache_folder,
            "folder for a nameless file that keeps them, for more pixels than memory has room for; memory without"},
           count("max_pixels", &s.max_pixels, "an image of more pixels is refused before it is decoded", 1, 1e10),
           choice("bad_images", &s.bad_images,
                  "fail: an image that cannot be read ends the run, before it starts or when it meets it; skip: it is "
                  "named once, counted in the report, and left out",
                  {"fail", "skip"}),
           {"allow_outside", &s.allow_outside,
            "true: paths in the manifest may be absolute, contain `..` or lead out of its folder through a link"}}};
}

Section synthetic_section(SyntheticSettings& s) {
  return {"data.synthetic",
          "The built-in parts.",
          {count("parts", &s.parts, "parts; each is photographed four times", 60, 1e6),
           count("image_size", &s.image_size, "side of a photograph in pixels", 32, 1024),
           {"seed", &s.seed, "of the parts"}}};
}

Section input_section(InputSettings& s) {
  return {
      "input",
      "What the network sees.",
      {count("size", &s.size, "side of the square input in pixels", 32, 4096),
       count("resize", &s.resize, "for fit = \"crop\": the shorter side before the crop, in pixels; 0: as size", 0,
             8192),
       choice("fit", &s.fit,
              "stretch: both sides are scaled; crop: the shorter side is scaled and the middle kept; pad: the longer "
              "side is scaled and grey added",
              {"stretch", "crop", "pad"})}};
}

Section augment_section(AugmentSettings& s) {
  return {
      "augment",
      "Random changes to training images. Each must leave every task's label true (see `mask` of a task).",
      {share("horizontal_flip", &s.horizontal_flip, "probability of mirroring left to right"),
       share("vertical_flip", &s.vertical_flip, "probability of mirroring top to bottom"),
       share("quarter_turn", &s.quarter_turn, "probability of a turn by 90, 180 or 270 degrees"),
       {"crop_min_area", &s.crop_min_area, "a random crop keeps this share of the area or more; 1: off", 0.05, 1.0},
       {"crop_max_aspect", &s.crop_max_aspect, "the crop's width / height is changed by at most this factor; 1: off",
        1.0, 4.0},
       share("brightness", &s.brightness, "x: pixels times a factor in 1-x .. 1+x"),
       share("contrast", &s.contrast, "x: distance to the image's mean times a factor in 1-x .. 1+x"),
       share("noise", &s.noise, "x: Gaussian noise of a deviation in 0 .. x, pixels being 0 .. 1"),
       share("cutout", &s.cutout, "probability of a grey square at a random place"),
       {"cutout_size", &s.cutout_size, "its side as a share of the image's", 0.01, 1.0},
       {"mixup", &s.mixup,
        "x: images of a batch are blended in pairs, in shares drawn from Beta(x, x); the losses of both labels are "
        "added in the same shares; 0: off",
        0.0, 8.0},
       {"cutmix", &s.cutmix,
        "x: each image gets a rectangle of another, of a share of the area drawn from Beta(x, x); 0: off", 0.0, 8.0}}};
}

Section backbone_section(BackboneSettings& s) {
  return {"backbone",
          "The shared feature extractor; further keys are the plugin's options (`mtl-engine plugins show NAME`).",
          {plugin_key(&s.plugin, "name of the backbone"),
           {"weights", &s.weights,
            "file to start from, safetensors or .pth, with torchvision's or timm's names; random weights without"},
           {"weights_strict", &s.weights_strict,
            "false: takes what fits of a file that lacks tensors, has others or has other shapes"}},
          &s.plugin};
}

Section weighting_section(WeightingSettings& s) {
  return {"weighting",
          "How the tasks' losses are weighted; further keys are the plugin's options.",
          {plugin_key(&s.plugin, "name of the loss weighting"),
           choice("normalize", &s.normalize, "weights as they are, or scaled to a sum of one or of the number of tasks",
                  {"none", "sum_to_one", "sum_to_tasks"}),
           choice("over", &s.over,
                  "what the tasks' gradients are compared on, for a method that compares them: all of the backbone (a "
                  "backward "
                  "pass through it per task), its last stage, or the features that the heads read",
                  {"backbone", "last_stage", "features"})},
          &s.plugin};
}

Section train_section(TrainSettings& s) {
  return {
      "train",
      "Training.",
      {count("epochs", &s.epochs, "passes over the training split", 1, 1e6),
       count("batch_size", &s.batch_size, "images per batch", 1, 65536),
       count("accumulate", &s.accumulate, "batches whose gradients are averaged for one optimizer step", 1, 65536),
       {"clip_norm", &s.clip_norm, "largest norm of the whole gradient; 0: no limit", 0.0},
       choice("precision", &s.precision, "autocast's type; float16 needs a GPU", {"float32", "bfloat16", "float16"}),
       {"ema_decay", &s.ema_decay,
        "decay of the moving average of the weights, which is then what is evaluated and saved; 0: off", 0.0, 0.999999},
       count("patience", &s.patience, "epochs without a better main task after which training stops; 0: off", 0, 1e6),
       count("gradient_batches", &s.gradient_batches,
             "batches of an epoch on which each task's gradient on the shared part is measured, spread evenly over it; "
             "0: none. Each costs a backward pass through the backbone per task",
             0, 1e6),
       count(
           "most_bad_steps", &s.most_bad_steps,
           "steps whose loss or gradient is no finite number are left out and counted; after so many in a row training "
           "ends",
           1, 1e6),
       {"checkpoint_every", &s.checkpoint_every,
        "how often a checkpoint is written from which `run --resume` goes on: \"30s\", \"5min\", \"2h\", \"200 "
        "steps\", "
        "\"1 epoch\". There is one at the end of training and one at an interruption too"},
       count("keep_checkpoints", &s.keep_checkpoints, "the newest so many stay until the run is finished", 1, 1000),
       choice("out_of_memory", &s.out_of_memory,
              "what happens where a batch does not fit: fail: the run ends and says what would fit; halve: each batch "
              "goes through the model in two parts, then four and so on, and their gradients are averaged; batch-norm "
              "then sees the parts",
              {"fail", "halve"})}};
}

Section optimizer_section(OptimizerSettings& s) {
  return {"train.optimizer",
          "The optimizer. Weight decay leaves out batch-norm and biases.",
          {choice("kind", &s.kind, "the optimizer", {"sgd", "adam", "adamw", "rmsprop"}),
           positive("learning_rate", &s.learning_rate, "at its highest"),
           {"weight_decay", &s.weight_decay, "of weights; batch-norm and biases have none", 0.0},
           {"momentum", &s.momentum, "of sgd and rmsprop", 0.0, 0.9999},
           {"nesterov", &s.nesterov, "Nesterov's momentum, for sgd"},
           {"beta1", &s.beta1, "of adam and adamw", 0.0, 0.999999},
           {"beta2", &s.beta2, "of adam and adamw", 0.0, 0.999999},
           positive("epsilon", &s.epsilon, "of adam, adamw and rmsprop"),
           {"alpha", &s.alpha, "smoothing of rmsprop", 0.0, 0.999999}}};
}

Section schedule_section(ScheduleSettings& s) {
  return {"train.schedule",
          "The learning rate over time.",
          {choice("kind", &s.kind, "after the warm-up", {"constant", "step", "cosine"}),
           {"warmup_epochs", &s.warmup_epochs, "epochs, or a fraction of one, in which it rises linearly from 0", 0.0},
           share("final_share", &s.final_share, "cosine: the last learning rate as a share of the first"),
           count("step_epochs", &s.step_epochs, "step: epochs between two drops", 1),
           {"step_factor", &s.step_factor, "step: what each drop multiplies by", 0.0, 1.0, true}}};
}

Section fine_tuning_section(FineTuningSettings& s) {
  return {
      "train.fine_tuning",
      "How a backbone that starts from weights learns on (docs/fine_tuning.md).",
      {count("freeze_stages", &s.freeze_stages,
             "stages of the backbone, from the image on, that do not learn; -1: all of them", -1, 1000),
       count("thaw_epoch", &s.thaw_epoch, "epoch from which on they learn too; 0: never", 0),
       choice("frozen_statistics", &s.frozen_statistics,
              "whose batch-norms use and keep the statistics they came with: of no stage, of the frozen ones, of the "
              "whole backbone",
              {"none", "frozen_stages", "all"}),
       positive("backbone_rate", &s.backbone_rate, "the backbone's learning rate is this share of the heads'"),
       {"layer_decay", &s.layer_decay,
        "each stage's learning rate is this share of that of the stage behind it, the heads being the last", 0.0, 1.0,
        true},
       {"backbone_warmup_epochs", &s.backbone_warmup_epochs,
        "epochs in which the backbone's learning rate rises from 0, after a probe or a thaw", 0.0},
       count("probe_epochs", &s.probe_epochs,
             "first epochs, in which the heads alone learn, from features that are computed once", 0),
       count("probe_views", &s.probe_views,
             "augmented versions of each image whose features are kept, taken in turn; 1: the image as it is", 1, 1000),
       {"probe_learning_rate", &s.probe_learning_rate, "constant, in these epochs; 0: the optimizer's", 0.0},
       count("probe_cache_mb", &s.probe_cache_mb, "features kept at most, in MiB", 1, 1 << 24),
       {"probe_folder", &s.probe_folder,
        "folder in which they stay for other runs with the same backbone, images and seed; none without"}}};
}

}  // namespace

std::vector<Section> sections_of(RunConfig& config) {
  return {run_section(config.run),
          engine_section(config.engine),
          data_section(config.data),
          synthetic_section(config.data.synthetic),
          input_section(config.input),
          augment_section(config.augment),
          backbone_section(config.backbone),
          weighting_section(config.weighting),
          train_section(config.train),
          optimizer_section(config.train.optimizer),
          schedule_section(config.train.schedule),
          fine_tuning_section(config.train.fine_tuning)};
}

Section section_of(TaskSettings& task) {
  return {"tasks",
          "One [[tasks]] per task; further keys are the options of its head.",
          {{"name", &task.name, "of the task: a letter, then letters, digits and '_'", {}, {}, false, {}, true},
           plugin_key(&task.plugin, "name of the head"),
           {"main", &task.main, "the task that selects the model; exactly one, and the only one by default"},
           positive("weight", &task.weight, "of the task's loss in the sum"),
           {"column", &task.column, "of the manifest with the labels; the head's own default where it is empty"},
           {"mask", &task.mask, "augmentations on whose images this task's loss is left out"}},
          &task.plugin};
}

}  // namespace mtl
