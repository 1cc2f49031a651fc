// The fused kernels with forbidden pages around every tensor: whoever reads or writes past one ends the program, and
// whoever reads what was never written computes something that is not a number.
#include <c10/core/CPUAllocator.h>
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cstring>

#include "backbones/efficientnet/kernels/instruction_set.h"
#include "framework/memory/torch_versions.h"
#include "tests/backbones/networks.h"

using namespace mtl;
using namespace mtl::test;

namespace {

enum class Side { behind, before };

/// A tensor's pages, between two forbidden ones. It begins on a 64-byte boundary, so that up to 63 bytes behind its end
/// remain allowed.
class GuardedPages {
 public:
  GuardedPages(size_t bytes, Side side) {
    const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    const size_t inside = (bytes + page - 1) / page * page;
    size_ = inside + 2 * page;
    mapped_ = static_cast<char*>(::mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (mapped_ == MAP_FAILED || ::mprotect(mapped_ + page, inside, PROT_READ | PROT_WRITE) != 0)
      throw std::bad_alloc();
    std::memset(mapped_ + page, 0xff, inside);
    values_ = mapped_ + page + (side == Side::before ? 0 : inside - (bytes + 63) / 64 * 64);
  }
  ~GuardedPages() { ::munmap(mapped_, size_); }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;

  void* values() const { return values_; }

 private:
  char* mapped_;
  size_t size_;
  void* values_;
};

/// Gives LibTorch guarded pages for as long as it lives.
class GuardedAllocator final : public c10::Allocator {
 public:
  explicit GuardedAllocator(Side side) : side_(side), before_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this); }
  ~GuardedAllocator() override { c10::SetCPUAllocator(before_); }
  GuardedAllocator(const GuardedAllocator&) = delete;
  GuardedAllocator& operator=(const GuardedAllocator&) = delete;

  c10::DataPtr allocate(size_t bytes) MTL_CONST_BEFORE_2_3 override {
    if (bytes == 0) return {nullptr, c10::Device(c10::DeviceType::CPU)};
    ++given_;
    auto* const pages = new GuardedPages(bytes, side_);
    return {pages->values(), pages, [](void* context) { delete static_cast<GuardedPages*>(context); },
            c10::Device(c10::DeviceType::CPU)};
  }
  // Overrides where LibTorch asks for it (2.2 on).
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }

  int64_t given() const { return given_; }

 private:
  Side side_;
  c10::Allocator* before_;
  mutable int64_t given_ = 0;
};

bool is_finite(const at::Tensor& tensor) { return tensor.isfinite().all().item<bool>(); }

void train_and_evaluate(Backbone& backbone, const at::Tensor& images) {
  backbone.train();
  const Features trained = backbone.forward(images);
  (trained.pooled.pow(2).sum() + trained.map.sum()).backward();
  CHECK(is_finite(trained.map));
  for (const auto& item : backbone.named_parameters()) {
    CAPTURE(item.key());
    CHECK(is_finite(item.value().grad()));
  }
  backbone.eval();
  const torch::NoGradGuard no_grad;
  for (const int64_t count : {images.size(0), int64_t{1}}) {
    const Features evaluated = backbone.forward(images.narrow(0, 0, count));
    CHECK(is_finite(evaluated.map));
    CHECK(is_finite(evaluated.pooled));
  }
}

}  // namespace

TEST_CASE("kernels stay within their tensors and read nothing that was not written, in every instruction set") {
  torch::manual_seed(1);
  for (const Side side : {Side::behind, Side::before})
    for (const std::string& set : efficientnet::kernels::instruction_sets())
      for (const std::string storage : {"float32", "bfloat16"}) {
        CAPTURE(set);
        CAPTURE(storage);
        const GuardedAllocator guarded(side);
        const auto backbone = make_network(
            "efficientnet_b0", {{"kernels", "fused", ""}, {"instruction_set", set, ""}, {"precision", storage, ""}});
        train_and_evaluate(*backbone, torch::randn({3, 3, 47, 33}));
        CHECK(guarded.given() > 1000);
      }
}
