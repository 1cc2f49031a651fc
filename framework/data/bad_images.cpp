#include "framework/data/bad_images.h"

namespace mtl {

void BadImages::add(size_t row, const std::string& sentence) {
  const std::lock_guard lock(mutex_);
  if (all_.emplace(row, sentence).second) new_.emplace(row, sentence);
}

std::vector<std::string> BadImages::take_new() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> sentences;
  for (const auto& [row, sentence] : new_) sentences.push_back(sentence);
  new_.clear();
  return sentences;
}

std::vector<size_t> BadImages::rows() const {
  const std::lock_guard lock(mutex_);
  std::vector<size_t> rows;
  for (const auto& [row, sentence] : all_) rows.push_back(row);
  return rows;
}

}  // namespace mtl
