#include "mtl/task_head.h"

namespace mtl {

TaskHead::~TaskHead() = default;

bool TaskHead::needs_map() const { return true; }

void TaskHead::prepare(const at::Tensor&) {}

std::vector<std::string> TaskHead::sample_cells() const { return classes().names; }

at::Tensor TaskHead::probabilities(const at::Tensor&) const { return {}; }

ClassList TaskHead::classes() const { return {}; }

}  // namespace mtl
