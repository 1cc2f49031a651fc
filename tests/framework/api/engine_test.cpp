#include "mtl/engine.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/support/contains.h"

using mtl::engine::Answers;
using mtl::engine::Failure;
using mtl::engine::Model;
using mtl::test::contains;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A trained model and pictures, made once for all tests.
struct Trained {
  mtl::test::Engine engine;
  fs::path run = engine.folder().path() / "runs/t";
  std::vector<std::string> pictures;

  Trained() {
    using namespace mtl::test;
    REQUIRE(engine.run({"data", "synth", "d", "--parts", "60", "--image-size", "32"}).code == 0);
    engine.folder().write("t.toml", tiny_config(task_a + task_b));
    REQUIRE(engine.run({"run", "t.toml"}).code == 0);
    for (const auto& entry : fs::recursive_directory_iterator(engine.folder().path() / "d"))
      if (entry.path().extension() == ".png" && pictures.size() < 12) pictures.push_back(entry.path().string());
  }
};

const Trained& trained() {
  static const Trained once;
  return once;
}

mtl_load_options one_thread() {
  mtl_load_options options = Model::defaults();
  options.threads = 1;
  return options;
}

const Model& model() {
  static const Model loaded(trained().run.string(), one_thread());
  return loaded;
}

std::string bytes_of(const std::string& file) { return mtl::test::read_file(file); }

template <class Call>
std::string failure(mtl_status expected, const Call& call) {
  try {
    call();
  } catch (const Failure& caught) {
    CHECK(caught.status() == expected);
    return caught.what();
  }
  return "nothing failed";
}

bool are_equal(const Answers& one, const Answers& other) {
  for (size_t task = 0; task < one.tasks.size(); ++task)
    if (one.tasks[task].label != other.tasks[task].label ||
        one.tasks[task].probabilities != other.tasks[task].probabilities)
      return false;
  return one.tasks.size() == other.tasks.size() && one.verdict == other.verdict;
}

}  // namespace

TEST_CASE("tasks and classes are those of the run") {
  const mtl_model* raw = model().get();
  REQUIRE(mtl_task_count(raw) == 2);
  CHECK(std::string(mtl_task_name(raw, 0)) == "A");
  CHECK(mtl_main_task(raw) == 0);
  CHECK(mtl_class_count(raw, 0) == 19);
  CHECK(model().classes(1) == std::vector<std::string>{"defect", "normal"});
  CHECK(mtl_class_is_normal(raw, 1, 1) == 1);
  CHECK(mtl_class_is_normal(raw, 1, 0) == 0);
  CHECK(mtl_task_name(raw, 2) == nullptr);
  CHECK(mtl_class_name(raw, 1, 2) == nullptr);
  CHECK(mtl_class_count(raw, 9) == 0);
}

TEST_CASE("a file, its bytes and its pixels get the answers that `predict` gives") {
  std::vector<std::string> command{"predict", "runs/t", "--out", "answers.jsonl"};
  command.insert(command.end(), trained().pictures.begin(), trained().pictures.end());
  fs::remove(trained().engine.folder().path() / "answers.jsonl");
  REQUIRE(trained().engine.run(command).code == 0);
  std::ifstream lines(trained().engine.folder().path() / "answers.jsonl");
  for (const std::string& picture : trained().pictures) {
    std::string line;
    REQUIRE(std::getline(lines, line));
    const json expected = json::parse(line)["tasks"];
    const Answers from_file = model().predict_file(picture);
    const std::string bytes = bytes_of(picture);
    const cv::Mat bgr = cv::imread(picture);
    CHECK(from_file.verdict == MTL_NO_VERDICT);
    CHECK(std::isnan(from_file.defect_probability));
    for (const auto& answer : from_file.tasks) {
      CHECK(answer.label == expected[answer.task]["label"]);
      CHECK(answer.probability == doctest::Approx(expected[answer.task]["probability"].get<double>()).epsilon(1e-5));
    }
    CHECK(are_equal(from_file, model().predict_encoded(bytes.data(), bytes.size())));
    CHECK(are_equal(from_file, model().predict_pixels({bgr.data, bgr.cols, bgr.rows, bgr.step, MTL_BGR8})));
  }
}

TEST_CASE("every format of pixels is the same picture, also with rows that are longer than they need be") {
  const cv::Mat bgr = cv::imread(trained().pictures.front());
  const Answers expected = model().predict_file(trained().pictures.front());
  const auto answers_to = [&](int conversion, mtl_pixel_format format) {
    cv::Mat converted, wide;
    cv::cvtColor(bgr, converted, conversion);
    cv::copyMakeBorder(converted, wide, 0, 0, 0, 5, cv::BORDER_CONSTANT);
    return model().predict_pixels({wide.data, bgr.cols, bgr.rows, wide.step, format});
  };
  CHECK(are_equal(expected, answers_to(cv::COLOR_BGR2RGB, MTL_RGB8)));
  CHECK(are_equal(expected, answers_to(cv::COLOR_BGR2RGBA, MTL_RGBA8)));
  CHECK(are_equal(expected, answers_to(cv::COLOR_BGR2BGRA, MTL_BGRA8)));
  cv::Mat grey, grey_as_colour;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  cv::cvtColor(grey, grey_as_colour, cv::COLOR_GRAY2BGR);
  CHECK(are_equal(model().predict_pixels({grey.data, grey.cols, grey.rows, grey.step, MTL_GRAY8}),
                  model().predict_pixels({grey_as_colour.data, grey.cols, grey.rows, grey_as_colour.step, MTL_BGR8})));
}

TEST_CASE("threads that ask at once get what each gets alone") {
  std::vector<Answers> alone;
  for (const std::string& picture : trained().pictures) alone.push_back(model().predict_file(picture));
  std::vector<int> different(8, 0);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < different.size(); ++t)
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < alone.size(); ++i) {
        const size_t at = (t + i) % alone.size();
        if (!are_equal(model().predict_file(trained().pictures[at]), alone[at])) ++different[t];
        if (failure(MTL_BAD_PICTURE, [] { model().predict_file("/no/such.png"); }) == "nothing failed") ++different[t];
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(different == std::vector<int>(8, 0));
}

TEST_CASE("what is no picture is told, and the model goes on") {
  const std::string text = "no picture";
  CHECK(failure(MTL_BAD_PICTURE, [] { model().predict_file("/no/such.png"); }) ==
        "image '/no/such.png' is not there; correct its path or restore the file");
  CHECK(contains(failure(MTL_BAD_PICTURE, [&] { model().predict_encoded(text.data(), text.size()); }),
                 "image 'in memory' is no PNG, JPEG, BMP or TIFF picture"));
  CHECK(contains(failure(MTL_BAD_PICTURE, [&] { model().predict_encoded(text.data(), 0); }), "is empty"));
  unsigned char pixel[3] = {0, 0, 0};
  const auto complaint = [&](const mtl_pixels& pixels) {
    return failure(MTL_BAD_PICTURE, [&] { model().predict_pixels(pixels); });
  };
  CHECK(complaint({nullptr, 1, 1, 3, MTL_RGB8}) == "mtl_pixels.data is null; give the address of the top left pixel");
  CHECK(contains(complaint({pixel, 0, 1, 3, MTL_RGB8}), "has a size of 0x1"));
  CHECK(contains(complaint({pixel, 1, -1, 3, MTL_RGB8}), "has a size of 1x-1"));
  CHECK(contains(complaint({pixel, 2, 1, 5, MTL_RGB8}), "row_bytes = 5 is less than a row's 6 bytes"));
  CHECK(contains(complaint({pixel, 1, 1, 3, static_cast<mtl_pixel_format>(9)}), "format = 9 is none"));
  CHECK(contains(complaint({pixel, 1 << 30, 1 << 30, size_t{3} << 30, MTL_RGB8}), "more than data.max_pixels"));
  CHECK(model().predict_pixels({pixel, 1, 1, 3, MTL_RGB8}).tasks.size() == 2);
}

TEST_CASE("errors are values in C, and null pointers are no crash") {
  mtl_model* loaded = reinterpret_cast<mtl_model*>(1);
  CHECK(mtl_model_load("/no/such/run", nullptr, &loaded) == MTL_BAD_MODEL);
  CHECK(loaded == nullptr);
  CHECK(contains(mtl_last_error(), "/no/such/run"));
  std::string elsewhere = "?";
  std::thread([&] { elsewhere = mtl_last_error(); }).join();
  CHECK(elsewhere.empty());  // of the thread that called

  CHECK(mtl_model_load(nullptr, nullptr, &loaded) == MTL_BAD_ARGUMENT);
  CHECK(mtl_model_load("x", nullptr, nullptr) == MTL_BAD_ARGUMENT);
  mtl_answers* answers = reinterpret_cast<mtl_answers*>(1);
  CHECK(mtl_predict_file(nullptr, "x", &answers) == MTL_BAD_ARGUMENT);
  CHECK(answers == nullptr);
  CHECK(mtl_predict_file(model().get(), nullptr, &answers) == MTL_BAD_ARGUMENT);
  CHECK(mtl_predict_pixels(model().get(), nullptr, &answers) == MTL_BAD_ARGUMENT);
  mtl_model_free(nullptr);
  mtl_answers_free(nullptr);
  CHECK(mtl_task_count(nullptr) == 0);
  CHECK(mtl_answer_label(nullptr, 0) == nullptr);
  CHECK(std::isnan(mtl_answer_probability(nullptr, 0)));
  CHECK(mtl_answers_verdict(nullptr) == MTL_NO_VERDICT);
}

TEST_CASE("options that cannot be are refused before anything is loaded") {
  const auto status = [](const mtl_load_options& options) {
    mtl_model* loaded = nullptr;
    const mtl_status got = mtl_model_load(trained().run.c_str(), &options, &loaded);
    mtl_model_free(loaded);
    return got;
  };
  mtl_load_options options = Model::defaults();
  options.size = 3;
  CHECK(status(options) == MTL_BAD_ARGUMENT);
  options = Model::defaults();
  options.threads = -1;
  CHECK(status(options) == MTL_BAD_ARGUMENT);
  options = Model::defaults();
  options.precision = "int8";
  CHECK(status(options) == MTL_BAD_ARGUMENT);
  CHECK(contains(mtl_last_error(), "precision = 'int8' is none of float32"));
  options = Model::defaults();
  options.plugin_dir_count = 1;
  CHECK(status(options) == MTL_BAD_ARGUMENT);
  options = Model::defaults();
  options.device = "gpu";
  CHECK(status(options) == MTL_BAD_MODEL);
  CHECK(contains(mtl_last_error(), "there is no device 'gpu'"));
}
