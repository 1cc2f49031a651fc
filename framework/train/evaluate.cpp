#include "framework/train/evaluate.h"

#include <torch/utils.h>

#include "framework/train/task_losses.h"

namespace mtl {

Evaluation evaluate(MultiTaskModel& model, const std::vector<TaskFacts>& tasks, BatchSource& source,
                    const at::Device& device, bool with_predictions) {
  torch::NoGradGuard no_grad;
  model.train(false);
  std::vector<TaskMeter> meters;
  for (size_t k = 0; k < tasks.size(); ++k) meters.emplace_back(model.heads()[k], tasks[k].plugin, tasks[k].main);

  Evaluation evaluation;
  source.start_epoch(0);
  while (auto batch = source.next()) {
    if (!batch->keep_readable()) continue;
    batch->to(device);
    const std::vector<at::Tensor> outputs = outputs_of(model, *batch);
    const std::vector<TaskLoss> losses = task_losses(model.heads(), outputs, *batch);
    for (size_t k = 0; k < meters.size(); ++k)
      meters[k].add(outputs[k], losses[k].per_sample, batch->targets[k], batch->labelled[k]);
    evaluation.rows.insert(evaluation.rows.end(), batch->rows.begin(), batch->rows.end());
  }
  for (const TaskMeter& meter : meters) {
    evaluation.tasks.push_back(meter.result());
    if (!with_predictions) continue;
    evaluation.truths.push_back(meter.truths());
    evaluation.predictions.push_back(meter.predictions());
    evaluation.probabilities.push_back(meter.probabilities());
    evaluation.losses.push_back(meter.losses());
  }
  return evaluation;
}

}  // namespace mtl
