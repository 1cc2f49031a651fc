#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "framework/assembly/plugin_access.h"

namespace mtl {

/// The commands while they are being told to the parser.
struct Commands {
  CLI::App app{"mtl-engine trains one image model on several tasks and shows whether that made the main task better."};
  char** argv;
  std::function<int()> chosen = nullptr;

  void on(CLI::App* command, std::function<int()> action) {
    command->callback([this, action = std::move(action)] { chosen = action; });
  }
};

/// --plugin-dir and --allow-insecure-plugins.
void add_plugin_options(CLI::App* command, PluginAccess& access);

}  // namespace mtl
