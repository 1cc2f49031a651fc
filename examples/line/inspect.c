/* Asks a model about pictures, in C: inspect MODEL PICTURE... */
#include <mtl/engine.h>
#include <stdio.h>

static const char* verdict_text(mtl_verdict verdict) {
  switch (verdict) {
    case MTL_NORMAL:
      return "normal";
    case MTL_LOOK:
      return "look";
    case MTL_DEFECT:
      return "defect";
    default:
      return "no verdict";
  }
}

int main(int argc, char** argv) {
  mtl_model* model = NULL;
  int i, unreadable = 0;
  if (argc < 3) {
    fprintf(stderr, "usage: inspect MODEL PICTURE...\n");
    return 2;
  }
  if (mtl_model_load(argv[1], NULL, &model) != MTL_OK) {
    fprintf(stderr, "%s\n", mtl_last_error());
    return 1;
  }
  for (i = 2; i < argc; ++i) {
    mtl_answers* answers = NULL;
    size_t task;
    if (mtl_predict_file(model, argv[i], &answers) != MTL_OK) {
      fprintf(stderr, "%s\n", mtl_last_error());
      ++unreadable;
      continue;
    }
    printf("%s: %s", argv[i], verdict_text(mtl_answers_verdict(answers)));
    for (task = 0; task < mtl_task_count(model); ++task)
      printf(", %s %s (%.4f)", mtl_task_name(model, task), mtl_answer_label(answers, task),
             mtl_answer_probability(answers, task));
    printf("\n");
    mtl_answers_free(answers);
  }
  mtl_model_free(model);
  return unreadable == 0 ? 0 : 1;
}
