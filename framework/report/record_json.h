#pragma once

#include <nlohmann/json.hpp>

#include "framework/report/run_record.h"

namespace mtl {

/// A run's results as JSON and back, every bit of a number kept. The readers throw nlohmann::json::exception for
/// anything else.
nlohmann::ordered_json to_json(const RunDigests& digests);
nlohmann::ordered_json to_json(const TaskResult& task);
nlohmann::ordered_json to_json(const EpochResult& epoch);
RunDigests digests_in(const nlohmann::json& object);
TaskResult task_in(const nlohmann::json& object);
EpochResult epoch_in(const nlohmann::json& object);

}  // namespace mtl
