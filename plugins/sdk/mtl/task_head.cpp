#include "mtl/task_head.h"

namespace mtl {

TaskHead::~TaskHead() = default;

void TaskHead::prepare(const at::Tensor&) {}

ClassList TaskHead::classes() const { return {}; }

}  // namespace mtl
