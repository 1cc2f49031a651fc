// Files of torch.save: those that /usr/bin/python3's PyTorch writes now, and a small one that is checked in.
#include "framework/model/torch_file.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <tuple>

#include "framework/model/safetensors.h"
#include "tests/support/stored_zip.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

namespace {

const fs::path small_file = MTL_SOURCE_DIR "/tests/framework/model/data/small.pth";

/// The end of the sentence that starts with the file.
std::string error_for(const fs::path& file) {
  const std::string error = test::error_of([&] { read_torch_file(file); });
  if (error.rfind(file.string() + " ", 0) != 0) return "no file is named: " + error;
  return error.substr(file.string().size() + 1);
}

std::string error_for_content(const std::string& content) {
  const test::TemporaryFolder folder;
  return error_for(folder.write("w.pth", content));
}

bool names_a_way_out(const std::string& error) {
  for (const char* way : {"get it again", "get the file again", "give a .pth"})
    if (error.find(way) != std::string::npos) return true;
  return false;
}

std::vector<std::string> names_of(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& named : tensors) names.push_back(named.name);
  return names;
}

bool same_bits(const at::Tensor& a, const at::Tensor& b) {
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() &&
         (a.nbytes() == 0 || std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0);
}

std::string text(const std::string& utf8) { return "X" + test::little_endian_bytes(utf8.size(), 4) + utf8; }

std::string tuple(const std::vector<int64_t>& numbers) {
  std::string program = "(";
  for (const int64_t number : numbers)
    program += "\x8a\x08" + test::little_endian_bytes(static_cast<uint64_t>(number), 8);
  return program + "t";
}

/// The part of a pickle that puts a tensor of the storage data/0 into a dict.
std::string entry(const std::string& name, const std::string& storage, int64_t offset,
                  const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides) {
  const std::string id = "(" + text("storage") + "ctorch\n" + storage + "\n" + text("0") + text("cpu") + "K\x01tQ";
  const std::string begin = "\x8a\x08" + test::little_endian_bytes(static_cast<uint64_t>(offset), 8);
  return text(name) + "ctorch._utils\n_rebuild_tensor_v2\n(" + id + begin + tuple(sizes) + tuple(strides) + "\x89NtRs";
}

std::string archive(const std::string& entries, const std::string& storage) {
  return test::stored_zip({{"a/data.pkl", "\x80\x02}" + entries + "."}, {"a/data/0", storage}});
}

/// Each has memory of its own, all of it its own.
void check_independent(const std::vector<NamedTensor>& tensors) {
  for (const NamedTensor& named : tensors) {
    CAPTURE(named.name);
    CHECK(named.tensor.is_contiguous());
    CHECK(named.tensor.storage().nbytes() == named.tensor.nbytes());
    CHECK(named.tensor.storage_offset() == 0);
  }
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".pth") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// False where there is no PyTorch to write the files with.
bool write_reference(const fs::path& folder) {
  const std::string command = "/usr/bin/python3 " MTL_SOURCE_DIR "/tests/framework/model/torch_file_reference.py " +
                              folder.string() + " > " + (folder / "log").string() + " 2>&1";
  const int status = std::system(command.c_str());
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127) return false;
  INFO(test::read_file(folder / "log"));
  REQUIRE(status == 0);
  return true;
}

const char* const runs_code = "holds a pickle that runs code when it is read: it calls ";
const char* const no_weights =
    "holds no weights: a dict of tensors is expected, alone or under 'state_dict', 'model', ";

/// How the sentence about each refused file begins.
const std::map<std::string, std::string> refusals{
    {"system", runs_code + std::string("'posix.system'; if you trust it, convert it in Python with torch.save(")},
    {"system_5", runs_code + std::string("'posix.system'; ")},
    {"namespace", runs_code + std::string("'argparse.Namespace'; ")},
    {"network", runs_code + std::string("'torch.nn.modules.container.Sequential'; ")},
    {"old_format", "is in the format of PyTorch before 1.6, which is not read; load it in Python and save it again "},
    {"old_format_5", "is in the format of PyTorch before 1.6, "},
    {"torchscript", "is a TorchScript archive, of which no weights are read; save them in Python with "},
    {"complex", "keeps tensor 'a' in a 'ComplexFloatStorage', a type that is not read; convert it "},
    {"sparse", "holds a tensor that is made by 'torch._utils._rebuild_sparse_tensor': "},
    {"list", "holds no weights: it is no dict of tensors; save them in Python with "},
    {"no_weights", no_weights + std::string("'model_ema', 'ema', 'model_state_dict', 'state_dict_ema', and found were "
                                            "'epoch', 'names'; ")},
    {"number_as_name", "has a tensor without a name among its weights; "},
    {"expanded", "repeats its values: its tensors would take more than 16 times the file's "},
    {"many_expanded", "repeats its values: "},
    {"big_endian", "was written on a machine with the byte order 'big', 'little' is expected; "},
    {"compressed", "holds 'plain/"},
    {"bomb", "holds 'plain/data.pkl' compressed or encrypted, which torch.save never does; "},
    {"no_storage", "lacks the record 'data/0' with the values of tensor '0.weight'; get the file again"},
    {"short_storage", "describes tensor '0.weight' badly: it reaches beyond the 431 bytes of its storage; "},
    {"no_pickle", "is a zip file without a data.pkl, no file of torch.save; "},
    {"claim_offset", "describes tensor 'a' badly: it reaches beyond the 16 bytes of its storage; "},
    {"claim_size", "describes tensor 'a' badly: it reaches beyond the 16 bytes of its storage; "},
    {"claim_stride", "describes tensor 'a' badly: it reaches beyond the 16 bytes of its storage; "},
    {"claim_huge_offset", "describes tensor 'a' badly: it reaches beyond the 16 bytes of its storage; "},
    {"claim_huge_stride", "describes tensor 'a' badly: it reaches beyond the 16 bytes of its storage; "},
    {"claim_beyond_64_bits", "holds a damaged pickle: a tensor is not given by a storage, an offset, sizes and "},
    {"claim_huge_size", "describes tensor 'a' badly: its shape is impossible; "},
    {"claim_hidden_by_zero", "describes tensor 'a' badly: its shape is impossible; "},
    {"claim_repeats", "repeats its values: "},
    {"claim_negative_offset", "describes tensor 'a' badly: it begins before its storage; "},
    {"claim_negative_size", "describes tensor 'a' badly: one of its sizes is no number from 0 on; "},
    {"claim_negative_stride", "describes tensor 'a' badly: one of its strides is no number from 0 on; "},
    {"claim_few_strides", "describes tensor 'a' badly: it has more sizes than strides, or fewer; "},
    {"claim_dimensions", "describes tensor 'a' badly: it has 17 sizes, at most 16 are read; "}};

void check_refused(const fs::path& folder) {
  const std::vector<fs::path> files = files_in(folder);
  CHECK(files.size() == refusals.size());
  for (const fs::path& file : files) {
    CAPTURE(file.stem().string());
    const std::string error = error_for(file);
    CAPTURE(error);
    REQUIRE(refusals.count(file.stem().string()) == 1);
    CHECK(error.rfind(refusals.at(file.stem().string()), 0) == 0);
    CHECK(is_torch_file(file));
  }
}

void check_good(const fs::path& folder) {
  const std::vector<fs::path> files = files_in(folder);
  CHECK(files.size() >= 24);  // numpy's is missing where numpy is
  for (const fs::path& file : files) {
    CAPTURE(file.stem().string());
    CHECK(is_torch_file(file));
    const std::vector<NamedTensor> found = read_torch_file(file);
    const std::vector<NamedTensor> expected = read_safetensors(fs::path(file).replace_extension("safetensors")).tensors;
    REQUIRE(names_of(found) == names_of(expected));
    for (size_t i = 0; i < found.size(); ++i) {
      CAPTURE(found[i].name);
      CHECK(same_bits(found[i].tensor, expected[i].tensor));
    }
    check_independent(found);
  }
}

}  // namespace

TEST_CASE("what Python writes is read bit for bit, and what runs code, lies or is of another kind is refused") {
  const test::TemporaryFolder folder;
  if (!write_reference(folder.path())) {
    MESSAGE("skipped: /usr/bin/python3 has no PyTorch");
    return;
  }
  check_good(folder.path() / "good");
  check_refused(folder.path() / "refused");
  CHECK_FALSE(fs::exists(folder.path() / "ran"));
}

TEST_CASE("a stored file: a training state with a transposed parameter, a slice, a number, halves and booleans") {
  const std::vector<NamedTensor> tensors = read_torch_file(small_file);
  const std::vector<NamedTensor> expected{{"fc.weight", torch::tensor({{1.5F, 3.0F}, {-2.0F, 4.0F}, {0.25F, 5.0F}})},
                                          {"fc.bias", torch::tensor({4.0F, 5.0F})},
                                          {"count", torch::tensor(int64_t{7})},
                                          {"half", torch::tensor({0.5F, -1.0F}).to(at::kHalf)},
                                          {"mask", torch::tensor({true, false})}};
  REQUIRE(names_of(tensors) == names_of(expected));
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(expected[i].name);
    CHECK(same_bits(tensors[i].tensor, expected[i].tensor));
  }
  check_independent(tensors);
  CHECK_FALSE(tensors[0].tensor.requires_grad());
}

TEST_CASE("what LibTorch pickles in C++ is read") {
  c10::Dict<std::string, at::Tensor> dict;
  dict.insert("b", torch::arange(6).view({2, 3}).t());
  dict.insert("a", torch::tensor(1.5F));
  const std::vector<char> bytes = torch::pickle_save(dict);
  const test::TemporaryFolder folder;
  const auto tensors = read_torch_file(folder.write("w.pth", std::string(bytes.begin(), bytes.end())));
  CHECK((names_of(tensors) == std::vector<std::string>{"b", "a"}));
  CHECK(torch::equal(tensors.at(0).tensor, torch::arange(6).view({2, 3}).t()));
  CHECK(torch::equal(tensors.at(1).tensor, torch::tensor(1.5F)));
}

TEST_CASE("a file that ends anywhere before its end is refused") {
  const std::string whole = test::read_file(small_file);
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("w.pth", whole);
  REQUIRE(read_torch_file(file).size() == 5);
  for (size_t size = whole.size(); size-- > 0;) {
    fs::resize_file(file, size);
    CAPTURE(size);
    const std::string error = error_for(file);
    CHECK_MESSAGE(names_a_way_out(error), error);
  }
}

TEST_CASE("a file with a wrong byte is read or refused with a sentence, never worse") {
  const std::string whole = test::read_file(small_file);
  const test::TemporaryFolder folder;
  size_t refused = 0;
  for (size_t at = 0; at < whole.size(); at += 3) {
    std::string wrong = whole;
    wrong[at] = static_cast<char>(wrong[at] ^ (at % 2 ? 0xff : 0x04));
    const fs::path file = folder.write("w.pth", wrong);
    const std::string error = test::error_of([&] { read_torch_file(file); });
    if (error.empty()) continue;
    ++refused;
    CHECK_MESSAGE(error.rfind(file.string() + " ", 0) == 0, error);
  }
  CHECK(refused > 100);
}

TEST_CASE("what a file claims of a tensor is checked against its storage") {
  const auto error = [](int64_t offset, const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides) {
    return error_for_content(archive(entry("w", "FloatStorage", offset, sizes, strides), std::string(16, '\0')));
  };
  constexpr int64_t huge = std::numeric_limits<int64_t>::max();
  const std::string bad = "describes tensor 'w' badly: ", end = "; the file is damaged, get it again";
  const std::string beyond = bad + "it reaches beyond the 16 bytes of its storage" + end;
  CHECK(error(0, {5}, {1}) == beyond);
  CHECK(error(2, {3}, {1}) == beyond);
  CHECK(error(0, {2}, {4}) == beyond);
  CHECK(error(4, {}, {}) == beyond);
  CHECK(error(huge, {2}, {1}) == beyond);
  CHECK(error(huge, {1}, {1}) == beyond);
  CHECK(error(0, {3}, {huge}) == beyond);
  CHECK(error(0, {2, 2}, {huge, huge}) == beyond);
  CHECK(error(0, {huge}, {0}) == bad + "its shape is impossible" + end);
  CHECK(error(0, {0, huge, huge}, {0, 0, 0}) == bad + "its shape is impossible" + end);
  CHECK(error(-1, {1}, {1}) == bad + "it begins before its storage" + end);
  CHECK(error(0, {-1}, {1}) == bad + "one of its sizes is no number from 0 on" + end);
  CHECK(error(3, {2}, {-1}) == bad + "one of its strides is no number from 0 on" + end);
  CHECK(error(0, {2, 2}, {1}) == bad + "it has more sizes than strides, or fewer" + end);
  CHECK(error(0, {int64_t{1} << 40}, {0}).rfind("repeats its values: its tensors would take more than 16 times ", 0) ==
        0);
  const std::vector<std::tuple<int64_t, std::vector<int64_t>, std::vector<int64_t>>> fitting{
      {0, {4}, {1}}, {3, {}, {}}, {3, {1}, {huge}}, {0, {2}, {3}}, {9, {0}, {7}}, {0, {3}, {0}}};
  for (const auto& [offset, sizes, strides] : fitting) CHECK(error(offset, sizes, strides) == "no file is named: ");
}

TEST_CASE("a byte that is no boolean becomes one") {
  const test::TemporaryFolder folder;
  const fs::path file =
      folder.write("w.pth", archive(entry("w", "BoolStorage", 0, {3}, {1}), std::string("\x02\0\x01", 3)));
  const at::Tensor bytes = read_torch_file(file).at(0).tensor.view(at::kByte);
  CHECK(torch::equal(bytes, torch::tensor({1, 0, 1}).to(at::kByte)));
}

TEST_CASE("of several entries of one name the last counts, at the first one's place") {
  const test::TemporaryFolder folder;
  const std::string entries = entry("a", "ByteStorage", 0, {}, {}) + entry("b", "ByteStorage", 1, {}, {}) +
                              entry("a", "ByteStorage", 2, {}, {}) + text("c") + "K\x05s";
  const std::vector<NamedTensor> tensors = read_torch_file(folder.write("w.pth", archive(entries, "\5\6\7")));
  CHECK((names_of(tensors) == std::vector<std::string>{"a", "b"}));
  CHECK(tensors.at(0).tensor.item<int>() == 7);
}

TEST_CASE("what is no file of torch.save is told apart") {
  CHECK(error_for_content("") == "is empty; get the file again");
  CHECK(error_for_content("weights") ==
        "is no file of torch.save, which begins with PK; give a .pth or .safetensors file");
  CHECK(error_for_content(test::stored_zip({{"readme.txt", "x"}})) ==
        "is a zip file without a data.pkl, no file of torch.save; give a .pth or .safetensors file");
  CHECK(error_for_content(test::stored_zip({{"a/data.pkl", "x"}, {"a/code/net.py", ""}}))
            .rfind("is a TorchScript archive", 0) == 0);
  const test::TemporaryFolder folder;
  CHECK(error_for(folder.path()) == "is no file that can be read");
  CHECK(error_for(folder.path() / "x") == "is no file that can be read");
}

TEST_CASE("the reader for a file is chosen by how it begins") {
  const test::TemporaryFolder folder;
  CHECK(is_torch_file(small_file));
  CHECK(is_torch_file(folder.write("old", "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.")));
  write_safetensors(folder.path() / "w.pth", {{"a", torch::ones(2)}});
  CHECK_FALSE(is_torch_file(folder.path() / "w.pth"));
  CHECK_FALSE(is_torch_file(folder.write("empty", "")));
  CHECK_FALSE(is_torch_file(folder.path()));
  CHECK_FALSE(is_torch_file(folder.path() / "missing"));
}
