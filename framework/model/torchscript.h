#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "framework/model/multi_task_model.h"

namespace mtl {

/// Writes the model as TorchScript, whole or not at all: a file that torch::jit::load and Python's torch.jit.load run
/// without this engine. images [N,3,H,W] float32, normalized -> {task: outputs [N,...]}, as in evaluation, for any N
/// and for every H and W that the model itself takes. Its state_dict() has the names of model.state().
///
/// `tasks` are the ones to keep; none named keeps all. The model and `example_images` are on the CPU, and what
/// computes them is LibTorch's operations alone while a tracer looks on: what it cannot see is an mtl::Error, and so is
/// a file that answers otherwise than the model, for the example or for other images.
void write_torchscript(const std::filesystem::path& file, MultiTaskModel& model, const at::Tensor& example_images,
                       const std::vector<std::string>& tasks = {});

}  // namespace mtl
