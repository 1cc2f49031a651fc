#pragma once

#include "framework/config/run_config.h"
#include "framework/data/csv_reader.h"
#include "framework/data/sample_table.h"

namespace mtl {

/// A manifest and which of its splits it names itself.
struct Manifest {
  SampleTable table;
  bool has_splits = false;  ///< there is a split column; else every row is still in train
};

/// Reads the manifest of `settings`. Every column but those of the image, the split and the group is a label column.
/// Throws mtl::Error with the line: an image that is named twice or, unless that is allowed, lies outside the
/// manifest's folder, a split that is none of train, val (valid, validation) and test, a group in two splits, a column
/// that is not there.
Manifest read_manifest(const DataSettings& settings);
/// The same of its cells.
Manifest manifest_of(CsvTable cells, const DataSettings& settings);

}  // namespace mtl
