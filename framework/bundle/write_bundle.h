#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "framework/bundle/bundle_json.h"
#include "framework/bundle/golden.h"

namespace mtl {

/// What a bundle is made of.
struct BundleParts {
  BundleFacts facts;
  std::string_view config, weights;  ///< the bytes of the run's config.toml and model.safetensors
  std::string_view decisions;        ///< likewise of decisions.json; empty: there is none
  std::vector<GoldenPicture> golden;
  std::vector<std::string> pictures;  ///< a PNG file per golden picture
};

struct WrittenBundle {
  size_t files;
  uint64_t bytes;      ///< of all files, or of the .mtlb
  std::string digest;  ///< SHA-256 of the .mtlb, or of the folder's SHA256SUMS
};

/// Writes a bundle, whole or not at all: one file where the name ends in .mtlb, else a folder. Throws mtl::Error where
/// it cannot be written, and where something has the name already.
WrittenBundle write_bundle(const std::filesystem::path& to, const BundleParts& parts);

/// Throws mtl::Error where something has the name already.
void require_unused_name(const std::filesystem::path& to);

}  // namespace mtl
