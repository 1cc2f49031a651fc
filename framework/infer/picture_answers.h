#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "framework/infer/picture_list.h"
#include "framework/infer/predictor.h"
#include "framework/support/worker_pool.h"

namespace mtl {

/// What became of one picture: answers, or why there are none.
struct PictureAnswers {
  std::filesystem::path file;
  PictureResult result;  ///< of no task where there is a problem
  std::string problem;   ///< a sentence that names the file; "": none
};

struct AnsweringSettings {
  size_t at_once = 32;  ///< pictures that go through the network together at most
  int64_t max_pixels = 100'000'000;
  InputSettings input;
};

/// Reads pictures, has them answered, and gives what became of each to `tell`, in their order. The next ones are
/// decoded on the pool while the network computes; no more than two batches are in memory. A picture that cannot be
/// read is told like any other. Stops early where `stop` says so.
void answer_pictures(const NextPicture& next, Predictor& predictor, WorkerPool& pool, const AnsweringSettings& settings,
                     const std::function<void(const PictureAnswers&)>& tell, const std::function<bool()>& stop);

}  // namespace mtl
