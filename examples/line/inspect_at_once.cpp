// Several cameras, one model: threads that ask at once get the answers that each would get alone.
//   inspect_at_once THREADS MODEL PICTURE...
#include <mtl/engine.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

using mtl::engine::Answers;
using mtl::engine::Model;

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool are_equal(const Answers& one, const Answers& other) {
  if (one.verdict != other.verdict || one.tasks.size() != other.tasks.size()) return false;
  for (size_t task = 0; task < one.tasks.size(); ++task)
    if (one.tasks[task].label != other.tasks[task].label ||
        one.tasks[task].probabilities != other.tasks[task].probabilities)
      return false;
  return true;
}

/// How many answers differ from those that were given alone. Every second picture is read by this program.
size_t ask_all(const Model& model, const std::vector<std::string>& pictures, const std::vector<Answers>& alone,
               size_t first) {
  size_t different = 0;
  for (size_t i = 0; i < pictures.size(); ++i) {
    const size_t at = (first + i) % pictures.size();
    const std::string bytes = at % 2 == 0 ? "" : bytes_of(pictures[at]);
    const Answers answers =
        at % 2 == 0 ? model.predict_file(pictures[at]) : model.predict_encoded(bytes.data(), bytes.size());
    if (!are_equal(answers, alone[at])) ++different;
  }
  return different;
}

int run(size_t threads, const std::string& path, const std::vector<std::string>& pictures) {
  const Model model(path);
  std::vector<Answers> alone;
  for (const std::string& picture : pictures) alone.push_back(model.predict_file(picture));

  std::vector<size_t> different(threads, 0);
  std::vector<std::thread> cameras;
  for (size_t t = 0; t < threads; ++t)
    cameras.emplace_back([&, t] {
      try {
        different[t] = ask_all(model, pictures, alone, t);
      } catch (const std::exception& failure) {
        std::cerr << failure.what() << "\n";
        different[t] = pictures.size();
      }
    });
  size_t all = 0;
  for (size_t t = 0; t < threads; ++t) {
    cameras[t].join();
    all += different[t];
  }
  std::cout << threads << " threads, " << pictures.size() << " pictures each: " << all << " answers differ\n";
  return all == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: inspect_at_once THREADS MODEL PICTURE...\n";
    return 2;
  }
  try {
    return run(std::strtoul(argv[1], nullptr, 10), argv[2], {argv + 3, argv + argc});
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << "\n";
    return 1;
  }
}
