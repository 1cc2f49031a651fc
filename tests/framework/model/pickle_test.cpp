// Pickles made by hand: what Python's own pickler would never write.
#include "framework/model/pickle.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "tests/support/stored_zip.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace std::literals;

namespace {

const std::string start = "\x80\x02";

std::string error_for(const std::string& program) {
  return test::error_of([&] { pickle::read(program); });
}

std::string text(const std::string& utf8) { return "X" + test::little_endian_bytes(utf8.size(), 4) + utf8; }

/// The value of a pickle that makes one integer.
int64_t number(const std::string& program) {
  const std::string bytes = start + program + ".";
  return std::get<int64_t>(pickle::read(bytes).root->is);
}

std::string repeated(const std::string& part, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += part;
  return all;
}

bool is_call_of(const std::string& error, const std::string& name) {
  return error.rfind("holds a pickle that runs code when it is read: it calls " + name + "; ", 0) == 0;
}

bool is_damage(const std::string& error, const std::string& what) {
  return error.rfind("holds a damaged pickle: ", 0) == 0 && error.find(what) != std::string::npos &&
         error.find("; get the file again") != std::string::npos;
}

}  // namespace

TEST_CASE("integers of every size have Python's values") {
  CHECK(number("K\xff"s) == 255);
  CHECK(number("M\xff\xff"s) == 65535);
  CHECK(number("J\xff\xff\xff\xff"s) == -1);
  CHECK(number("J\x00\x00\x00\x80"s) == -2147483648);
  CHECK(number("\x8a\x00"s) == 0);
  CHECK(number("\x8a\x01\x80"s) == -128);
  CHECK(number("\x8a\x02\xff\x00"s) == 255);
  CHECK(number("\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80"s) == std::numeric_limits<int64_t>::min());
  CHECK(number("\x8b\x05\x00\x00\x00\x00\x00\x00\x00\x01"s) == int64_t{1} << 32);
}

TEST_CASE("every way to call what is not known to be harmless is refused by its name") {
  const std::string system = "cos\nsystem\n", arguments = text("echo") + "\x85";
  CHECK(is_call_of(error_for(start + system + arguments + "R."), "'os.system'"));
  CHECK(is_call_of(error_for(start + text("os") + text("system") + "\x93" + arguments + "R."), "'os.system'"));
  CHECK(is_call_of(error_for(start + system + arguments + "\x81."), "'os.system'"));
  CHECK(is_call_of(error_for(start + system + arguments + "}\x92."), "'os.system'"));
  CHECK(is_call_of(error_for(start + "(" + system + text("echo") + "o."), "'os.system'"));
  CHECK(is_call_of(error_for(start + "(" + text("echo") + "ios\nsystem\n."), "'os.system'"));
  CHECK(is_call_of(error_for(start + system + "}b."), "'os.system'"));
  CHECK(is_call_of(error_for(start + "cbuiltins\neval\n" + arguments + "R."), "'builtins.eval'"));
  CHECK(error_for(start + "ctorch._utils\n_rebuild_tensor_v2.x\n)R.").rfind("holds a tensor that is made by ", 0) == 0);
  CHECK(is_call_of(error_for(start + "ccollections\nOrderedDict.fromkeys\n)R."), "'collections.OrderedDict.fromkeys'"));
  CHECK(is_call_of(error_for(start + "K\x01)R."), "what is no name"));
  CHECK(error_for(start + "cos\nsystem\n.").empty());  // a name alone calls nothing
}

TEST_CASE("damaged programs are refused") {
  CHECK(is_damage(error_for(""), "does not begin with a protocol"));
  CHECK(is_damage(error_for("K\x01."), "does not begin with a protocol"));
  CHECK(error_for("\x80\x06N.").rfind("holds a pickle of protocol 6, 2 to 5 are known; ", 0) == 0);
  CHECK(is_damage(error_for(start), "ends before its end"));
  CHECK(is_damage(error_for(start + "N"), "ends before its end"));
  CHECK(is_damage(error_for(start + "."), "a value is missing"));
  CHECK(is_damage(error_for(start + "N(."), "a value is missing"));
  CHECK(is_damage(error_for(start + "N(\x85."), "a value is missing"));
  CHECK(is_damage(error_for(start + "t."), "a mark is missing"));
  CHECK(is_damage(error_for(start + "h\x07."), "has not remembered"));
  CHECK(is_damage(error_for(start + "r\xff\xff\xff\xff."), "a value is missing"));
  CHECK(is_damage(error_for(start + "Nr\xff\xff\xff\xff."), "remembers more values than it has bytes"));
  CHECK(is_damage(error_for(start + "X\xff\xff\xff\x7f."), "ends before its end"));
  CHECK(is_damage(error_for(start + "\x8d\xff\xff\xff\xff\xff\xff\xff\xff."), "ends before its end"));
  CHECK(is_damage(error_for(start + "\x8b\xff\xff\xff\xff."), "ends before its end"));
  CHECK(is_damage(error_for(start + "\x95\xff\xff\xff\xff\xff\xff\xff\xffN."), "a frame is longer"));
  CHECK(is_damage(error_for(start + "cos."), "a name has no end"));
  CHECK(is_damage(error_for(start + "K\x01K\x02\x93."), "has no name"));
  CHECK(is_damage(error_for(start + "K\x01K\x02K\x03s."), "what is no dict"));
  CHECK(is_damage(error_for(start + "}(K\x01u."), "what is no dict"));
  CHECK(is_damage(error_for(start + "}K\x01" + "a."), "what is no list"));
  CHECK(is_damage(error_for(start + "NQ."), "a storage is not named"));
  CHECK(is_damage(error_for(start + "ctorch._utils\n_rebuild_tensor_v2\n(NK\x01))tR."), "a tensor is not given by"));
  CHECK(is_damage(error_for(start + "ccollections\nOrderedDict\nNR."), "without a tuple of arguments"));
  CHECK(is_damage(error_for(start + "ctorch\nSize\n)R."), "without an argument"));
  CHECK(is_damage(error_for(start + "I01\n."), "has the instruction 73"));
  CHECK(is_damage(error_for(start + "\x82\x01."), "has the instruction 130"));
}

TEST_CASE("a dict that holds itself is described and freed") {
  const std::string program = start + "}q" + "\0"s + text("self") + "h" + "\0"s + "s.";
  const pickle::Pickle self = pickle::read(program);
  const auto& dict = std::get<pickle::Dict>(self.root->is);
  REQUIRE(dict.entries.size() == 1);
  CHECK(dict.entries[0].second == self.root);
}

TEST_CASE("a million tuples, one within another, are no deep recursion") {
  const std::string program = start + "N" + repeated("\x85", 1'000'000) + ".";
  const pickle::Pickle deep = pickle::read(program);
  CHECK(std::get<pickle::Tuple>(deep.root->is).items.size() == 1);
}

TEST_CASE("tuples that hold the one before twice stay as small as their program") {
  const std::string twice = "q" + "\0"s + "h" + "\0"s + "\x86";
  const std::string program = start + "N" + repeated(twice, 200) + ".";  // 2^200 values for who follows each way
  const pickle::Pickle shared = pickle::read(program);
  const auto& pair = std::get<pickle::Tuple>(shared.root->is).items;
  REQUIRE(pair.size() == 2);
  CHECK(pair[0] == pair[1]);
}

TEST_CASE("more values than any network has are refused") {
  const std::string error = error_for(start + repeated(")", (1 << 22) + 1) + ".");
  CHECK(error.rfind("holds more than 4194304 values besides its tensors; save the weights alone ", 0) == 0);
}
