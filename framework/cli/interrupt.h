#pragma once

namespace mtl {

/// From here on the first SIGINT or SIGTERM asks for a stop, and a second one ends the process at once.
void catch_interrupts();
/// The signal that asked, 0 where none did.
int interrupt_signal();

}  // namespace mtl
