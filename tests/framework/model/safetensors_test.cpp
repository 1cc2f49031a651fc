#include "framework/model/safetensors.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cstring>

#include "tests/support/python.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

std::string file_of(const std::string& header, const std::string& data, uint64_t stated_length) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &stated_length, 8);
  return bytes + header + data;
}

std::string file_of(const std::string& header, const std::string& data = "") {
  return file_of(header, data, header.size());
}

std::string error_for(const std::string& content) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("w.safetensors", content);
  const std::string error = test::error_of([&] { read_safetensors(file); });
  return error.empty() ? "" : error.substr(file.string().size() + 1);
}

/// One of each type that both LibTorch and the format have, a scalar, an empty one and one in another layout.
std::vector<NamedTensor> of_every_kind() {
  torch::manual_seed(1);
  std::vector<NamedTensor> tensors;
  for (at::ScalarType type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort,
                              at::kChar, at::kByte, at::kBool})
    tensors.push_back({c10::toString(type), (torch::rand({2, 3}) * 100).to(type)});
  tensors.push_back({"scalar", torch::tensor(3.5F)});
  tensors.push_back({"empty", torch::zeros({0, 4})});
  tensors.push_back({"channels last", torch::rand({2, 3, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast)});
  return tensors;
}

void check_same(const SafetensorsFile& read, const std::vector<NamedTensor>& tensors) {
  REQUIRE(read.tensors.size() == tensors.size());
  size_t compared = 0;
  for (const NamedTensor& expected : tensors)
    for (const NamedTensor& found : read.tensors)
      if (found.name == expected.name) {
        CAPTURE(found.name);
        CHECK((found.tensor.scalar_type() == expected.tensor.scalar_type()));
        CHECK(torch::equal(found.tensor, expected.tensor));
        ++compared;
      }
  CHECK(compared == tensors.size());
}

}  // namespace

TEST_CASE("what is written is read back: types, shapes, values, metadata, any layout") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.safetensors";
  write_safetensors(file, of_every_kind(), {{"format", "pt"}});
  const SafetensorsFile read = read_safetensors(file);
  CHECK(read.metadata.at("format") == "pt");
  check_same(read, of_every_kind());
}

TEST_CASE("Python's safetensors reads what is written here, and what it writes is read") {
  const test::TemporaryFolder folder;
  write_safetensors(folder.path() / "in.safetensors", of_every_kind(), {{"format", "pt"}});
  const auto python =
      test::run_python(folder.path(), "tests/framework/model/safetensors_check.py", "in.safetensors out.safetensors");
  if (!python.can_run) {
    MESSAGE("skipped: /usr/bin/python3 has no safetensors with PyTorch");
    return;
  }
  INFO(python.log);
  REQUIRE(python.code == 0);
  const SafetensorsFile read = read_safetensors(folder.path() / "out.safetensors");
  CHECK(read.metadata.at("from") == "Python");
  check_same(read, of_every_kind());
}

TEST_CASE("a file made by hand after the format's description is read") {
  const float values[2] = {1.5F, -2};
  const test::TemporaryFolder folder;
  const auto file = folder.write("w.safetensors", file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                                                          std::string(reinterpret_cast<const char*>(values), 8)));
  CHECK(torch::equal(read_safetensors(file).tensors.at(0).tensor, torch::tensor({1.5F, -2.0F})));
}

TEST_CASE("damaged and hostile files are refused before anything is allocated") {
  CHECK(error_for("") == "has 0 bytes; a safetensors file has at least 8");
  CHECK(error_for(file_of("{}", "", uint64_t{1} << 60))
            .find("is no safetensors file: it states a header of 1152921504606846976 bytes") == 0);
  CHECK(error_for(file_of("not json")) == "is no safetensors file: its header is no JSON object");
  CHECK(error_for(file_of("{\"a\":[[[[[0]]]]]}")) ==
        "is no safetensors file: its header is nested deeper than the format has it");
  CHECK(error_for(file_of(std::string(100'000, '['))).find("is no safetensors file: its header is nested") == 0);
  CHECK(error_for(file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                          R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                          "12")) == "has 'a' twice in its header");
  CHECK(error_for(file_of(R"({"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}})", "1")) ==
        "has 'dtype' twice in its header");
  CHECK(error_for(file_of(R"({"__metadata__":{"epoch":3}})")) == "has a __metadata__ whose 'epoch' is no text");
  CHECK(error_for(file_of(R"({"__metadata__":3})")) == "has a __metadata__ that is no JSON object");
  CHECK(error_for(file_of("[1]")) == "is no safetensors file: its header is no JSON object");
  CHECK(error_for(file_of(R"({"a":{}})")) == "describes tensor 'a' badly: dtype, shape and data_offsets are expected");
  CHECK(error_for(file_of(R"({"a":{"dtype":"F9","shape":[1],"data_offsets":[0,4]}})", "1234")) ==
        "gives tensor 'a' the type 'F9', which the format does not have");
  CHECK(error_for(file_of(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234")) ==
        "describes tensor 'a' badly: shape holds an impossible size");
  CHECK(error_for(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}})", "1234")) ==
        "describes tensor 'a' badly: data_offsets are not two numbers");
  const std::string wrong_place = "places tensor 'a' at bytes ";
  CHECK(error_for(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234")).find(wrong_place) == 0);
  CHECK(error_for(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "12345678")).find(wrong_place) ==
        0);
  CHECK(
      error_for(file_of(R"({"a":{"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,4]}})", "1234"))
          .find(wrong_place) == 0);
  CHECK(
      error_for(
          file_of(
              R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})",
              "123456"))
          .find("places tensor 'b' at bytes 2 to 6; expected 4") == 0);
  CHECK(error_for(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "12")) ==
        "holds 2 bytes of tensors, its header describes 4; the file is truncated or damaged");
}

TEST_CASE("tensors outlive the reading, change apart from the file, and lie where their bytes do") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.safetensors";
  write_safetensors(file, {{"a", torch::tensor({1.0F, 2.0F})}, {"b", torch::tensor({7.0F})}});
  const std::string before = test::read_file(file);
  at::Tensor a = read_safetensors(file).tensors.at(0).tensor;
  a.mul_(3);
  CHECK(torch::equal(a, torch::tensor({3.0F, 6.0F})));
  CHECK(test::read_file(file) == before);
  CHECK(read_safetensors(file).tensors.at(1).tensor.item<float>() == 7);
}

TEST_CASE("a header that is no multiple of eight long puts tensors where they are copied from") {
  const float value = 2.5F;
  const test::TemporaryFolder folder;
  std::string header = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  while (header.size() % 4 != 1) header += ' ';
  const auto file =
      folder.write("w.safetensors", file_of(header, std::string(reinterpret_cast<const char*>(&value), 4)));
  CHECK(read_safetensors(file).tensors.at(0).tensor.item<float>() == 2.5F);
}

TEST_CASE("a name that is there twice is not written") {
  const test::TemporaryFolder folder;
  CHECK(test::error_of([&] {
          write_safetensors(folder.path() / "w", {{"a", torch::zeros({1})}, {"a", torch::zeros({1})}});
        }) == "two tensors are called 'a'; a safetensors file has each name once");
}

TEST_CASE("what is no file is named") {
  const test::TemporaryFolder folder;
  CHECK(test::error_of([&] { read_safetensors(folder.path()); }) ==
        folder.path().string() + " is no file that can be read");
  CHECK(test::error_of([&] { read_safetensors(folder.path() / "x"); }) ==
        (folder.path() / "x").string() + " is no file that can be read");
}
