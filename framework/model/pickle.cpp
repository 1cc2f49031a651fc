#include "framework/model/pickle.h"

#include <string>
#include <utility>
#include <vector>

#include "framework/model/little_endian.h"
#include "framework/model/pickle_calls.h"
#include "framework/model/pickle_opcodes.h"
#include "mtl/error.h"

namespace mtl::pickle {
namespace {

/// The stack machine that a pickle is a program for.
class Machine {
 public:
  Machine(std::string_view bytes, Heap& heap) : bytes_(bytes), heap_(heap) {}

  const Value* run() {
    if (bytes_.empty() || static_cast<Opcode>(bytes_[0]) != Opcode::proto) fail("it does not begin with a protocol");
    while (true) {
      const auto opcode = static_cast<Opcode>(number(1));
      if (opcode == Opcode::stop) return pop();
      step(opcode);
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error("holds a damaged pickle: at byte " + std::to_string(at_) + ", " + what + "; get the file again");
  }

  // Bytes of the program.
  std::string_view take(uint64_t count) {
    if (count > bytes_.size() - at_) fail("it ends before its end");
    const std::string_view taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }
  uint64_t number(size_t bytes) { return little_endian(take(bytes), 0, bytes); }
  std::string_view line() {
    const size_t end = bytes_.find('\n', at_);
    if (end == bytes_.npos) fail("a name has no end");
    const std::string_view text = take(end - at_);
    take(1);
    return text;
  }

  // The stack. What lies below the last mark is out of reach.
  void push(Value* value) { stack_.push_back(value); }
  void push_new(Value value) { push(heap_.make(std::move(value))); }
  void push_opaque() { push(heap_.opaque()); }
  Value& top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("a value is missing");
    return *stack_.back();
  }
  Value* pop() {
    Value* value = &top();
    stack_.pop_back();
    return value;
  }
  std::vector<Value*> pop_last(size_t count) {
    std::vector<Value*> items(count);
    for (size_t i = count; i > 0; --i) items[i - 1] = pop();
    return items;
  }
  std::vector<Value*> pop_marked() {
    if (marks_.empty()) fail("a mark is missing");
    const size_t begin = marks_.back();
    marks_.pop_back();
    std::vector<Value*> items(stack_.begin() + static_cast<std::ptrdiff_t>(begin), stack_.end());
    stack_.resize(begin);
    return items;
  }

  void step(Opcode opcode) {
    switch (opcode) {
      case Opcode::proto:
        return require_known(number(1));
      case Opcode::frame:
        return require_present(number(8));
      case Opcode::mark:
        return marks_.push_back(stack_.size());
      case Opcode::pop:
        pop();
        return;
      case Opcode::pop_mark:
        pop_marked();
        return;
      case Opcode::none:
      case Opcode::newtrue:
      case Opcode::newfalse:
      case Opcode::empty_list:
      case Opcode::empty_set:
        return push_opaque();
      case Opcode::binfloat:
        return skip(8);
      case Opcode::short_binbytes:
        return skip(number(1));
      case Opcode::binbytes:
        return skip(number(4));
      case Opcode::binbytes8:
      case Opcode::bytearray8:
        return skip(number(8));
      case Opcode::short_binunicode:
        return push_new({Text{take(number(1))}});
      case Opcode::binunicode:
        return push_new({Text{take(number(4))}});
      case Opcode::binunicode8:
        return push_new({Text{take(number(8))}});
      case Opcode::binint1:
        return push_new({static_cast<int64_t>(number(1))});
      case Opcode::binint2:
        return push_new({static_cast<int64_t>(number(2))});
      case Opcode::binint:
        return push_signed(4);
      case Opcode::long1:
        return push_signed(number(1));
      case Opcode::long4:
        return push_signed(number(4));
      case Opcode::binput:
        return remember(number(1));
      case Opcode::long_binput:
        return remember(number(4));
      case Opcode::memoize:
        return remember(memo_.size());
      case Opcode::binget:
        return recall(number(1));
      case Opcode::long_binget:
        return recall(number(4));
      case Opcode::empty_tuple:
        return push_new({Tuple{}});
      case Opcode::tuple1:
        return push_new({Tuple{pop_last(1)}});
      case Opcode::tuple2:
        return push_new({Tuple{pop_last(2)}});
      case Opcode::tuple3:
        return push_new({Tuple{pop_last(3)}});
      case Opcode::tuple:
        return push_new({Tuple{pop_marked()}});
      case Opcode::frozenset:
        pop_marked();
        return push_opaque();
      case Opcode::append:
        pop();
        return require_opaque();
      case Opcode::appends:
      case Opcode::additems:
        pop_marked();
        return require_opaque();
      case Opcode::empty_dict:
        return push_new({Dict{}});
      case Opcode::setitem:
        return set_items(pop_last(2));
      case Opcode::setitems:
        return set_items(pop_marked());
      case Opcode::global: {
        const std::string_view module = line(), name = line();
        return push_new({Global{module, name}});
      }
      case Opcode::stack_global:
        return push_named(pop_last(2));
      case Opcode::reduce:
      case Opcode::newobj:
        return push_called(pop_last(2));
      case Opcode::build:
        pop();
        return require_state();
      case Opcode::binpersid:
        return push_storage(*pop());
      case Opcode::newobj_ex:
        refuse_call(*pop_last(3)[0]);
      case Opcode::obj:
        refuse_first(pop_marked());
      case Opcode::inst: {
        const std::string_view module = line(), name = line();
        refuse_call({Global{module, name}});
      }
      case Opcode::stop:
        break;
    }
    fail("it has the instruction " + std::to_string(static_cast<int>(opcode)) +
         ", which torch.save does not write with its protocols 2 to 5");
  }

  void require_known(uint64_t protocol) const {
    if (protocol < 2 || protocol > 5)
      throw Error("holds a pickle of protocol " + std::to_string(protocol) +
                  ", 2 to 5 are known; save it again with torch.save(..., pickle_protocol=2)");
  }

  void require_present(uint64_t frame) const {
    if (frame > bytes_.size() - at_) fail("a frame is longer than the rest");
  }

  void require_opaque() const {
    if (!top().as<Opaque>()) fail("items are added to what is no list");
  }

  void skip(uint64_t bytes) {
    take(bytes);
    push_opaque();
  }

  void push_signed(uint64_t bytes) {
    const std::string_view digits = take(bytes);
    if (bytes > 8) return push_opaque();  // a seed, perhaps; no size or offset
    uint64_t value = little_endian(digits, 0, bytes);
    const bool negative = bytes > 0 && (digits.back() & 0x80);
    if (negative && bytes < 8) value |= ~uint64_t{0} << (8 * bytes);
    push_new({static_cast<int64_t>(value)});
  }

  void remember(uint64_t index) {
    Value& value = top();
    if (index > bytes_.size()) fail("it remembers more values than it has bytes");
    if (index >= memo_.size()) memo_.resize(index + 1);
    memo_[index] = &value;
  }

  void recall(uint64_t index) {
    if (index >= memo_.size() || !memo_[index]) fail("it recalls a value that it has not remembered");
    push(memo_[index]);
  }

  void set_items(const std::vector<Value*>& items) const {
    Dict* dict = top().as<Dict>();
    if (!dict || items.size() % 2 != 0) fail("keys and values are set in what is no dict");
    for (size_t i = 0; i < items.size(); i += 2) dict->entries.emplace_back(items[i], items[i + 1]);
  }

  void push_named(const std::vector<Value*>& names) {
    const Text *module = names[0]->as<Text>(), *name = names[1]->as<Text>();
    if (!module || !name) fail("a class or function has no name");
    push_new({Global{module->utf8, name->utf8}});
  }

  void push_called(const std::vector<Value*>& call_of) { push(call(heap_, *call_of[0], *call_of[1])); }

  /// Python sets attributes or calls __setstate__. Dicts (`_metadata`) and numpy's values may; both are no weights.
  void require_state() const {
    const Value& object = top();
    if (!object.as<Dict>() && !object.as<Opaque>()) refuse_call(object);
  }

  void push_storage(const Value& id) {
    const Tuple* parts = id.as<Tuple>();
    const bool complete = parts && parts->items.size() >= 5;
    const Text* kind = complete ? parts->items[0]->as<Text>() : nullptr;
    const Global* type = complete ? parts->items[1]->as<Global>() : nullptr;
    const Text* key = complete ? parts->items[2]->as<Text>() : nullptr;
    if (!kind || kind->utf8 != "storage" || !type || !key) fail("a storage is not named by its type and key");
    push_new({Storage{type->name, key->utf8}});
  }

  [[noreturn]] void refuse_first(const std::vector<Value*>& items) const {
    if (items.empty()) fail("an object is made of nothing");
    refuse_call(*items[0]);
  }

  std::string_view bytes_;
  size_t at_ = 0;
  Heap& heap_;
  std::vector<Value*> stack_;
  std::vector<size_t> marks_;  // sizes of the stack
  std::vector<Value*> memo_;
};

}  // namespace

Pickle read(std::string_view bytes) {
  Pickle pickle{};
  pickle.root = Machine(bytes, pickle.heap).run();
  return pickle;
}

}  // namespace mtl::pickle
