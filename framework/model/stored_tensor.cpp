#include "framework/model/stored_tensor.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

constexpr size_t most_dimensions = 16;

struct StorageType {
  std::string_view name;
  ElementType element;
  int64_t bytes;
};

constexpr std::array<StorageType, 10> storage_types{{{"DoubleStorage", ElementType::float64, 8},
                                                     {"FloatStorage", ElementType::float32, 4},
                                                     {"HalfStorage", ElementType::float16, 2},
                                                     {"BFloat16Storage", ElementType::bfloat16, 2},
                                                     {"LongStorage", ElementType::int64, 8},
                                                     {"IntStorage", ElementType::int32, 4},
                                                     {"ShortStorage", ElementType::int16, 2},
                                                     {"CharStorage", ElementType::int8, 1},
                                                     {"ByteStorage", ElementType::uint8, 1},
                                                     {"BoolStorage", ElementType::boolean, 1}}};

int64_t element_bytes(ElementType type) {
  for (const StorageType& entry : storage_types)
    if (entry.element == type) return entry.bytes;
  return 0;
}

[[noreturn]] void fail(std::string_view tensor, const std::string& what) {
  throw Error("describes tensor " + in_quotes(tensor) + " badly: " + what + "; the file is damaged, get it again");
}

ElementType type_of(std::string_view tensor, std::string_view storage) {
  for (const StorageType& entry : storage_types)
    if (entry.name == storage) return entry.element;
  throw Error("keeps tensor " + in_quotes(tensor) + " in a " + in_quotes(storage) +
              ", a type that is not read; convert it in Python to float and save it again");
}

std::vector<int64_t> numbers(std::string_view tensor, const pickle::Tuple& tuple, const char* what) {
  if (tuple.items.size() > most_dimensions)
    fail(tensor, "it has " + std::to_string(tuple.items.size()) + " " + what + ", at most " +
                     std::to_string(most_dimensions) + " are read");
  std::vector<int64_t> result;
  for (const pickle::Value* item : tuple.items) {
    const int64_t* number = item->as<int64_t>();
    if (!number || *number < 0) fail(tensor, std::string("one of its ") + what + " is no number from 0 on");
    result.push_back(*number);
  }
  return result;
}

/// Sizes of 0 count as 1, as in the strides that LibTorch works out.
void require_possible(const StoredTensor& tensor) {
  int64_t bytes = element_bytes(tensor.type);
  for (const int64_t size : tensor.sizes)
    if (__builtin_mul_overflow(bytes, std::max<int64_t>(1, size), &bytes)) fail(tensor.name, "its shape is impossible");
}

/// From the storage's start to behind the last element, in elements; there is at least one. -1 where 64 bits are too
/// few.
int64_t end_of(const StoredTensor& tensor, int64_t offset) {
  int64_t end = 0;
  bool overflow = __builtin_add_overflow(offset, 1, &end);
  for (size_t i = 0; i < tensor.sizes.size(); ++i) {
    int64_t way = 0;
    overflow |= __builtin_mul_overflow(tensor.sizes[i] - 1, tensor.strides[i], &way);
    overflow |= __builtin_add_overflow(end, way, &end);
  }
  return overflow ? -1 : end;
}

/// How many dimensions stand before those whose elements lie side by side.
size_t scattered_dimensions(const StoredTensor& tensor) {
  size_t dimensions = tensor.sizes.size();
  int64_t side_by_side = 1;
  while (dimensions > 0) {
    const size_t last = dimensions - 1;
    if (tensor.sizes[last] != 1 && tensor.strides[last] != side_by_side) break;
    side_by_side *= tensor.sizes[last];
    dimensions = last;
  }
  return dimensions;
}

struct Packing {
  const StoredTensor& tensor;
  size_t scattered;  // dimensions
  size_t run;        // bytes that lie side by side

  /// Copies all there is under one index into the dimensions before `dimension`; returns where the next bytes go.
  char* copy(size_t dimension, const char* from, char* to) const {
    if (dimension == scattered) {
      std::memcpy(to, from, run);
      return to + run;
    }
    const int64_t element = element_bytes(tensor.type), stride = tensor.strides[dimension];
    for (int64_t i = 0; i < tensor.sizes[dimension]; ++i)  // the index first: the stride of one element may be anything
      to = copy(dimension + 1, from + i * stride * element, to);
    return to;
  }
};

}  // namespace

StoredTensor place_tensor(std::string_view name, const pickle::Tensor& tensor, std::string_view storage) {
  StoredTensor placed{name,
                      type_of(name, tensor.storage->type),
                      numbers(name, *tensor.sizes, "sizes"),
                      numbers(name, *tensor.strides, "strides"),
                      {}};
  if (placed.sizes.size() != placed.strides.size()) fail(name, "it has more sizes than strides, or fewer");
  if (tensor.offset < 0) fail(name, "it begins before its storage");
  require_possible(placed);
  if (packed_bytes(placed) == 0) return placed;

  const int64_t end = end_of(placed, tensor.offset), element = element_bytes(placed.type);
  if (end < 0 || end > static_cast<int64_t>(storage.size()) / element)
    fail(name, "it reaches beyond the " + std::to_string(storage.size()) + " bytes of its storage");
  placed.bytes = storage.substr(static_cast<size_t>(tensor.offset * element),
                                static_cast<size_t>((end - tensor.offset) * element));
  return placed;
}

uint64_t packed_bytes(const StoredTensor& tensor) {
  auto bytes = static_cast<uint64_t>(element_bytes(tensor.type));
  for (const int64_t size : tensor.sizes) bytes *= static_cast<uint64_t>(size);
  return bytes;
}

void copy_packed(const StoredTensor& tensor, char* to) {
  const uint64_t bytes = packed_bytes(tensor);
  if (bytes == 0) return;
  const size_t scattered = scattered_dimensions(tensor);
  auto run = static_cast<size_t>(element_bytes(tensor.type));
  for (size_t i = scattered; i < tensor.sizes.size(); ++i) run *= static_cast<size_t>(tensor.sizes[i]);
  Packing{tensor, scattered, run}.copy(0, tensor.bytes.data(), to);
  if (tensor.type == ElementType::boolean)  // a bool that is neither 0 nor 1 is undefined behaviour for who reads it
    std::transform(to, to + bytes, to, [](char byte) { return static_cast<char>(byte != 0); });
}

}  // namespace mtl
