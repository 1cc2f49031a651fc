#include "framework/model/autocast.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include "tests/support/temporary_folder.h"

using namespace mtl;

TEST_CASE("a precision is a type, or an error where the device lacks it") {
  CHECK_FALSE(autocast_type("float32", at::kCPU).has_value());
  CHECK(autocast_type("bfloat16", at::kCPU) == at::kBFloat16);
  CHECK(autocast_type("float16", at::Device(at::kCUDA, 0)) == at::kHalf);
  CHECK(test::error_of([] { autocast_type("float16", at::kCPU); }) ==
        "train.precision = \"float16\" needs a GPU, and this run is on the CPU; set it to \"bfloat16\" or \"float32\"");
}

TEST_CASE("products inside the scope compute in the type, those outside do not") {
  const at::Tensor a = torch::ones({2, 2});
  {
    const AutocastScope scope(at::kCPU, at::kBFloat16);
    CHECK((torch::mm(a, a).scalar_type() == at::kBFloat16));
  }
  CHECK((torch::mm(a, a).scalar_type() == at::kFloat));
  const AutocastScope nothing(at::kCPU, {});
  CHECK((torch::mm(a, a).scalar_type() == at::kFloat));
}
