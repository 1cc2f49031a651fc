#include "framework/cli/failures.h"

#include <iostream>

#include "framework/config/problems.h"
#include "plugins/host/failure.h"

namespace mtl {

int guarded(const std::function<int()>& command) {
  try {
    return command();
  } catch (const ConfigError& error) {
    std::cerr << error.what() << "\n";
    return wrong_usage;
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
  } catch (const std::exception& error) {
    if (host::is_out_of_memory(error))
      std::cerr << "there is not enough memory; lower train.batch_size, input.size or data.cache_mb\n";
    else
      std::cerr << "internal failure: " << host::first_line(error) << "\n";
  }
  return failed_run;
}

}  // namespace mtl
