#include "framework/model/pickle_calls.h"

#include <array>
#include <string>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl::pickle {
namespace {

enum class Gives { opaque, dict, tensor, first_argument };

struct Callable {
  std::string_view name;
  Gives gives;
};

/// What files of weights and training states call. Protocol 2 writes `builtins` under its name of Python 2; LibTorch
/// in C++ tags its dicts with their types.
constexpr std::array<Callable, 25> harmless{{{"collections.OrderedDict", Gives::dict},
                                             {"torch._utils._rebuild_tensor", Gives::tensor},
                                             {"torch._utils._rebuild_tensor_v2", Gives::tensor},
                                             {"torch._utils._rebuild_parameter", Gives::first_argument},
                                             {"torch._utils._rebuild_parameter_with_state", Gives::first_argument},
                                             {"torch.Size", Gives::first_argument},
                                             {"torch.jit._pickle.restore_type_tag", Gives::first_argument},
                                             {"torch.device", Gives::opaque},
                                             {"torch.serialization._get_layout", Gives::opaque},
                                             {"collections.Counter", Gives::opaque},
                                             {"_codecs.encode", Gives::opaque},
                                             {"builtins.bytearray", Gives::opaque},
                                             {"builtins.complex", Gives::opaque},
                                             {"builtins.frozenset", Gives::opaque},
                                             {"builtins.set", Gives::opaque},
                                             {"__builtin__.bytearray", Gives::opaque},
                                             {"__builtin__.bytes", Gives::opaque},
                                             {"__builtin__.complex", Gives::opaque},
                                             {"__builtin__.frozenset", Gives::opaque},
                                             {"__builtin__.set", Gives::opaque},
                                             {"numpy.dtype", Gives::opaque},
                                             {"numpy.core.multiarray.scalar", Gives::opaque},
                                             {"numpy._core.multiarray.scalar", Gives::opaque},
                                             {"numpy.core.multiarray._reconstruct", Gives::opaque},
                                             {"numpy._core.multiarray._reconstruct", Gives::opaque}}};

[[noreturn]] void fail_damaged(const std::string& what) {
  throw Error("holds a damaged pickle: " + what + "; get the file again");
}

std::string name_of(const Value& callable) {
  const Global* global = callable.as<Global>();
  return global ? std::string(global->module) + "." + std::string(global->name) : "";
}

Gives result_of(const Value& callable) {
  const std::string name = name_of(callable);
  for (const Callable& entry : harmless)
    if (entry.name == name) return entry.gives;
  refuse_call(callable);
}

/// (storage, offset, sizes, strides, ...): what follows is of no use without gradients.
Tensor tensor_of(const std::vector<Value*>& arguments) {
  const bool enough = arguments.size() >= 4;
  const Storage* storage = enough ? arguments[0]->as<Storage>() : nullptr;
  const int64_t* offset = enough ? arguments[1]->as<int64_t>() : nullptr;
  const Tuple* sizes = enough ? arguments[2]->as<Tuple>() : nullptr;
  const Tuple* strides = enough ? arguments[3]->as<Tuple>() : nullptr;
  if (!storage || !offset || !sizes || !strides)
    fail_damaged("a tensor is not given by a storage, an offset, sizes and strides");
  return {storage, *offset, sizes, strides};
}

}  // namespace

Value* call(Heap& heap, Value& callable, const Value& arguments) {
  const Gives gives = result_of(callable);
  const Tuple* tuple = arguments.as<Tuple>();
  if (!tuple) fail_damaged(in_quotes(name_of(callable)) + " is called without a tuple of arguments");
  switch (gives) {
    case Gives::dict:
      if (!tuple->items.empty()) fail_damaged("an OrderedDict is made with arguments");
      return heap.make({Dict{}});
    case Gives::tensor:
      return heap.make({tensor_of(tuple->items)});
    case Gives::first_argument:
      if (tuple->items.empty()) fail_damaged(in_quotes(name_of(callable)) + " is called without an argument");
      return tuple->items[0];
    case Gives::opaque:
      break;
  }
  return heap.opaque();
}

void refuse_call(const Value& callable) {
  const std::string name = name_of(callable);
  if (name.rfind("torch._utils._rebuild_", 0) == 0)
    throw Error("holds a tensor that is made by " + in_quotes(name) +
                ": it is sparse, quantized or of a type that LibTorch 1.13 lacks; convert it in Python to a dense "
                "tensor of floats and save it again");
  throw Error("holds a pickle that runs code when it is read: it calls " +
              (name.empty() ? "what is no name" : in_quotes(name)) +
              "; if you trust it, convert it in Python with torch.save(model.state_dict(), ...) or to safetensors");
}

}  // namespace mtl::pickle
