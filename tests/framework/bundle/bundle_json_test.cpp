#include "framework/bundle/bundle_json.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using nlohmann::json;
using test::contains;

namespace {

BundleFacts facts() {
  BundleFacts made;
  made.name = "line \"3\"";
  made.created = "2024-05-31T09:30:00Z";
  made.engine_version = "0.1.0";
  made.torch_version = "1.13.0";
  made.tasks = {{"A", "defect_class", true, "defect", {{"dent", "clean"}, {false, true}}},
                {"E", "area", false, "area", {}}};
  made.input = {128, 144, "crop"};
  made.mean = {0.1, 0.2, 1.0 / 3};
  made.deviation = {0.5, 0.25, 0.125};
  made.plugins = {{"head", "defect_class", "heads", "1.2", std::string(64, 'a')}};
  made.data.data = std::string(64, 'b');
  made.test = {{"A", 12, {{"accuracy", 0.75, true, true}}}};
  return made;
}

std::string problem(const std::function<void(json&)>& change) {
  json object = json::parse(bundle_json(facts()));
  change(object);
  return test::error_of([&] { parse_bundle_facts(object.dump()); });
}

}  // namespace

TEST_CASE("what a bundle says of itself reads back as it was written") {
  const BundleFacts read = parse_bundle_facts(bundle_json(facts())), given = facts();
  CHECK(read.name == given.name);
  CHECK(read.created == given.created);
  CHECK(read.tasks[0].classes.names == given.tasks[0].classes.names);
  CHECK(read.tasks[0].classes.normal == given.tasks[0].classes.normal);
  CHECK(read.tasks[0].main);
  CHECK(read.tasks[1].classes.names.empty());
  CHECK(read.input.fit == "crop");
  CHECK(read.input.resize == 144);
  CHECK(read.mean == given.mean);
  CHECK(read.deviation == given.deviation);
  CHECK(read.plugins[0].sha256 == given.plugins[0].sha256);
  CHECK(read.data == given.data);
  CHECK(read.test[0].figures[0].value == 0.75);
  CHECK(bundle_json(read) == bundle_json(given));
}

TEST_CASE("anything else is refused with a sentence that names the file") {
  CHECK(problem([](json&) {}).empty());
  const json object = json::parse(bundle_json(facts()));
  for (const auto& [key, value] : object.items()) {
    const std::string missing = problem([key = key](json& o) { o.erase(key); });
    INFO(key << ": " << missing);
    CHECK(contains(missing, "bundle.json"));
    const std::string other = problem([key = key](json& o) { o[key] = json::array({1, "x"}); });
    INFO(other);
    CHECK(contains(other, "bundle.json"));
  }
  CHECK(contains(problem([](json& o) { o["format"] = 99; }), "99"));
  for (const char* text : {"", "{", "[]", "null", "{\"format\": \"1\"}"})
    CHECK_FALSE(test::error_of([&] { parse_bundle_facts(text); }).empty());
  CHECK_FALSE(test::error_of([] { parse_bundle_facts(std::string(2 << 20, ' ')); }).empty());
  CHECK_FALSE(test::error_of([] { parse_bundle_facts(std::string(100000, '[')); }).empty());
}
