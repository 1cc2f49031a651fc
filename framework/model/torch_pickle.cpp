#include "framework/model/torch_pickle.h"

#include <ATen/core/Dict.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <string>

#include "framework/support/atomic_file.h"

namespace mtl {

/// As torch::pickle_save does, but for its notes of types: torch.load with weights_only, PyTorch's default since 2.6,
/// takes none.
void write_torch_file(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors) {
  c10::Dict<std::string, at::Tensor> dictionary;
  for (const NamedTensor& named : tensors)
    dictionary.insert(named.name, named.tensor.detach().to(at::kCPU).contiguous());

  std::string pickle;
  torch::jit::Pickler pickler([&](const char* bytes, size_t count) { pickle.append(bytes, count); }, nullptr, nullptr,
                              nullptr, nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(dictionary);
  pickler.stop();

  std::string content;
  {
    caffe2::serialize::PyTorchStreamWriter archive([&](const void* bytes, size_t count) {
      content.append(static_cast<const char*>(bytes), count);
      return count;
    });
    archive.writeRecord("data.pkl", pickle.data(), pickle.size());
    for (size_t i = 0; i < pickler.tensorData().size(); ++i) {
      const auto data = torch::jit::getWriteableTensorData(pickler.tensorData()[i]);
      archive.writeRecord("data/" + std::to_string(i), data.data(), data.sizeInBytes());
    }
    archive.writeEndOfFile();
  }
  write_file(file, content);
}

}  // namespace mtl
