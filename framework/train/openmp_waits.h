#pragma once

namespace mtl {

/// Starts this program again, once, if its OpenMP threads would wait by spinning. libgomp spins for milliseconds before
/// it sleeps; where threads of the loader or of another program want the same cores, that makes a training step five to
/// ten times longer. It reads its environment before main(), so the program must start again for it to hear. Whoever
/// sets OMP_WAIT_POLICY or GOMP_SPINCOUNT has decided otherwise, and nothing happens. `argv`: main's. To be called
/// before anything is printed and before any thread is started.
void shorten_openmp_waits(char** argv);

}  // namespace mtl
