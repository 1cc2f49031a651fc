#include "backbones/efficientnet/timm_names.h"

#include <map>
#include <regex>

#include "mtl/error.h"
#include "mtl/text.h"

namespace efficientnet {
namespace {

using Names = std::map<std::string, std::string>;

/// Within a block; one without expansion, of the first stage, has no 1x1 convolution before the depthwise one.
const Names without_expansion{{"0.0", "conv_dw"},          {"0.1", "bn1"},     {"1.fc1", "se.conv_reduce"},
                              {"1.fc2", "se.conv_expand"}, {"2.0", "conv_pw"}, {"2.1", "bn2"}};
const Names with_expansion{
    {"0.0", "conv_pw"},          {"0.1", "bn1"},      {"1.0", "conv_dw"}, {"1.1", "bn2"}, {"2.fc1", "se.conv_reduce"},
    {"2.fc2", "se.conv_expand"}, {"3.0", "conv_pwl"}, {"3.1", "bn3"}};
const Names around_blocks{{"0.0", "conv_stem"}, {"0.1", "bn1"}, {"8.0", "conv_head"}, {"8.1", "bn2"}};

}  // namespace

std::string timm_name(const std::string& name) {
  static const std::regex in_block(R"(features\.([1-7])\.(\d+)\.block\.(\d\.(?:\d|fc[12]))\.(\w+))");
  static const std::regex outside(R"(features\.([08]\.[01])\.(\w+))");
  std::smatch parts;
  if (std::regex_match(name, parts, in_block)) {
    const int stage = std::stoi(parts[1]);
    const Names& names = stage == 1 ? without_expansion : with_expansion;
    if (const auto part = names.find(parts[3]); part != names.end())
      return "blocks." + std::to_string(stage - 1) + "." + parts[2].str() + "." + part->second + "." + parts[4].str();
  } else if (std::regex_match(name, parts, outside)) {
    return around_blocks.at(parts[1]) + "." + parts[2].str();
  }
  throw mtl::Error("timm's EfficientNet has no tensor for " + mtl::in_quotes(name));
}

}  // namespace efficientnet
