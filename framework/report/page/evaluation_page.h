#pragma once

#include <string>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// report.html of an evaluation: one file that needs no other.
std::string evaluation_page(const EvaluationResult& result);

}  // namespace mtl
