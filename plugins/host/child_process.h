#pragma once

#include <functional>
#include <string>

namespace mtl::host {

/// What came of code that ran in a process of its own.
struct ChildReport {
  std::string text;   ///< what it wrote, also where it died later
  std::string error;  ///< what it threw, or ""
  std::string death;  ///< "crashed (Segmentation fault)", "did not end within 20 seconds", ...; or "": it returned
};

using Write = std::function<void(const std::string& text)>;

/// Runs work(write) in a child process, so that foreign code which crashes, hangs or ends the process does that alone.
/// Throws mtl::Error where no process can be started.
ChildReport in_child(const std::function<void(const Write&)>& work, int seconds);

}  // namespace mtl::host
