#pragma once

#include <string>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// Of every task with a ranking: its figures in a table, then the ROC and the precision-recall curve side by side; ""
/// where no task has one.
std::string rankings_html(const EvaluationResult& result);

/// "area under the ROC 0.987 (0.979 to 0.993), average precision 0.991"; without an interval where there is none.
std::string ranking_text(const Ranking& ranking);

}  // namespace mtl
