#include "framework/cli/predict_command.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

#include "framework/assembly/compute.h"
#include "framework/bundle/open_model.h"
#include "framework/cli/interrupt.h"
#include "framework/config/problems.h"
#include "framework/infer/answer_text.h"
#include "framework/infer/watched_folder.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

struct Counts {
  size_t answered = 0, unreadable = 0;
};

class Answering {
 public:
  Answering(const PredictArguments& arguments, UsableModel& opened)
      : predictor_(*opened.model, {opened.config.input, choose_device(arguments.device), opened.decisions,
                                   arguments.precision, arguments.averages_views}),
        pool_(std::max<int64_t>(1, opened.config.engine.loader_threads)),
        text_(answer_text(arguments.format,
                          columns_of(*opened.model, opened.decisions, static_cast<size_t>(arguments.top)))),
        settings_{static_cast<size_t>(arguments.batch), opened.config.data.max_pixels, opened.config.input} {}

  const AnswerText& text() const { return *text_; }
  const Counts& counts() const { return counts_; }

  void write(const NextPicture& next, std::ostream& to) {
    const auto tell = [&](const PictureAnswers& picture) {
      ++(picture.problem.empty() ? counts_.answered : counts_.unreadable);
      to << text_->line(picture);
    };
    answer_pictures(next, predictor_, pool_, settings_, tell, [] { return interrupt_signal() != 0; });
    to.flush();
    if (!to) throw Error("cannot write the answers; the disk may be full, or the reader has gone");
  }

 private:
  Predictor predictor_;
  WorkerPool pool_;
  std::unique_ptr<AnswerText> text_;
  AnsweringSettings settings_;
  Counts counts_;
};

NextPicture all_of(const std::vector<fs::path>& files) {
  return [&files, next = size_t{0}]() mutable -> std::optional<fs::path> {
    if (next >= files.size()) return {};
    return files[next++];
  };
}

void watch(const fs::path& folder, Answering& answering, std::ostream& to) {
  WatchedFolder watched(folder);
  while (interrupt_signal() == 0) {
    const std::vector<fs::path> pictures = watched.look();
    answering.write(all_of(pictures), to);
    if (pictures.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void answer(const PredictArguments& arguments, Answering& answering, std::ostream& to) {
  to << answering.text().header() << std::flush;
  if (arguments.watch.empty())
    answering.write(pictures_of(arguments.paths, "image", std::cin), to);
  else
    watch(arguments.watch, answering, to);
}

/// What is watched has no end, so its answers go to the file as they come; all others appear at once.
void answer_into(const fs::path& file, const PredictArguments& arguments, Answering& answering) {
  const auto write = [&](const fs::path& place) {
    std::ofstream out(place, std::ios::binary | std::ios::app);
    if (!out) throw Error("cannot write " + in_quotes(file.string()) + "; check the folder's permissions and space");
    answer(arguments, answering, out);
  };
  std::error_code error;
  if (!arguments.watch.empty()) return write(file);
  if (fs::exists(file, error))
    throw Error(in_quotes(file.string()) + " is there already; remove it, or choose another name with --out");
  write_file_with(file, write);
}

}  // namespace

int predict(const PredictArguments& arguments) {
  if (arguments.paths.empty() == arguments.watch.empty())
    throw ConfigError({"predict: give pictures, folders, patterns, a manifest or -, or a folder with --watch"});
  UsableModel opened = open_model(arguments.run, arguments.plugins);
  for (const std::string& note : opened.notes) std::cerr << note << "\n";
  if (arguments.uncalibrated) opened.decisions = {};
  prepare_compute(opened.config.engine);
  Answering answering(arguments, opened);
  catch_interrupts();
  if (arguments.out.empty())
    answer(arguments, answering, std::cout);
  else
    answer_into(arguments.out, arguments, answering);
  const Counts& counts = answering.counts();
  std::cerr << counts.answered << " pictures answered, " << counts.unreadable << " not readable\n";
  if (interrupt_signal() != 0 && arguments.watch.empty()) return 128 + interrupt_signal();
  return counts.answered > 0 || !arguments.watch.empty() ? 0 : 1;
}

}  // namespace mtl
