#include "plugins/host/plugin_call.h"

#include <iostream>
#include <mutex>
#include <new>
#include <set>

#include "mtl/error.h"
#include "plugins/host/captured_output.h"
#include "plugins/host/failure.h"
#include "plugins/host/libtorch_settings.h"

namespace mtl::host {
namespace {

bool is_first_time(const std::string& who) {
  static std::mutex mutex;
  static std::set<std::string> known;
  const std::lock_guard lock(mutex);
  return known.insert(who).second;
}

void pass_on(const std::string& who, const std::string& printed) {
  if (printed.empty()) return;
  if (is_first_time(who))
    std::cerr << who << " prints to standard output, which is the engine's; it goes here instead:\n";
  std::cerr << printed << std::flush;
}

/// Keeps what a plugin may not touch as it was.
class Surroundings {
 public:
  explicit Surroundings(const std::string& who) : who_(who), settings_(LibtorchSettings::now()) {}
  ~Surroundings() {
    settings_.restore();
    pass_on(who_, output_.text());
  }
  std::string changed() const { return settings_.changed(); }

 private:
  const std::string& who_;
  LibtorchSettings settings_;
  CapturedOutput output_;
};

[[noreturn]] void rethrow_blaming(const std::string& who) {
  try {
    throw;
  } catch (const std::exception& failure) {
    if (is_out_of_memory(failure)) throw std::bad_alloc();
    throw Error(who + " failed: " + first_line(failure));
  } catch (...) {
    throw Error(who + " failed with an exception that is no std::exception");
  }
}

}  // namespace

void guard_plugin_call(const std::string& who, const std::function<void()>& call) {
  const Surroundings around(who);
  try {
    call();
  } catch (...) {
    rethrow_blaming(who);
  }
  if (const std::string changed = around.changed(); !changed.empty()) throw Error(who + ": " + changed);
}

}  // namespace mtl::host
