#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mtl {

/// `left_out`: the image cannot be read, and the configuration says to go on without it.
enum class Split : uint8_t { train, validation, test, left_out };
const char* name_of(Split split);

/// The rows of a data set before any pixel is read: what a manifest says, or what the synthetic generator made up.
struct SampleTable {
  std::string source;                           ///< the manifest's path, or "synthetic parts (seed 1)": leads errors
  std::vector<std::string> columns;             ///< names of the label columns
  std::vector<std::string> images;              ///< [M] path relative to the manifest (unique), or a made-up name
  std::vector<std::string> groups;              ///< [M] images of one group stay in one split
  std::vector<Split> splits;                    ///< [M]
  std::vector<std::vector<std::string>> cells;  ///< [M][columns]; "" is "not labelled"
  std::vector<size_t> lines;                    ///< [M] line in the manifest, 1-based, header included; 0: none

  size_t size() const { return images.size(); }
  /// Index into `columns`; throws mtl::Error with the nearest name and the list.
  size_t column(const std::string& name) const;
  std::vector<size_t> rows_of(Split split) const;
  /// "manifest.csv:12" or "synthetic image p0003_dome": where to look for row `row`.
  std::string where(size_t row) const;
};

/// "3200 images from synthetic parts (seed 1): 2080 train, 480 validation, 640 test".
std::string counts_text(const SampleTable& table);

}  // namespace mtl
