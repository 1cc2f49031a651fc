#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mtl::pickle {

struct Value;

/// What nobody asks for: None, booleans, floats, bytes, lists, sets, numbers of numpy. Only that it was there is kept.
struct Opaque {};
struct Text {
  std::string_view utf8;
};
/// A class or function of Python: a name here, never more.
struct Global {
  std::string_view module, name;
};
struct Tuple {
  std::vector<Value*> items;
};
struct Dict {
  std::vector<std::pair<Value*, Value*>> entries;  ///< as they were written: the last of several equal keys counts
};
struct Storage {
  std::string_view type;  ///< "FloatStorage"
  std::string_view key;   ///< the record data/KEY
};
/// As the file claims: nothing is checked against the storage yet.
struct Tensor {
  const Storage* storage;
  int64_t offset;
  const Tuple *sizes, *strides;
};

struct Value {
  std::variant<Opaque, int64_t, Text, Global, Tuple, Dict, Storage, Tensor> is;

  template <class Kind>
  Kind* as() {
    return std::get_if<Kind>(&is);
  }
  template <class Kind>
  const Kind* as() const {
    return std::get_if<Kind>(&is);
  }
};

/// Owns the values, which only point at one another: one may hold itself, and none is freed by recursion.
class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  Heap(Heap&&) = default;
  Heap& operator=(Heap&&) = default;

  /// Throws Error where a file has more values than any network needs.
  Value* make(Value value);
  Value* opaque() { return &opaque_.front(); }

 private:
  std::deque<Value> values_;     // keeps the addresses of what it holds
  std::deque<Value> opaque_{1};  // one for all of them
};

}  // namespace mtl::pickle
