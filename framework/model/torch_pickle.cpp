#include "framework/model/torch_pickle.h"

#include <ATen/core/Dict.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <string_view>

#include "framework/support/atomic_file.h"

namespace mtl {

void write_torch_file(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors) {
  c10::Dict<std::string, at::Tensor> dictionary;
  for (const NamedTensor& named : tensors)
    dictionary.insert(named.name, named.tensor.detach().to(at::kCPU).contiguous());
  const std::vector<char> bytes = torch::jit::pickle_save(dictionary);
  write_file(file, std::string_view(bytes.data(), bytes.size()));
}

}  // namespace mtl
