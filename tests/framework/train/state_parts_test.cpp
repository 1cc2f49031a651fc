#include "framework/train/state_parts.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::error_of;

TEST_CASE("a part comes back under its own names, and no other's") {
  std::vector<NamedTensor> all;
  add_part(all, "model", {{"a", as_tensor(int64_t{1})}, {"model/b", as_tensor(int64_t{2})}});
  add_part(all, "model2", {{"a", as_tensor(int64_t{3})}});
  const auto part = part_of(all, "model");
  REQUIRE(part.size() == 2);
  CHECK(part[0].name == "a");
  CHECK(part[1].name == "model/b");
  CHECK(part_of(all, "model2").at(0).tensor.item<int64_t>() == 3);
}

TEST_CASE("values are copied by name; whatever does not fit is refused before anything is changed") {
  const std::vector<NamedTensor> to{{"a", torch::zeros({2})}, {"n", as_tensor(int64_t{0})}};
  CHECK(error_of([&] { load_into(to, {{"a", torch::ones({2})}}); }) == "there is no 'n'");
  CHECK(error_of([&] {
          load_into(to, {{"a", torch::ones({2})}, {"n", as_tensor(1.0)}});
        }) == "'n' is [] of Double and not [] of Long");
  CHECK(error_of([&] {
          load_into(to, {{"a", torch::ones({3})}, {"n", as_tensor(int64_t{1})}});
        }) == "'a' is [3] of Float and not [2] of Float");
  CHECK(error_of([&] {
          load_into(to, {{"a", torch::ones({2})}, {"n", as_tensor(int64_t{1})}, {"more", torch::ones({1})}});
        }) == "there are 3 tensors and not 2");
  CHECK(to[0].tensor.equal(torch::zeros({2})));
  load_into(to, {{"n", as_tensor(int64_t{7})}, {"a", torch::ones({2})}});
  CHECK(to[0].tensor.equal(torch::ones({2})));
  CHECK(to[1].tensor.item<int64_t>() == 7);
}
