#pragma once

#include <filesystem>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// evaluation.json: everything but the contradictions' images, which contradictions.csv lists. A number that is not
/// finite is null.
void write_evaluation_json(const std::filesystem::path& file, const EvaluationResult& result);
/// contradictions.csv: image, then every task's answer.
void write_contradictions(const std::filesystem::path& file, const EvaluationResult& result);

}  // namespace mtl
