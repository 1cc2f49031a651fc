#pragma once

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>

#include "mtl/plugin_note.h"
#include "tests/support/temporary_folder.h"

namespace mtl::test {

/// The bytes of a good plugin with one thing about its note changed.
class PluginCopy {
 public:
  PluginCopy() : bytes_(read_file(std::filesystem::path(MTL_EXAMPLE_DIR) / "tiny_backbone.so")) {
    note_ = bytes_.find(std::string(plugin_magic, sizeof plugin_magic));
  }

  PluginCopy& number(size_t offset, uint32_t value) {
    std::memcpy(&bytes_[note_ + offset], &value, sizeof value);
    return *this;
  }
  PluginCopy& text(size_t offset, const std::string& value) {
    std::memcpy(&bytes_[note_ + offset], value.c_str(), value.size() + 1);
    return *this;
  }
  /// The ELF header of the note says how long its descriptor is.
  PluginCopy& descriptor_size(uint32_t size) {
    const size_t header = note_ - offsetof(ElfPluginNote, note);
    std::memcpy(&bytes_[header + offsetof(ElfPluginNote, descriptor_size)], &size, sizeof size);
    return *this;
  }
  PluginCopy& byte(size_t offset_in_file, char value) {
    bytes_.at(offset_in_file) = value;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  size_t note_;
};

}  // namespace mtl::test
