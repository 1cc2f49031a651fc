// Any text as a checkpoint's description, a run's result and its metrics: read, or refused with a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "framework/report/metrics_reader.h"
#include "framework/report/run_record.h"
#include "framework/train/checkpoint_json.h"
#include "mtl/error.h"

namespace {

template <class Read>
void try_to(Read&& read) {
  try {
    read();
  } catch (const mtl::Error& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  try_to([&] {  // what is accepted is written to what is accepted
    mtl::parse_checkpoint_json(mtl::checkpoint_json(mtl::parse_checkpoint_json(text)));
  });
  mtl::TaskResult task;
  task.task = "A";
  task.figures = {{"accuracy", 0, true, true}};
  try_to([&] { mtl::parse_record(text); });
  try_to([&] {
    std::istringstream in(text);
    mtl::parse_metrics(in, "metrics.jsonl", {task});
  });
  return 0;
}
