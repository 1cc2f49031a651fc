#include "framework/model/safetensors.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cstring>

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

}  // namespace

TEST_CASE("what is written is read back: types, shapes, values, metadata, any layout") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.safetensors";
  torch::manual_seed(1);
  std::vector<NamedTensor> tensors;
  for (at::ScalarType type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort,
                              at::kChar, at::kByte, at::kBool})
    tensors.push_back({c10::toString(type), (torch::rand({2, 3}) * 100).to(type)});
  tensors.push_back({"scalar", torch::tensor(3.5F)});
  tensors.push_back({"empty", torch::zeros({0, 4})});
  tensors.push_back({"channels last", torch::rand({2, 3, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast)});
  write_safetensors(file, tensors, {{"format", "pt"}});
  const SafetensorsFile read = read_safetensors(file);
  CHECK(read.metadata.at("format") == "pt");
  REQUIRE(read.tensors.size() == tensors.size());
  for (const NamedTensor& expected : tensors)
    for (const NamedTensor& found : read.tensors)
      if (found.name == expected.name) {
        CAPTURE(found.name);
        CHECK((found.tensor.scalar_type() == expected.tensor.scalar_type()));
        CHECK(torch::equal(found.tensor, expected.tensor));
      }
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
  CHECK(error_for(file_of("[1]")) == "is no safetensors file: its header is no JSON object");
  CHECK(error_for(file_of(R"({"a":{}})")) == "describes tensor 'a' badly: dtype, shape and data_offsets are expected");
  CHECK(error_for(file_of(R"({"a":{"dtype":"F9","shape":[1],"data_offsets":[0,4]}})", "1234")) ==
        "gives tensor 'a' the type 'F9', which LibTorch does not have");
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

TEST_CASE("what is no file is named") {
  const test::TemporaryFolder folder;
  CHECK(test::error_of([&] { read_safetensors(folder.path()); }) ==
        folder.path().string() + " is no file that can be read");
  CHECK(test::error_of([&] { read_safetensors(folder.path() / "x"); }) ==
        (folder.path() / "x").string() + " is no file that can be read");
}
