#include "mtl/task_head.h"

namespace mtl {

TaskHead::~TaskHead() = default;

void TaskHead::prepare(const at::Tensor&) {}

std::vector<std::string> TaskHead::sample_cells() const { return classes().names; }

ClassList TaskHead::classes() const { return {}; }

}  // namespace mtl
