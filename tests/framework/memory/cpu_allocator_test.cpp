#include "framework/memory/cpu_allocator.h"

#include <c10/core/CPUAllocator.h>
#include <doctest/doctest.h>
#include <torch/torch.h>

using namespace mtl;

TEST_CASE("LibTorch's tensors on the CPU come from the cache, once it is installed") {
  const at::Tensor from_before = torch::ones({1000, 1000});
  cpu_allocator::release();  // nothing is installed, nothing happens
  CHECK(cpu_allocator::figures().most_in_use == 0);
  cpu_allocator::install(0);
  cpu_allocator::install(1);  // changes nothing
  {
    const at::Tensor large = torch::full({1000, 1000}, 3.0F) + from_before;
    CHECK(cpu_allocator::figures().in_use >= 4'000'000);
    CHECK(large.sum().item<double>() == 4'000'000);
    CHECK(large.clone().equal(large));
  }
  CHECK(cpu_allocator::figures().in_use == 0);
  CHECK(cpu_allocator::figures().kept >= 8'000'000);
  cpu_allocator::release();
  CHECK(cpu_allocator::figures().kept == 0);
}

TEST_CASE("empty tensors and raw memory, as oneDNN takes it") {
  cpu_allocator::install(0);
  CHECK(torch::empty({0, 3}).numel() == 0);
  c10::Allocator& allocator = *c10::GetCPUAllocator();
  allocator.raw_deallocate(allocator.raw_allocate(0));
  void* const memory = allocator.raw_allocate(2'000'000);
  CHECK(cpu_allocator::figures().in_use >= 2'000'000);
  allocator.raw_deallocate(memory);
  CHECK(cpu_allocator::figures().in_use == 0);
}
