#pragma once

#include <string>

#include "framework/report/page/run_page.h"

namespace mtl {

/// The head of a run's page: how well the main task does on the test split and what that means on the floor. HTML.
std::string run_summary(const RunPage& run);

/// Its large numbers. HTML; "" where nothing was tested.
std::string run_key_figures(const RunPage& run);

/// A row per task with all its figures on the test split.
std::string test_table_html(const RunPage& run);

}  // namespace mtl
