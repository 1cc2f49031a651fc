#include "framework/train/checkpoint_store.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <sys/stat.h>

#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

namespace {

TrainingState state_at(int64_t step) {
  TrainingState state;
  state.epoch = 3;
  state.batch = step;
  state.step = step;
  state.taken_steps = step - 1;
  state.bad_in_a_row = 1;
  state.skipped_steps = 2;
  state.batch_parts = 4;
  state.learning_rate = 0.1 / 3;
  state.images = 77;
  state.seconds = 1.0 / 7;
  state.waited_seconds = 1e-9;
  state.best_epoch = 2;
  for (int64_t number = 1; number < 3; ++number) {
    EpochResult epoch;
    epoch.epoch = number;
    epoch.train_losses = {1.0 / 3, std::numeric_limits<double>::quiet_NaN()};
    epoch.weights = {1, 0.3};
    TaskResult task;
    task.task = "A";
    task.plugin = "p";
    task.main = true;
    task.loss = 2.0 / 3;
    task.labelled = 5;
    task.figures = {{"accuracy", 0.1 + 0.2, true, true}};
    ConfusionCounts confusion;
    confusion.classes.names = {std::string("a"), std::string("b")};
    confusion.classes.normal = {true, false};
    confusion.counts = {{1, 2}, {3, 4}};
    task.confusion.push_back(confusion);
    epoch.validation = {task};
    state.epochs.push_back(epoch);
  }
  state.tensors = {{"model/w", torch::full({3}, static_cast<double>(step))}, {"optimizer/n", torch::tensor(step)}};
  state.best = {{"w", torch::full({3}, 0.5)}};
  return state;
}

CheckpointRecord facts() {
  CheckpointRecord record;
  record.digests.data = "d";
  record.engine_version = "0.1.0";
  record.device = "cpu";
  record.threads = 2;
  return record;
}

fs::path newest_in(const fs::path& folder) {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().rfind("step_", 0) == 0 && entry.path() > newest) newest = entry.path();
  return newest;
}

size_t checkpoints_in(const fs::path& folder) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder))
    count += entry.path().filename().string().rfind("step_", 0) == 0;
  return count;
}

ino_t inode(const fs::path& file) {
  struct ::stat facts {};
  ::stat(file.c_str(), &facts);
  return facts.st_ino;
}

}  // namespace

TEST_CASE("a checkpoint comes back with every bit") {
  const test::TemporaryFolder folder;
  CheckpointStore store(folder.path(), 2);
  CHECK_FALSE(store.load().newest);
  store.save(state_at(40), facts());
  const CheckpointStore::Found found = store.load();
  REQUIRE(found.newest);
  CHECK(found.damaged.empty());
  const TrainingState before = state_at(40), &after = found.newest->state;
  CHECK(checkpoint_json(found.newest->record) == test::read_file(newest_in(folder.path()) / "checkpoint.json"));
  CHECK(after.epoch == before.epoch);
  CHECK(after.batch == before.batch);
  CHECK(after.step == before.step);
  CHECK(after.taken_steps == before.taken_steps);
  CHECK(after.bad_in_a_row == before.bad_in_a_row);
  CHECK(after.skipped_steps == before.skipped_steps);
  CHECK(after.batch_parts == before.batch_parts);
  CHECK(after.learning_rate == before.learning_rate);
  CHECK(after.images == before.images);
  CHECK(after.seconds == before.seconds);
  CHECK(after.waited_seconds == before.waited_seconds);
  CHECK(after.best_epoch == before.best_epoch);
  REQUIRE(after.epochs.size() == 2);
  CHECK(after.epochs[1].train_losses[0] == before.epochs[1].train_losses[0]);
  CHECK(std::isnan(after.epochs[1].train_losses[1]));
  CHECK(after.epochs[1].validation[0].figures[0].value == 0.1 + 0.2);
  CHECK(after.epochs[1].validation[0].confusion[0].counts == std::vector<std::vector<int64_t>>{{1, 2}, {3, 4}});
  CHECK(after.tensors[0].tensor.equal(before.tensors[0].tensor));
  CHECK(after.tensors[1].tensor.equal(before.tensors[1].tensor));
  CHECK(after.best[0].tensor.equal(before.best[0].tensor));
  CHECK(found.newest->record.digests == facts().digests);
  CHECK(found.newest->record.threads == 2);
}

TEST_CASE("the newest ones stay, and share the best weights while these are the same") {
  const test::TemporaryFolder folder;
  CheckpointStore store(folder.path(), 2);
  for (const int64_t step : {10, 20, 30}) store.save(state_at(step), facts());
  CHECK(checkpoints_in(folder.path()) == 2);
  CHECK(store.load().newest->state.step == 30);
  const ino_t shared = inode(newest_in(folder.path()) / "best.safetensors");
  TrainingState other = state_at(40);
  other.best_epoch = 1;
  store.save(other, facts());
  CHECK(inode(newest_in(folder.path()) / "best.safetensors") != shared);
  store.remove_all();
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("any byte of any file that is another, or missing, is noticed; the checkpoint before is used") {
  for (const char* name : {"checkpoint.json", "training.safetensors", "best.safetensors"}) {
    const test::TemporaryFolder folder;
    CheckpointStore store(folder.path(), 3);
    store.save(state_at(10), facts());
    TrainingState other = state_at(20);
    other.best_epoch = 1;  // a file of its own
    store.save(other, facts());
    const fs::path file = newest_in(folder.path()) / name;
    const std::string sound = test::read_file(file);
    const std::string prefix = newest_in(folder.path()).filename().string();
    const auto load_with = [&](const std::string& content) {
      folder.write(prefix + "/" + name, content);
      CheckpointStore::Found found = store.load();
      fs::rename(folder.path() / ("damaged_" + prefix), folder.path() / prefix);  // put aside by load()
      return found;
    };
    const size_t stride = sound.size() / 150 + 1;
    for (size_t i = 0; i < sound.size(); i += stride) {
      std::string altered = sound;
      altered[i] = static_cast<char>(altered[i] ^ 1);
      if (std::string(name) == "checkpoint.json" && std::isspace(static_cast<unsigned char>(sound[i]))) continue;
      const auto found = load_with(altered);
      REQUIRE_MESSAGE(found.damaged.size() == 1, name << " byte " << i);
      CHECK(found.damaged[0].find("is damaged: ") != std::string::npos);
      CHECK(found.newest->state.step == 10);
    }
    for (size_t length = 0; length < sound.size(); length += stride)
      CHECK_MESSAGE(load_with(sound.substr(0, length)).newest->state.step == 10, name << " cut to " << length);
    fs::remove(file);
    CHECK(store.load().newest->state.step == 10);
  }
}

TEST_CASE("where all are damaged there is none; what writing left is taken away") {
  const test::TemporaryFolder folder;
  folder.write(".unfinished/training.safetensors", "half a");
  CheckpointStore store(folder.path(), 2);
  CHECK_FALSE(fs::exists(folder.path() / ".unfinished"));
  store.save(state_at(10), facts());
  folder.write(newest_in(folder.path()).filename().string() + "/checkpoint.json", "{}");
  const auto found = store.load();
  CHECK_FALSE(found.newest);
  CHECK(found.damaged.size() == 1);
  store.save(state_at(5), facts());  // training again from the beginning
  CHECK(store.load().newest->state.step == 5);
}

TEST_CASE("where a checkpoint cannot be written, the one before stays") {
  const test::TemporaryFolder folder;
  CheckpointStore store(folder.path(), 1);
  store.save(state_at(10), facts());
  TrainingState unfit = state_at(20);
  unfit.tensors.push_back(unfit.tensors.front());  // two of one name
  CHECK_FALSE(test::error_of([&] { store.save(unfit, facts()); }).empty());
  CHECK_FALSE(fs::exists(folder.path() / ".unfinished"));
  CHECK(store.load().newest->state.step == 10);
}
