#pragma once

#include <exception>
#include <string>

namespace mtl::host {

/// Whether a failure, whoever threw it, means that memory ran out: std::bad_alloc, or LibTorch's texts for it.
bool is_out_of_memory(const std::exception& failure);

/// What a failure says, without the stack trace that LibTorch adds.
std::string first_line(const std::exception& failure);

}  // namespace mtl::host
