#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mtl/task_head.h"

namespace mtl {

/// A task's head as the engine calls it: whoever wrote it, what it throws and what it answers wrongly is an mtl::Error
/// that names the task and the library's file.
class GuardedHead {
 public:
  /// `library` is the file that the head comes from; "" leaves it out of the sentences.
  GuardedHead(std::string task, std::shared_ptr<TaskHead> head, const std::string& library = "");

  const std::string& task() const { return task_; }
  /// The head itself, for its parameters and its labels.
  TaskHead& head() const { return *head_; }

  std::string default_column() const;
  bool survives(Augmentation augmentation) const;
  void prepare(const at::Tensor& targets) const;
  /// -> outputs [N,...] of floating-point numbers.
  at::Tensor forward(const Features& features) const;
  /// -> [N] floating-point numbers, with a gradient where the outputs have one.
  at::Tensor loss(const at::Tensor& outputs, const at::Tensor& targets) const;
  /// -> N predictions, with labels out of classes() where the head has any.
  std::vector<Prediction> predict(const at::Tensor& outputs) const;
  /// -> [N,K] of classes(), each row with the sum 1; no tensor where the head states none.
  at::Tensor probabilities(const at::Tensor& outputs) const;
  /// The same as N rows of numbers; each is empty where the head states none.
  std::vector<std::vector<double>> probability_rows(const at::Tensor& outputs) const;
  /// -> at least one figure.
  std::vector<Figure> figures(const at::Tensor& outputs, const at::Tensor& targets) const;
  std::string decode(const at::Tensor& target) const;
  const ClassList& classes() const { return classes_; }

  /// "task 'E' (/plugins/edge.so)", to begin a sentence.
  const std::string& who() const { return who_; }

 private:
  void require_class(const std::string& function, const std::string& label) const;

  std::string task_, who_;
  std::shared_ptr<TaskHead> head_;
  ClassList classes_;
};

}  // namespace mtl
