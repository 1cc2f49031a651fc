#include "framework/cli/interrupt.h"

#include <csignal>

namespace mtl {
namespace {

// A signal handler can reach nothing but such a variable.
volatile std::sig_atomic_t caught = 0;

void on_signal(int signal) {
  caught = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGHUP, on_signal);
}

int interrupt_signal() { return caught; }

}  // namespace mtl
