#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/report/page/table.h"
#include "framework/study/study_result.h"

namespace mtl {

/// The tables of one variant that have rows, in the order of the page: tables 1.., statistics, attribution, slices.
std::vector<Table> variant_tables(const StudyResult& study, const VariantResult& variant);

/// What the study found in words: the main task alone, then a sentence per arm about its accuracy.
std::vector<std::string> verdict_sentences(const StudyResult& study);

/// The choices made, the verdicts and all tables as one Markdown document. Equal studies give equal text: there are no
/// times in it.
std::string study_tables_markdown(const StudyResult& study);

/// A CSV file per table in `folder`: table1.csv, ..., statistics.csv, attribution.csv, slices.csv, axes.csv, runs.csv;
/// in a study with axes the variants one below the other with their label in the first column. Shares are 0..1. Other
/// CSV files there are removed: they are of an earlier start.
void write_study_csv(const std::filesystem::path& folder, const StudyResult& study);

}  // namespace mtl
