// Any bytes as a bundle's zip file, and as each of its JSON files: files that lie within it and facts, or a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "framework/bundle/bundle_archive.h"
#include "framework/bundle/bundle_json.h"
#include "framework/bundle/golden.h"
#include "framework/bundle/zip_seal.h"
#include "framework/decide/decisions.h"
#include "mtl/error.h"

namespace {

template <class Read>
void expect_value_or_sentence(Read&& read) {
  try {
    read();
  } catch (const mtl::Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  expect_value_or_sentence([&] {
    const mtl::NamedBytes files = mtl::files_in_archive(file);
    for (const auto& [name, content] : files)
      if (content.data() < file.data() || content.data() + content.size() > file.data() + file.size()) std::abort();
    mtl::verify_digests(files);
  });
  expect_value_or_sentence([&] { mtl::verify_zip_seal(file); });
  expect_value_or_sentence([&] { mtl::parse_bundle_facts(file); });
  expect_value_or_sentence([&] { mtl::parse_golden_json(file); });
  expect_value_or_sentence([&] { mtl::parse_decisions(file, "decisions.json"); });
  return 0;
}
