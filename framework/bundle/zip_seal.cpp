#include "framework/bundle/zip_seal.h"

#include <algorithm>

#include "framework/support/sha256.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using namespace std::literals;

constexpr std::string_view seal_beginning = "sha256:";

}  // namespace

std::string zip_seal(std::string_view bytes) { return std::string(seal_beginning) + sha256(bytes); }

void verify_zip_seal(std::string_view file) {
  if (file.empty()) throw Error("the file is empty; get the bundle again");
  if (file.substr(0, 4) != "PK\3\4"sv)
    throw Error("the file is no zip file, which begins with PK; give a .mtlb file, a bundle's folder or a run's");
  const std::string_view content = file.substr(0, file.size() - std::min(file.size(), zip_seal_size));
  const std::string_view stated = file.substr(content.size());
  if (stated.substr(0, seal_beginning.size()) != seal_beginning)
    throw Error(
        "the zip file does not end in 'sha256:' and the digest of its bytes: it is no bundle or was cut short; "
        "get the bundle again");
  const std::string seal = zip_seal(content);
  if (stated != seal)
    throw Error("the file is not what was written: its bytes give " + in_quotes(seal) + ", it ends in " +
                in_quotes(stated) + "; get the bundle again");
}

}  // namespace mtl
