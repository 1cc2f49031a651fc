#pragma once

#include <functional>
#include <string>

namespace mtl::conformance {

/// Looks at a plugin's promises one by one and tells of each before and after: where the plugin takes the process
/// along, it is known at which.
class Checks {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void begin(const std::string& promise) = 0;
    virtual void end(const std::string& broken) = 0;  ///< "": it is kept
  };
  explicit Checks(Listener& listener) : listener_(listener) {}

  /// `look` returns what is wrong, or "". What it throws is wrong too. Returns whether the promise is kept.
  bool keeps(const std::string& promise, const std::function<std::string()>& look);

 private:
  Listener& listener_;
};

}  // namespace mtl::conformance
