#pragma once

namespace mtl {

/// From here on the first SIGINT (Ctrl-C), SIGTERM or SIGHUP (a closed terminal) asks for a stop, and a second one of
/// its kind ends the process at once.
void catch_interrupts();
/// The signal that asked, 0 where none did.
int interrupt_signal();

}  // namespace mtl
