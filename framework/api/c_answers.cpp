// The C functions that show a model pictures and read its answers.
#include <limits>

#include "framework/api/c_calls.h"

namespace {

using mtl::c_calls::failed;
using mtl::c_calls::guarded;

template <class Predict>
mtl_status answer(const mtl_model* model, const void* picture, mtl_answers** answers, const Predict& predict) {
  if (answers) *answers = nullptr;
  if (!model || !picture || !answers)
    return failed(MTL_BAD_ARGUMENT, "the model, the picture and the place for the answers must not be null");
  return guarded(MTL_FAILED, [&] { *answers = new mtl_answers{predict(model->served)}; });
}

const mtl::Answer* answer_of(const mtl_answers* answers, size_t task) {
  return answers && task < answers->result.tasks.size() ? &answers->result.tasks[task] : nullptr;
}

const mtl::Decision* decision_of(const mtl_answers* answers) {
  return answers && answers->result.decision ? &*answers->result.decision : nullptr;
}

}  // namespace

mtl_status mtl_predict_file(const mtl_model* model, const char* path, mtl_answers** answers) {
  return answer(model, path, answers, [&](const mtl::ServedModel& served) { return served.predict_file(path); });
}

mtl_status mtl_predict_encoded(const mtl_model* model, const void* bytes, size_t size, mtl_answers** answers) {
  return answer(model, bytes, answers, [&](const mtl::ServedModel& served) {
    return served.predict_encoded({static_cast<const char*>(bytes), size});
  });
}

mtl_status mtl_predict_pixels(const mtl_model* model, const mtl_pixels* pixels, mtl_answers** answers) {
  return answer(model, pixels, answers, [&](const mtl::ServedModel& served) { return served.predict_pixels(*pixels); });
}

void mtl_answers_free(mtl_answers* answers) { delete answers; }

const char* mtl_answer_label(const mtl_answers* answers, size_t task) {
  const auto* found = answer_of(answers, task);
  return found ? found->prediction.label.c_str() : nullptr;
}

double mtl_answer_probability(const mtl_answers* answers, size_t task) {
  const auto* found = answer_of(answers, task);
  return found ? found->prediction.probability : std::numeric_limits<double>::quiet_NaN();
}

const double* mtl_answer_probabilities(const mtl_answers* answers, size_t task) {
  const auto* found = answer_of(answers, task);
  return found && !found->probabilities.empty() ? found->probabilities.data() : nullptr;
}

mtl_verdict mtl_answers_verdict(const mtl_answers* answers) {
  const auto* decision = decision_of(answers);
  if (!decision) return MTL_NO_VERDICT;
  switch (decision->verdict) {
    case mtl::Verdict::normal:
      return MTL_NORMAL;
    case mtl::Verdict::look:
      return MTL_LOOK;
    case mtl::Verdict::defect:
      return MTL_DEFECT;
  }
  return MTL_NO_VERDICT;
}

double mtl_answers_defect_probability(const mtl_answers* answers) {
  const auto* decision = decision_of(answers);
  return decision ? decision->defect_probability : std::numeric_limits<double>::quiet_NaN();
}
