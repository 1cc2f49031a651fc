#include "plugins/conformance/checks.h"

#include <exception>

namespace mtl::conformance {

bool Checks::keeps(const std::string& promise, const std::function<std::string()>& look) {
  listener_.begin(promise);
  std::string broken;
  try {
    broken = look();
  } catch (const std::exception& error) {
    const std::string text = error.what();
    broken = "throws: " + text.substr(0, text.find('\n'));
  } catch (...) {
    broken = "throws something that is no std::exception";
  }
  listener_.end(broken);
  return broken.empty();
}

}  // namespace mtl::conformance
