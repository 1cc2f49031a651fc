#pragma once

#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// A table as text: a row per task with the figures that every task has, then the main task's further figures.
std::string result_table(const std::vector<TaskResult>& results);

/// "87.50 %" for a share, "3.142" for another number, "-" where there is none.
std::string figure_text(const Figure& figure);

/// "epoch  3/20  loss 1.23  A accuracy 71.20 %  ...  212 images/s": what an epoch came to, on one line.
std::string epoch_line(const EpochResult& result, int64_t epochs);

}  // namespace mtl
