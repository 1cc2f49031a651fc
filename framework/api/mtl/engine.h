#ifndef MTL_ENGINE_H
#define MTL_ENGINE_H

/* A trained model in a program of your own: load a run's folder or a bundle, show it pictures, read its answers.
 *
 * C programs use the functions, C++ programs the classes behind them (namespace mtl::engine). No header of LibTorch or
 * OpenCV is needed, and any compiler does: what crosses this border is C. Link with libmtl_runtime, by
 * find_package(mtl-runtime CONFIG) and mtl::runtime, or pkg-config mtl-runtime.
 *
 * One loaded model serves any number of threads. Each call reads and prepares its picture in the thread that calls; the
 * network computes one picture at a time, on all threads that it was given.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(MTL_ENGINE_BUILD)
#define MTL_ENGINE_API __attribute__((visibility("default")))
#else
#define MTL_ENGINE_API
#endif

/** What became of a call. */
typedef enum mtl_status {
  MTL_OK = 0,
  MTL_BAD_ARGUMENT = 1, /**< a null pointer, a size that cannot be, an option that there is not */
  MTL_BAD_MODEL = 2,    /**< no run and no bundle, a damaged one, or plugins that do not fit it */
  MTL_BAD_PICTURE = 3,  /**< no file, no picture, one that is cut short or too large */
  MTL_OUT_OF_MEMORY = 4,
  MTL_FAILED = 5 /**< anything else, such as a device that is not there */
} mtl_status;

/** What the line does with the part in the picture, by the limits or costs of `mtl-engine calibrate`. */
typedef enum mtl_verdict {
  MTL_NO_VERDICT = 0, /**< the model was not calibrated with a rule */
  MTL_NORMAL = 1,
  MTL_LOOK = 2, /**< a person has to look */
  MTL_DEFECT = 3
} mtl_verdict;

typedef enum mtl_pixel_format {
  MTL_GRAY8 = 1,
  MTL_RGB8 = 2,
  MTL_BGR8 = 3,
  MTL_RGBA8 = 4, /**< alpha is left out of account, as in files */
  MTL_BGRA8 = 5
} mtl_pixel_format;

/** A picture in memory, upright. It is only read, and only during the call. */
typedef struct mtl_pixels {
  const unsigned char* data; /**< the top left pixel */
  int width, height;         /**< in pixels, from 1 on */
  size_t row_bytes;          /**< from a pixel to the one below it; at least width times the bytes of a pixel */
  mtl_pixel_format format;
} mtl_pixels;

/** How a model is loaded. Set `size` to sizeof(mtl_load_options) and all else to 0 for the defaults. */
typedef struct mtl_load_options {
  size_t size;
  const char* device;             /**< "auto", "cpu", "cuda", "cuda:1"; NULL: "auto" */
  const char* precision;          /**< "float32", "bfloat16", "float16" (GPU); NULL: "float32" */
  int threads;                    /**< that compute, of the whole process; 0: one per core */
  int averages_views;             /**< not 0: test-time augmentation over flips and turns; slower */
  int uncalibrated;               /**< not 0: without the temperatures and the rule beside the model */
  const char* const* plugin_dirs; /**< searched before all others; NULL: none */
  size_t plugin_dir_count;
  int allow_insecure_plugins; /**< not 0: plugins that other users can change are used */
} mtl_load_options;

typedef struct mtl_model mtl_model;     /**< a loaded model */
typedef struct mtl_answers mtl_answers; /**< what it says about one picture */

/** The sentence of this thread's last call that did not return MTL_OK; "" before. It stays until the thread's next. */
MTL_ENGINE_API const char* mtl_last_error(void);

/** Loads a run's folder, a bundle's folder or a .mtlb file; a bundle is verified first. `options` may be NULL.
 *  On success *model is to be given to mtl_model_free(); else it is NULL. */
MTL_ENGINE_API mtl_status mtl_model_load(const char* path, const mtl_load_options* options, mtl_model** model);
/** After the last call with the model has returned. NULL is allowed. */
MTL_ENGINE_API void mtl_model_free(mtl_model* model);

/** Tasks are numbered from 0 in the order of the configuration, classes in the order of their probabilities. The names
 *  live as long as the model; NULL and 0 where there is no such task or class. */
MTL_ENGINE_API size_t mtl_task_count(const mtl_model* model);
MTL_ENGINE_API const char* mtl_task_name(const mtl_model* model, size_t task);
MTL_ENGINE_API size_t mtl_main_task(const mtl_model* model);
MTL_ENGINE_API size_t mtl_class_count(const mtl_model* model,
                                      size_t task); /**< 0 for a task that is no classification */
MTL_ENGINE_API const char* mtl_class_name(const mtl_model* model, size_t task, size_t index);
MTL_ENGINE_API int mtl_class_is_normal(const mtl_model* model, size_t task, size_t index);

/** A picture file: PNG, JPEG, BMP, TIFF. On success *answers is to be given to mtl_answers_free(); else it is NULL. */
MTL_ENGINE_API mtl_status mtl_predict_file(const mtl_model* model, const char* path, mtl_answers** answers);
/** The bytes of such a file. */
MTL_ENGINE_API mtl_status mtl_predict_encoded(const mtl_model* model, const void* bytes, size_t size,
                                              mtl_answers** answers);
/** Pixels as a camera gives them. */
MTL_ENGINE_API mtl_status mtl_predict_pixels(const mtl_model* model, const mtl_pixels* pixels, mtl_answers** answers);
/** NULL is allowed. */
MTL_ENGINE_API void mtl_answers_free(mtl_answers* answers);

/** The answer's text; NULL where there is no such task. It lives as long as the answers. */
MTL_ENGINE_API const char* mtl_answer_label(const mtl_answers* answers, size_t task);
/** Of the label, 0..1; NaN where the task states none. */
MTL_ENGINE_API double mtl_answer_probability(const mtl_answers* answers, size_t task);
/** Of every class: mtl_class_count() numbers with the sum 1; NULL where the task states none. */
MTL_ENGINE_API const double* mtl_answer_probabilities(const mtl_answers* answers, size_t task);
MTL_ENGINE_API mtl_verdict mtl_answers_verdict(const mtl_answers* answers);
/** Of the task that the rule is for: the sum over the classes that are not normal. NaN without a rule. */
MTL_ENGINE_API double mtl_answers_defect_probability(const mtl_answers* answers);

#ifdef __cplusplus
}  // extern "C"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace mtl::engine {

/// A call that failed: its sentence, and what kind of failure it was.
class Failure : public std::runtime_error {
 public:
  Failure(mtl_status status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  mtl_status status() const { return status_; }

 private:
  mtl_status status_;
};

struct TaskAnswer {
  std::string task, label;
  double probability;                 ///< of the label; NaN where the task states none
  std::vector<double> probabilities;  ///< of every class; empty where the task states none
};

struct Answers {
  std::vector<TaskAnswer> tasks;
  mtl_verdict verdict;
  double defect_probability;  ///< NaN without a rule
};

/// A loaded model. Its member functions may be called from several threads at once; they throw Failure.
class Model {
 public:
  explicit Model(const std::string& path, const mtl_load_options& options = defaults()) {
    mtl_model* model = nullptr;
    require(mtl_model_load(path.c_str(), &options, &model));
    model_.reset(model);
  }

  static mtl_load_options defaults() {
    mtl_load_options options{};
    options.size = sizeof options;
    return options;
  }

  Answers predict_file(const std::string& path) const {
    return answers([&](mtl_answers** to) { return mtl_predict_file(model_.get(), path.c_str(), to); });
  }
  Answers predict_encoded(const void* bytes, size_t size) const {
    return answers([&](mtl_answers** to) { return mtl_predict_encoded(model_.get(), bytes, size, to); });
  }
  Answers predict_pixels(const mtl_pixels& pixels) const {
    return answers([&](mtl_answers** to) { return mtl_predict_pixels(model_.get(), &pixels, to); });
  }

  std::vector<std::string> classes(size_t task) const {
    std::vector<std::string> names;
    for (size_t k = 0; k < mtl_class_count(model_.get(), task); ++k)
      names.emplace_back(mtl_class_name(model_.get(), task, k));
    return names;
  }

  const mtl_model* get() const { return model_.get(); }  ///< for the functions above

 private:
  struct Free {
    void operator()(mtl_model* model) const { mtl_model_free(model); }
    void operator()(mtl_answers* answers) const { mtl_answers_free(answers); }
  };

  static void require(mtl_status status) {
    if (status != MTL_OK) throw Failure(status, mtl_last_error());
  }

  template <class Predict>
  Answers answers(const Predict& predict) const {
    mtl_answers* given = nullptr;
    require(predict(&given));
    const std::unique_ptr<mtl_answers, Free> owned(given);
    Answers result{{}, mtl_answers_verdict(given), mtl_answers_defect_probability(given)};
    for (size_t task = 0; task < mtl_task_count(model_.get()); ++task) {
      TaskAnswer answer{
          mtl_task_name(model_.get(), task), mtl_answer_label(given, task), mtl_answer_probability(given, task), {}};
      if (const double* first = mtl_answer_probabilities(given, task))
        answer.probabilities.assign(first, first + mtl_class_count(model_.get(), task));
      result.tasks.push_back(std::move(answer));
    }
    return result;
  }

  std::unique_ptr<mtl_model, Free> model_;
};

}  // namespace mtl::engine
#endif

#endif
