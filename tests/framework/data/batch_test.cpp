#include "framework/data/batch.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <set>

using namespace mtl;

namespace {

/// Every value of image i is i; the first task is labelled in the first image alone, the second in all.
Batch batch_of(int64_t size) {
  Batch batch;
  const at::Tensor numbers = torch::arange(size, torch::kFloat);
  batch.images = numbers.view({size, 1, 1, 1}).expand({size, 3, 4, 4}).contiguous(torch::MemoryFormat::ChannelsLast);
  for (int64_t i = 0; i < size; ++i) batch.rows.push_back(static_cast<size_t>(100 + i));
  batch.targets = {numbers.to(torch::kLong), 2 * numbers};
  batch.labelled = {numbers == 0, numbers >= 0};
  batch.any_labelled = {true, true};
  batch.own_share = 0.75;
  return batch;
}

}  // namespace

TEST_CASE("parts hold each image once, with what is known of it, and beside the one in the mirrored place") {
  for (const int64_t size : {2, 3, 4, 7, 8, 33})
    for (const int64_t wanted : {1, 2, 4, 8, 64}) {
      CAPTURE(size);
      CAPTURE(wanted);
      const Batch batch = batch_of(size);
      const int64_t parts = count_parts(batch, wanted);
      CHECK(parts == std::min(wanted, size / 2));
      std::multiset<size_t> rows;
      for (int64_t i = 0; i < parts; ++i) {
        const Batch part = part_of(batch, i, wanted);
        REQUIRE(part.size() >= 2);
        CHECK(part.images.is_contiguous(torch::MemoryFormat::ChannelsLast));
        CHECK(part.own_share == 0.75);
        bool has_first = false;
        for (size_t j = 0; j < part.rows.size(); ++j) {
          const auto number = static_cast<int64_t>(part.rows[j]) - 100, place = static_cast<int64_t>(j);
          CHECK(part.images[place].eq(number).all().item<bool>());
          CHECK(part.targets[0][place].item<int64_t>() == number);
          CHECK(part.targets[1][place].item<int64_t>() == 2 * number);
          CHECK(part.rows[j] + part.rows[part.rows.size() - 1 - j] == static_cast<size_t>(200 + size - 1));
          has_first |= number == 0;
        }
        CHECK(part.any_labelled == std::vector<bool>{has_first, true});
        rows.insert(part.rows.begin(), part.rows.end());
      }
      CHECK(std::vector<size_t>(rows.begin(), rows.end()) == batch.rows);
    }
}

TEST_CASE("a batch of one image is its only part") {
  const Batch batch = batch_of(1);
  CHECK(count_parts(batch, 4) == 1);
  CHECK(part_of(batch, 0, 4).rows == batch.rows);
}
