#include <doctest/doctest.h>

#include <new>

#include "tests/framework/train/small_training.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace mtl::test;

namespace {

/// Has memory for so many images, and no random draws.
class SmallMemory : public Backbone {
 public:
  explicit SmallMemory(int64_t most_images)
      : most_images_(most_images),
        convolution_(torch::nn::Conv2dOptions(3, 6, 5).stride(4)),
        norm_(torch::nn::BatchNorm2dOptions(6)) {
    register_module("convolution", convolution_);
    register_module("norm", norm_);
  }
  FeatureShape shape() const override { return {6, 6}; }
  Normalization normalization() const override { return {{0, 0, 0}, {1, 1, 1}}; }
  Features forward(const at::Tensor& images) override {
    const at::Tensor map = norm_(convolution_(images)).relu();
    if (is_training() && images.size(0) > most_images_) throw std::bad_alloc();  // its statistics have moved by now
    return {map, map.mean({2, 3})};
  }

 private:
  int64_t most_images_;
  torch::nn::Conv2d convolution_;
  torch::nn::BatchNorm2d norm_;
};

/// Those of another source, each in two parts.
class Halves : public BatchSource {
 public:
  explicit Halves(const std::vector<Batch>& batches) : all_(batches) {}
  int64_t batches() const override { return static_cast<int64_t>(2 * all_.size()); }
  void start_epoch(int64_t, int64_t first) override { next_ = first; }
  std::optional<Batch> next() override {
    const int64_t i = next_++;
    return part_of(all_[static_cast<size_t>(i / 2)], i % 2, 2);
  }
  double waited_seconds() const override { return 0; }

 private:
  const std::vector<Batch>& all_;
  int64_t next_ = 0;
};

class Listener : public Silent {
 public:
  void batch_halved(int64_t parts) override { halved.push_back(parts); }
  void batch_done(int64_t images, const std::function<double()>& loss) override {
    images_seen += images;
    losses.push_back(loss());
  }
  void epoch_done(const EpochResult& result, const std::vector<NamedTensor>&) override { epochs.push_back(result); }
  std::vector<int64_t> halved;
  int64_t images_seen = 0;
  std::vector<double> losses;
  std::vector<EpochResult> epochs;
};

struct Outcome {
  std::vector<NamedTensor> state;
  Listener listener;
  bool ran_out = false;
};

Outcome train(BatchSource& batches, int64_t most_images, const std::string& out_of_memory, int64_t accumulate = 1) {
  const OneThread one_thread;
  torch::manual_seed(3);
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  MultiTaskModel model = with_two_heads(std::make_shared<SmallMemory>(most_images), registry);
  FixedWeights weighting;
  RandomBatches validation(1);
  TrainSettings settings;
  settings.epochs = 2;
  settings.batch_size = images_per_batch;
  settings.accumulate = accumulate;
  settings.out_of_memory = out_of_memory;
  Outcome outcome;
  try {
    Trainer(two_tasks(model, weighting, batches, validation), settings, outcome.listener).run();
  } catch (const std::bad_alloc&) {
    outcome.ran_out = true;
  }
  outcome.state = model.state();
  return outcome;
}

}  // namespace

TEST_CASE("a batch that does not fit ends the training, unless it may be halved as far as two images") {
  RandomBatches batches(2);
  CHECK(train(batches, 3, "fail").ran_out);
  CHECK(train(batches, 1, "halve").ran_out);
  const Outcome fits = train(batches, 4, "halve");
  CHECK(!fits.ran_out);
  CHECK(fits.listener.halved.empty());
  CHECK(fits.listener.epochs.at(0).batch_parts == 1);
}

TEST_CASE("in two parts a batch is trained on as two batches of half its size are under accumulation") {
  RandomBatches whole(3);
  Halves halves(whole.all());
  const Outcome halved = train(whole, 2, "halve"), wanted = train(halves, 2, "fail", 2);
  REQUIRE(!halved.ran_out);
  REQUIRE(!wanted.ran_out);
  for (size_t i = 0; i < wanted.state.size(); ++i)
    CHECK_MESSAGE(halved.state[i].tensor.equal(wanted.state[i].tensor), wanted.state[i].name);
  CHECK(halved.listener.halved == std::vector<int64_t>{2});
  CHECK(halved.listener.epochs.at(1).batch_parts == 2);
  CHECK(halved.listener.images_seen == wanted.listener.images_seen);
  CHECK(halved.listener.epochs[1].train_losses == wanted.listener.epochs.at(1).train_losses);
  CHECK(halved.listener.losses.at(0) ==
        doctest::Approx((wanted.listener.losses.at(0) + wanted.listener.losses.at(1)) / 2));
}
