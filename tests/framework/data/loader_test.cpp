#include "framework/data/loader.h"

#include <doctest/doctest.h>
#include <torch/types.h>

#include <numeric>
#include <set>

#include "mtl/error.h"
#include "tests/framework/data/pictures.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

class Gradients : public ImageSource {
 public:
  cv::Mat read(size_t row) const override {
    if (row == broken) throw Error("image 13 is broken");
    return test::gradient(20 + static_cast<int>(row % 7), 24);
  }
  size_t broken = static_cast<size_t>(-1);
};

constexpr size_t images = 23;

struct Fixture {
  Gradients source;
  InputSettings input;
  std::vector<TaskLabels> labels;
  std::unique_ptr<PixelCache> pixels;

  Fixture() {
    input.size = 16;
    TaskLabels task;
    task.targets = torch::arange(static_cast<int64_t>(images));
    task.labelled = torch::arange(static_cast<int64_t>(images)).remainder(3) != 0;
    labels.push_back(task);
    task.mask = bit(Augmentation::vertical_flip);
    labels.push_back(task);
    pixels = std::make_unique<PixelCache>(source, images, input, CacheSettings{16, {}});
  }

  LoaderSettings settings(bool training) const {
    LoaderSettings s;
    s.rows.resize(images);
    std::iota(s.rows.begin(), s.rows.end(), size_t{0});
    s.batch_size = 4;
    s.size = 16;
    s.normalization = {{0.5F, 0.4F, 0.3F}, {0.25F, 0.2F, 0.1F}};
    s.seed = 11;
    s.prefetch = 2;
    if (training) {
      s.augment = AugmentSettings{};
      s.augment->vertical_flip = 0.5;
      s.augment->crop_min_area = 0.5;
      s.augment->noise = 0.1;
    }
    return s;
  }

  std::vector<Batch> epoch(Loader& loader, int64_t number) const {
    std::vector<Batch> batches;
    loader.start_epoch(number);
    while (auto batch = loader.next()) batches.push_back(std::move(*batch));
    return batches;
  }
};

bool same(const std::vector<Batch>& a, const std::vector<Batch>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].rows != b[i].rows || !a[i].images.equal(b[i].images)) return false;
    for (size_t k = 0; k < a[i].labelled.size(); ++k)
      if (!a[i].labelled[k].equal(b[i].labelled[k]) || !a[i].targets[k].equal(b[i].targets[k])) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("any number of threads gives the same bits") {
  const Fixture f;
  WorkerPool nobody(0);
  Loader alone(*f.pixels, f.labels, f.settings(true), nobody);
  const auto first = f.epoch(alone, 0), second = f.epoch(alone, 1);
  CHECK_FALSE(same(first, second));
  CHECK(same(f.epoch(alone, 0), first));
  for (int64_t threads : {1, 2, 4}) {
    WorkerPool pool(threads);
    Loader loader(*f.pixels, f.labels, f.settings(true), pool);
    CHECK(same(f.epoch(loader, 0), first));
    CHECK(same(f.epoch(loader, 1), second));
  }
}

TEST_CASE("every image comes once an epoch; the last batch may be short, but training has none of one image") {
  const Fixture f;
  WorkerPool pool(2);
  Loader loader(*f.pixels, f.labels, f.settings(true), pool);
  CHECK(loader.batches() == 6);
  std::multiset<size_t> seen;
  for (const Batch& batch : f.epoch(loader, 3)) seen.insert(batch.rows.begin(), batch.rows.end());
  CHECK(seen.size() == images);
  CHECK(std::set<size_t>(seen.begin(), seen.end()).size() == images);

  LoaderSettings settings = f.settings(true);
  settings.rows.resize(21);  // 5 x 4 + 1
  Loader odd(*f.pixels, f.labels, settings, pool);
  const auto batches = f.epoch(odd, 0);
  REQUIRE(batches.size() == 5);
  CHECK(batches.back().rows.size() == 5);
  settings.augment.reset();
  Loader evaluation(*f.pixels, f.labels, settings, pool);
  CHECK(f.epoch(evaluation, 0).back().rows.size() == 1);
}

TEST_CASE("evaluation keeps the order and normalizes RGB per channel") {
  const Fixture f;
  WorkerPool pool(1);
  Loader loader(*f.pixels, f.labels, f.settings(false), pool);
  const auto batches = f.epoch(loader, 0);
  CHECK(batches[1].rows == std::vector<size_t>{4, 5, 6, 7});
  const Batch& batch = batches[0];
  CHECK(batch.images.sizes() == at::IntArrayRef{4, 3, 16, 16});
  CHECK(batch.images.is_contiguous(at::MemoryFormat::ChannelsLast));
  const cv::Mat image = f.pixels->read(2);
  const float means[] = {0.5F, 0.4F, 0.3F}, deviations[] = {0.25F, 0.2F, 0.1F};
  for (int c = 0; c < 3; ++c)
    CHECK(batch.images[2][c][5][9].item<float>() ==
          doctest::Approx((image.at<cv::Vec3b>(5, 9)[c] / 255.0F - means[c]) / deviations[c]).epsilon(1e-5));
}

TEST_CASE("labels follow their images; a masked augmentation takes a task's label away") {
  const Fixture f;
  WorkerPool pool(2);
  Loader loader(*f.pixels, f.labels, f.settings(true), pool);
  int masked = 0;
  for (const Batch& batch : f.epoch(loader, 0))
    for (size_t i = 0; i < batch.rows.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      CHECK(batch.targets[0][at].item<int64_t>() == static_cast<int64_t>(batch.rows[i]));
      CHECK(batch.labelled[0][at].item<bool>() == (batch.rows[i] % 3 != 0));
      masked += batch.labelled[0][at].item<bool>() && !batch.labelled[1][at].item<bool>();
    }
  CHECK(masked > 2);
  CHECK(masked < 14);
}

TEST_CASE("a broken image stops next() with its sentence, whatever the threads") {
  for (int64_t threads : {0, 1, 3}) {
    Fixture f;
    f.source.broken = 13;
    WorkerPool pool(threads);
    Loader loader(*f.pixels, f.labels, f.settings(false), pool);
    CHECK(test::error_of([&] { f.epoch(loader, 0); }) == "image 13 is broken");
  }
}

TEST_CASE("where bad images are borne, another of the batch stands in without a label, and all else stays the same") {
  for (const int64_t threads : {0, 3}) {
    Fixture f;
    WorkerPool pool(threads);
    LoaderSettings settings = f.settings(true);
    BadImages bad;
    settings.bad_images = &bad;
    Loader loader(*f.pixels, f.labels, settings, pool);
    const auto sound = f.epoch(loader, 2);
    for (const Batch& batch : sound) CHECK(batch.readable.empty());
    CHECK(bad.rows().empty());

    Fixture g;  // nothing is kept yet
    g.source.broken = 13;
    Loader other(*g.pixels, g.labels, settings, pool);
    const auto broken = g.epoch(other, 2);
    CHECK(bad.rows() == std::vector<size_t>{13});
    CHECK(bad.take_new() == std::vector<std::string>{"image 13 is broken"});
    CHECK(bad.take_new().empty());
    REQUIRE(broken.size() == sound.size());
    for (size_t b = 0; b < sound.size(); ++b)
      for (size_t i = 0; i < sound[b].rows.size(); ++i) {
        const auto place = static_cast<int64_t>(i);
        if (sound[b].rows[i] != 13) {
          CHECK(broken[b].images[place].equal(sound[b].images[place]));
          CHECK(broken[b].labelled[0][place].equal(sound[b].labelled[0][place]));
          continue;
        }
        CHECK_FALSE(broken[b].readable[i]);
        const auto next = static_cast<int64_t>((i + 1) % sound[b].rows.size());
        CHECK(broken[b].images[place].equal(sound[b].images[next]));
        for (const at::Tensor& labelled : broken[b].labelled) CHECK_FALSE(labelled[place].item<bool>());
        Batch kept = broken[b];
        CHECK(kept.keep_readable());
        CHECK(kept.size() == sound[b].size() - 1);
        CHECK(std::count(kept.rows.begin(), kept.rows.end(), size_t{13}) == 0);
        CHECK(kept.images.size(0) == kept.size());
        CHECK(kept.targets[0].size(0) == kept.size());
      }
  }
}

TEST_CASE("a loader can be left in the middle of an epoch; two share the threads") {
  const Fixture f;
  WorkerPool pool(3);
  Loader loader(*f.pixels, f.labels, f.settings(true), pool);
  loader.start_epoch(0);
  loader.next();
  const auto whole = f.epoch(loader, 0);
  CHECK(whole.size() == 6);
  loader.start_epoch(0);
  Loader other(*f.pixels, f.labels, f.settings(true), pool);
  CHECK(same(f.epoch(other, 0), whole));
  {
    Loader left(*f.pixels, f.labels, f.settings(true), pool);
    left.start_epoch(1);
  }
  std::vector<Batch> begun_before;
  while (auto batch = loader.next()) begun_before.push_back(std::move(*batch));
  CHECK(same(begun_before, whole));
}
