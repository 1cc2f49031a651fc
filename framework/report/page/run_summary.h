#pragma once

#include <string>
#include <vector>

#include "framework/report/page/run_page.h"

namespace mtl {

/// The head of a run's page: how well the main task does on the test split and what that means on the floor. HTML.
std::string run_summary(const RunPage& run);

/// What the main task found among `noun`s ("test image"), in a sentence. HTML.
std::string tasks_summary(const std::vector<TaskResult>& tasks, const std::string& noun);

/// The main task's large numbers. HTML; "" where nothing was tested.
std::string tasks_key_figures(const std::vector<TaskResult>& tasks);

/// A row per task with all its figures.
std::string tasks_table_html(const std::vector<TaskResult>& tasks, const std::string& caption);

/// Of every task with classes: the confusion matrix, and each class's precision, recall, F1.
std::string classes_html(const std::vector<TaskResult>& tasks);

}  // namespace mtl
