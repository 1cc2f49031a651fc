#include "plugins/host/note_reader.h"

#include <doctest/doctest.h>
#include <elf.h>

#include <filesystem>

#include "framework/support/random.h"
#include "plugins/host/abi_check.h"
#include "tests/plugins/host/plugin_copy.h"

using namespace mtl;
using namespace mtl::host;
using test::PluginCopy;

namespace {

std::string problem_of(const std::string& bytes) {
  const test::TemporaryFolder folder;
  const NoteReading reading = read_note(folder.write("p.so", bytes));
  CHECK(reading.note.has_value() == reading.problem.empty());
  return reading.problem;
}

std::string mismatch_of(const std::string& bytes) {
  const test::TemporaryFolder folder;
  const NoteReading reading = read_note(folder.write("p.so", bytes));
  REQUIRE(reading.note.has_value());
  return abi_mismatch(*reading.note, engine_note());
}

}  // namespace

TEST_CASE("a plugin's note is read from its bytes") {
  const NoteReading reading = read_note(std::filesystem::path(MTL_EXAMPLE_DIR) / "tiny_backbone.so");
  REQUIRE(reading.note.has_value());
  CHECK(std::string(reading.note->name) == "tiny_backbone");
  CHECK(std::string(reading.note->offers) == "backbone:tiny_backbone");
  CHECK(std::string(reading.note->licence) == "MIT");
  CHECK(abi_mismatch(*reading.note, engine_note()) == "");
}

TEST_CASE("what is no plugin is refused with what it is") {
  CHECK(problem_of("") == "is no ELF shared library");
  CHECK(problem_of("#!/bin/sh\nrm -rf /\n") == "is no ELF shared library");
  CHECK(problem_of(std::string(5000, 'x')) == "is no ELF shared library");
  CHECK(read_note("/no/such/file.so").problem == "cannot be read; check that it exists and its permissions");
  CHECK(read_note("/dev/zero").problem == "is no ELF shared library");
  const std::string without = read_note("/proc/self/exe").problem;
  CHECK((without == "is no ELF shared library" || without.find("without a plugin note") != std::string::npos));
  CHECK(read_note(std::filesystem::path(MTL_BUILD_DIR) / "lib/libmtl_sdk.so").problem.find("without a plugin note") !=
        std::string::npos);
}

TEST_CASE("a library for another machine is told so") {
  PluginCopy other;
  other.byte(offsetof(Elf64_Ehdr, e_machine), 40).byte(offsetof(Elf64_Ehdr, e_machine) + 1, 0);
  CHECK(problem_of(other.bytes()).rfind("is a library for another machine (ELF machine 40, this one is ", 0) == 0);
}

TEST_CASE("a damaged note is told from one of another SDK") {
  CHECK(problem_of(PluginCopy().text(0, "MTLPLUG2").bytes()) ==
        "has a plugin note that does not begin with MTLPLUG1; build it again with MTL_PLUGIN");
  CHECK(problem_of(PluginCopy().number(offsetof(PluginNote, sdk_abi), 7).bytes()) ==
        "was built for SDK ABI 7, this engine has " + std::to_string(sdk_abi) + "; build it again against this engine");
  CHECK(problem_of(PluginCopy().descriptor_size(100).bytes()) == "has a plugin note of 100 bytes instead of " +
                                                                     std::to_string(sizeof(PluginNote)) +
                                                                     "; build it again with MTL_PLUGIN");
  CHECK(problem_of(PluginCopy().number(offsetof(PluginNote, size), 12).bytes()).find("has a plugin note of ") == 0);
}

TEST_CASE("each field of the ABI that differs is named with both sides") {
  const PluginNote engine = engine_note();
  CHECK(mismatch_of(PluginCopy().number(offsetof(PluginNote, torch_minor), 99).bytes()) ==
        "was built with LibTorch " + std::to_string(engine.torch_major) +
            ".99 (the engine: " + std::to_string(engine.torch_major) + "." + std::to_string(engine.torch_minor) +
            "); build it again with what the engine was built with");
  CHECK(mismatch_of(PluginCopy().number(offsetof(PluginNote, cxx11_abi), 1 - engine.cxx11_abi).bytes())
            .find("_GLIBCXX_USE_CXX11_ABI") != std::string::npos);
  CHECK(mismatch_of(PluginCopy().number(offsetof(PluginNote, debug_stl), 1 - engine.debug_stl).bytes())
            .find("_GLIBCXX_DEBUG") != std::string::npos);
  const std::string two = mismatch_of(
      PluginCopy().number(offsetof(PluginNote, torch_major), 9).number(offsetof(PluginNote, sanitizers), 3).bytes());
  CHECK(two.find("LibTorch 9.") != std::string::npos);
  CHECK(two.find("sanitizers address and thread") != std::string::npos);
}

TEST_CASE("what a terminal must not see is taken out of the note's texts") {
  const test::TemporaryFolder folder;
  const auto file =
      folder.write("p.so", PluginCopy().text(offsetof(PluginNote, summary), "red \x1b[31m alert\n\xff").bytes());
  const NoteReading reading = read_note(file);
  REQUIRE(reading.note.has_value());
  CHECK(std::string(reading.note->summary) == "red ?[31m alert??");
}

TEST_CASE("no truncation and no flipped byte of the headers does more than give a sentence") {
  const std::string good = PluginCopy().bytes();
  const test::TemporaryFolder folder;
  for (size_t length = 0; length < 3000; length += 37) {
    const NoteReading reading = read_note(folder.write("p.so", good.substr(0, length)));
    CHECK(reading.note.has_value() == reading.problem.empty());
  }
  Generator random(1);
  const size_t headers = sizeof(Elf64_Ehdr) + 12 * sizeof(Elf64_Phdr);
  for (int i = 0; i < 500; ++i) {
    std::string bad = good;
    for (int flips = 0; flips < 3; ++flips) bad[random.below(headers)] = static_cast<char>(random.below(256));
    const NoteReading reading = read_note(folder.write("p.so", bad));
    CHECK(reading.note.has_value() == reading.problem.empty());
  }
}
