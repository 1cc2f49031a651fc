#include "framework/model/torch_archive.h"

#include <string>

#include "framework/model/pickle.h"
#include "framework/model/state_dict.h"
#include "framework/model/zip_directory.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using namespace std::literals;

constexpr uint64_t largest_growth = 16;  // layers may share weights; a small file must not fill the memory

bool is_zip(std::string_view file) { return file.substr(0, 4) == "PK\3\4"sv; }

/// Before 1.6, files began with this number, 0x1950a86a20f9469cfc6c, as a pickle of its own.
bool is_of_old_format(std::string_view file) {
  constexpr size_t beginning = 64;
  return file.substr(0, beginning).find("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv) != file.npos;
}

void require_zip(std::string_view file) {
  if (file.empty()) throw Error("is empty; get the file again");
  if (is_zip(file)) return;
  if (is_of_old_format(file))
    throw Error(
        "is in the format of PyTorch before 1.6, which is not read; load it in Python and save it again with "
        "torch.save(torch.load(...), ...)");
  throw Error("is no file of torch.save, which begins with PK; give a .pth or .safetensors file");
}

/// "ARCHIVE/" of ARCHIVE/data.pkl: whoever wrote the file chose the name of its one folder.
std::string_view find_folder(const ZipDirectory& directory) {
  for (const ZipEntry& entry : directory.entries()) {
    const size_t slash = entry.name.find('/');
    if (slash != entry.name.npos && entry.name.substr(slash + 1) == "data.pkl") return entry.name.substr(0, slash + 1);
  }
  throw Error("is a zip file without a data.pkl, no file of torch.save; give a .pth or .safetensors file");
}

class Archive {
 public:
  explicit Archive(std::string_view file) : directory_(file), folder_(find_folder(directory_)) {}

  void require_readable() const {
    if (has_entry_from("constants.pkl") || has_entry_from("code/"))  // they may be compressed, others are not
      throw Error(
          "is a TorchScript archive, of which no weights are read; save them in Python with "
          "torch.save(torch.jit.load(...).state_dict(), ...)");
    const ZipEntry* order = find("byteorder");
    if (order && order->bytes != "little")
      throw Error("was written on a machine with the byte order " + in_quotes(order->bytes) +
                  ", 'little' is expected; load and save it again with Python on this machine");
  }

  std::string_view pickle() const { return find("data.pkl")->bytes; }

  std::string_view storage_of(std::string_view tensor, std::string_view key) const {
    const ZipEntry* entry = find("data/" + std::string(key));
    if (!entry)
      throw Error("lacks the record " + in_quotes("data/" + std::string(key)) + " with the values of tensor " +
                  in_quotes(tensor) + "; get the file again");
    return entry->bytes;
  }

 private:
  const ZipEntry* find(const std::string& name) const { return directory_.find(std::string(folder_) + name); }

  bool has_entry_from(const char* beginning) const {
    const std::string full = std::string(folder_) + beginning;
    for (const ZipEntry& entry : directory_.entries())
      if (entry.name.substr(0, full.size()) == full) return true;
    return false;
  }

  ZipDirectory directory_;
  std::string_view folder_;
};

void require_justified(uint64_t packed, size_t file) {
  if (packed / largest_growth > file)
    throw Error("repeats its values: its tensors would take more than " + std::to_string(largest_growth) +
                " times the file's " + std::to_string(file) +
                " bytes; save tensors that share no memory, without expand()");
}

}  // namespace

std::vector<StoredTensor> read_torch_archive(std::string_view file) {
  require_zip(file);
  const Archive archive(file);
  archive.require_readable();
  const pickle::Pickle pickle = pickle::read(archive.pickle());
  std::vector<StoredTensor> tensors;
  uint64_t packed = 0;
  for (const auto& [name, tensor] : pickle::find_state_dict(*pickle.root)) {
    tensors.push_back(place_tensor(name, *tensor, archive.storage_of(name, tensor->storage->key)));
    packed += packed_bytes(tensors.back());  // each is below 2^63, and the sum so far below 16 times the file
    require_justified(packed, file.size());
  }
  return tensors;
}

bool is_of_torch(std::string_view beginning) { return is_zip(beginning) || is_of_old_format(beginning); }

}  // namespace mtl
