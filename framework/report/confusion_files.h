#pragma once

#include <filesystem>
#include <string>

#include "framework/report/run_result.h"

namespace mtl {

/// Counts as CSV: a row per true class, a column per predicted one, both named.
void write_confusion_csv(const std::filesystem::path& file, const ConfusionCounts& confusion);

/// The same as a picture: the darker a cell, the larger its share of its row.
void write_confusion_png(const std::filesystem::path& file, const std::string& title, const ConfusionCounts& confusion);

}  // namespace mtl
