#pragma once

namespace mtl {

/// The command line. Returns the exit code: 0, 1 for a failed run, 2 for wrong usage or configuration, 128 + N where
/// signal N stopped it.
int main(int argc, char** argv);

}  // namespace mtl
