#include <doctest/doctest.h>

#include <string>

#include "framework/bundle/bundle_archive.h"
#include "framework/bundle/bundle_files.h"
#include "framework/bundle/bundle_names.h"
#include "framework/bundle/zip_seal.h"
#include "framework/bundle/zip_writer.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::contains;

namespace {

const std::string nothing, zeros("\0\0\0", 3);

/// A bundle's files with their digests; `sums` holds the text.
NamedBytes sealed_files(std::string& sums) {
  NamedBytes files{{"config.toml", "a = 1\n"}, {"golden/00.png", zeros}, {"empty.txt", nothing}};
  sums = digests_text(files);
  files["SHA256SUMS"] = sums;
  return files;
}

std::string zip_of_bundle() {
  std::string sums;
  return sealed_zip(sealed_files(sums));
}

std::string opening(const std::string& bytes) {
  const test::TemporaryFolder folder;
  folder.write("b.mtlb", bytes);
  return test::error_of([&] { BundleFiles(folder.path() / "b.mtlb"); });
}

}  // namespace

TEST_CASE("files come out of a sealed zip as they went in, and the same files give the same bytes") {
  const std::string zip = zip_of_bundle();
  const NamedBytes files = files_in_archive(zip);
  CHECK(files.size() == 4);
  CHECK(files.at("config.toml") == "a = 1\n");
  CHECK(files.at("golden/00.png") == zeros);
  CHECK(files.at("empty.txt").empty());
  CHECK(zip == zip_of_bundle());
  CHECK(zip.substr(zip.size() - zip_seal_size) == zip_seal(zip.substr(0, zip.size() - zip_seal_size)));
  CHECK(opening(zip).empty());
}

TEST_CASE("every altered byte, and every length but the right one, is refused with a sentence") {
  const std::string zip = zip_of_bundle();
  for (size_t at = 0; at < zip.size(); ++at)
    for (const int flip : {1, 0x80}) {
      std::string altered = zip;
      altered[at] = static_cast<char>(altered[at] ^ flip);
      const std::string said = opening(altered);
      INFO(at << ": " << said);
      CHECK(said.size() > 20);
    }
  for (size_t size = 0; size < zip.size(); ++size) CHECK_FALSE(opening(zip.substr(0, size)).empty());
  CHECK_FALSE(opening(zip + "x").empty());
  CHECK(contains(opening(""), "is empty"));
  CHECK(contains(opening("\xff\xd8\xff a picture"), "is no zip file"));
}

TEST_CASE("a seal that was made anew does not hide an altered file, for its digest is another") {
  std::string sums;
  NamedBytes files = sealed_files(sums);
  files["config.toml"] = "a = 2\n";
  const std::string said = opening(sealed_zip(files));
  CHECK(contains(said, "'config.toml' is not what was written"));
  files = sealed_files(sums);
  files.erase("empty.txt");
  CHECK(contains(opening(sealed_zip(files)), "'empty.txt' is missing"));
  files["more.txt"] = "";
  files["empty.txt"] = "";
  CHECK(contains(opening(sealed_zip(files)), "'more.txt' is not named in its SHA256SUMS"));
  files = sealed_files(sums);
  files.erase("SHA256SUMS");
  CHECK(contains(opening(sealed_zip(files)), "'SHA256SUMS' is missing"));
  const std::string turned = sums + "\n";
  files["SHA256SUMS"] = turned;
  CHECK(contains(opening(sealed_zip(files)), "is not the text of sha256sum"));
}

TEST_CASE("names that lead out of a folder, and too many files, are refused") {
  for (const char* name : {"../x", "/etc/passwd", "a/../b", "a//b", "", "a/", ".", "A.txt", "a\\b", "x\n", "ä"}) {
    INFO(name);
    CHECK_FALSE(test::error_of([&] { bundle_name::require_plain(name); }).empty());
    if (*name) CHECK_FALSE(test::error_of([&] { files_in_archive(sealed_zip({{name, "x"}})); }).empty());
  }
  for (const char* name : {"SHA256SUMS", "config.toml", "golden/07.png", "a-b_c.0"})
    CHECK(test::error_of([&] { bundle_name::require_plain(name); }).empty());
  CHECK(bundle_name::picture(7) == "golden/07.png");
  CHECK(bundle_name::picture(12) == "golden/12.png");
  NamedBytes many;
  for (size_t i = 0; i <= bundle_name::most_files; ++i) many["f" + std::to_string(i)] = "";
  CHECK(contains(test::error_of([&] { files_in_archive(sealed_zip(many)); }), "a bundle has at most 64"));
}
