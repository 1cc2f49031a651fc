#include "framework/data/synthetic/synthetic_parts.h"

#include <doctest/doctest.h>

#include <map>
#include <opencv2/core.hpp>
#include <set>

#include "framework/data/manifest.h"
#include "framework/data/manifest_images.h"
#include "framework/data/synthetic/defects.h"
#include "framework/data/synthetic/render.h"
#include "framework/data/synthetic/write_synthetic.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace mtl::synthetic;

namespace {

SyntheticSettings small(uint64_t seed = 1) {
  SyntheticSettings settings;
  settings.parts = 100;
  settings.image_size = 48;
  settings.seed = seed;
  return settings;
}

double difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

}  // namespace

TEST_CASE("every part is photographed four times, every kind is there, classes are not balanced") {
  const SyntheticParts parts(small());
  const SampleTable& table = parts.table();
  CHECK(table.size() == 400);
  std::map<std::string, std::set<std::string>> lights_of_group;
  std::map<std::string, int> kinds_seen;
  for (size_t row = 0; row < table.size(); ++row) {
    lights_of_group[table.groups[row]].insert(table.cells[row][table.column("illumination")]);
    ++kinds_seen[table.cells[row][table.column("defect")]];
  }
  CHECK(lights_of_group.size() == 100);
  for (const auto& [group, lights] : lights_of_group) CHECK(lights.size() == 4);
  CHECK(kinds_seen.size() == 19);
  for (const auto& [kind, images] : kinds_seen) CHECK(images >= 12);
  CHECK(kinds_seen["clean"] > 2 * kinds_seen["burr"]);
}

TEST_CASE("the same seed gives the same pixels, another seed others") {
  const SyntheticParts a(small()), b(small()), other(small(2));
  for (size_t row : {0, 1, 77, 399}) {
    CHECK(cv::norm(a.read(row), b.read(row), cv::NORM_INF) == 0);
    CHECK(difference(a.read(row), other.read(row)) > 1);
  }
}

TEST_CASE("a defect changes what its area says; a normal kind has none") {
  const SyntheticParts parts(small());
  const SampleTable& table = parts.table();
  const size_t defect = table.column("defect"), area = table.column("defect_area");
  const std::set<std::string> normal{"clean", "tool_marks", "oil_film", "dust"};
  for (const auto& cells : table.cells) CHECK((std::stoi(cells[area]) == 0) == (normal.count(cells[defect]) == 1));
}

TEST_CASE("some defects are seen under one light and hardly under another") {
  // The same part with and without a dent, and with and without a stain.
  const auto visibility = [](void (*defect)(Part&, Generator&), Light light) {
    double sum = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      Generator shape(seed), again(seed), change(seed + 99);
      const Part before = make_part(Region::body, 64, shape);
      Part after = make_part(Region::body, 64, again);
      defect(after, change);
      Generator camera(7), same_camera(7);
      sum += difference(render(before.surface, light, camera), render(after.surface, light, same_camera));
    }
    return sum / 20;
  };
  const double dent_low = visibility(&dent, Light::low_left), dent_dome = visibility(&dent, Light::dome);
  CHECK(dent_low > 3 * dent_dome);
  CHECK(visibility(&stain, Light::dome) > 0.3);
}

TEST_CASE("written parts are read back pixel for pixel") {
  const test::TemporaryFolder folder;
  SyntheticSettings settings = small();
  settings.parts = 60;
  const SyntheticParts parts(settings);
  write_synthetic(parts, folder.path() / "set");
  DataSettings data;
  data.manifest = folder.path() / "set/manifest.csv";
  data.group_column = "part";
  const Manifest manifest = read_manifest(data);
  CHECK(manifest.table.columns == parts.table().columns);
  CHECK(manifest.table.cells == parts.table().cells);
  CHECK(manifest.table.groups == parts.table().groups);
  const ManifestImages images(folder.path() / "set", manifest.table.images, 1 << 20);
  for (size_t row : {0, 100, 239}) CHECK(cv::norm(images.read(row), parts.read(row), cv::NORM_INF) == 0);
  CHECK(test::error_of([&] {
          write_synthetic(parts, folder.path() / "set");
        }).find("is there and not an empty folder; name a new one") != std::string::npos);
}
