#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/bundle/golden.h"
#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// A picture in memory, as a file.
struct EncodedPicture {
  std::string file;        ///< "golden/00.png"
  std::string_view bytes;  ///< of a file that decode_image() reads
};

/// A model's answers to pictures, computed as any others are: decoded, fitted, in one batch, on the CPU in float32,
/// without temperature or decision, so that they change with neither the device nor a new calibration. The model stays
/// on the CPU.
std::vector<GoldenPicture> golden_answers(MultiTaskModel& model, const RunConfig& config,
                                          const std::vector<EncodedPicture>& pictures);

}  // namespace mtl
