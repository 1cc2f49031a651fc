#include "framework/data/synthetic/synthetic_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "framework/data/synthetic/defects.h"
#include "framework/data/synthetic/render.h"

namespace mtl {
namespace {

using namespace synthetic;

/// How many parts of each kind: its share, and at least three, so that every split can have one.
std::vector<size_t> allot_kinds(size_t parts, uint64_t seed) {
  std::vector<size_t> allotted;
  for (size_t kind = 0; kind < kinds().size(); ++kind) {
    const auto count = static_cast<size_t>(std::lround(kinds()[kind].share * static_cast<double>(parts)));
    allotted.insert(allotted.end(), std::max<size_t>(3, count), kind);
  }
  Generator generator(derive_seed(seed, "kinds"));
  const auto clean = static_cast<size_t>(
      std::find_if(kinds().begin(), kinds().end(), [](const Kind& k) { return k.normal; }) - kinds().begin());
  while (allotted.size() < parts) allotted.push_back(clean);
  // Rounding up made too many: the commonest kind gives way.
  for (auto it = allotted.begin(); allotted.size() > parts && it != allotted.end();)
    it = *it == clean ? allotted.erase(it) : it + 1;
  generator.shuffle(allotted);
  allotted.resize(parts);
  return allotted;
}

struct MadePart {
  Surface surface;
  Region region;
  int64_t defect_area;
};

MadePart make(const SyntheticSettings& settings, size_t part, const Kind& kind) {
  Generator generator(derive_seed(settings.seed, "part", {part}));
  const Region region = generator.chance(0.4) ? Region::end : Region::body;
  Part made = make_part(region, static_cast<int>(settings.image_size), generator);
  const Surface before = made.surface;
  kind.apply(made, generator);
  return {made.surface, region, kind.normal ? 0 : changed_texels(before, made.surface)};
}

std::string part_name(size_t part) {
  char text[32];
  std::snprintf(text, sizeof text, "part%05zu", part);
  return text;
}

}  // namespace

SyntheticParts::SyntheticParts(const SyntheticSettings& settings)
    : settings_(settings), kinds_(allot_kinds(static_cast<size_t>(settings.parts), settings.seed)) {
  table_.source = "synthetic parts (seed " + std::to_string(settings.seed) + ")";
  table_.columns = {"defect", "region", "illumination", "defect_area"};
  for (size_t part = 0; part < kinds_.size(); ++part) {
    const MadePart made = make(settings_, part, kinds()[kinds_[part]]);
    for (const std::string& light : light_names()) {
      table_.images.push_back(part_name(part) + "_" + light + ".png");
      table_.groups.push_back(part_name(part));
      table_.splits.push_back(Split::train);
      table_.cells.push_back({kinds()[kinds_[part]].name, made.region == Region::body ? "body" : "end", light,
                              std::to_string(made.defect_area)});
      table_.lines.push_back(0);
    }
  }
}

cv::Mat SyntheticParts::read(size_t row) const {
  const size_t lights = light_names().size(), part = row / lights, light = row % lights;
  Generator camera(derive_seed(settings_.seed, "camera", {part, light}));
  return render(make(settings_, part, kinds()[kinds_.at(part)]).surface, static_cast<Light>(light), camera);
}

}  // namespace mtl
