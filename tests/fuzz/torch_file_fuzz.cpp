// Any bytes as a .pth: a file of torch.save is read into tensors within its size or refused with a sentence. Bytes that
// begin no zip file are taken for the pickle of one, so that the search need not keep a directory in order.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "framework/model/torch_archive.h"
#include "mtl/error.h"
#include "tests/support/stored_zip.h"

namespace {

std::string as_archive(const std::string& pickle) {
  return mtl::test::stored_zip(
      {{"a/data.pkl", pickle}, {"a/data/0", std::string(96, 1)}, {"a/data/1", std::string(8, 2)}});
}

void read(std::string_view file) {
  uint64_t packed = 0;
  for (const mtl::StoredTensor& tensor : mtl::read_torch_archive(file)) {
    std::vector<char> values(mtl::packed_bytes(tensor));
    mtl::copy_packed(tensor, values.data());
    packed += values.size();
  }
  if (packed > 16 * (file.size() + 1)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  // A copy of its own: the sanitizer knows where it ends.
  std::string file(reinterpret_cast<const char*>(bytes), size);
  if (!mtl::is_of_torch(file)) file = as_archive(file);
  const std::vector<char> exact(file.begin(), file.end());
  try {
    read({exact.data(), exact.size()});
  } catch (const mtl::Error& error) {
    if (std::string(error.what()).find("; ") == std::string::npos &&
        std::string(error.what()).find(", get it again") == std::string::npos)
      std::abort();  // a sentence without a way out
  }
  return 0;
}
