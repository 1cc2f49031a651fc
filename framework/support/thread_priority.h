#pragma once

namespace mtl {

/// Lowers the calling thread's priority: it takes what the others leave. A training step waits for the slowest of its
/// threads, so one that shares its core with a loader's holds up all of them. Where the system refuses, nothing
/// changes.
void give_way_to_computing();

}  // namespace mtl
