#include "framework/cli/dataset.h"

#include <mutex>

#include "framework/data/manifest_images.h"
#include "framework/data/split.h"
#include "framework/data/synthetic/synthetic_parts.h"
#include "framework/data/table_digest.h"
#include "framework/support/sha256.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::string digest_of(const cv::Mat& image) {
  const cv::Mat whole = image.isContinuous() ? image : image.clone();
  return sha256({reinterpret_cast<const char*>(whole.data), whole.total() * whole.elemSize()});
}

}  // namespace

Dataset open_dataset(const DataSettings& settings) {
  if (settings.source == "synthetic") {
    auto parts = std::make_unique<SyntheticParts>(settings.synthetic);
    SampleTable table = parts->table();
    return {std::move(table), false, std::move(parts)};
  }
  Manifest manifest = read_manifest(settings);
  auto images =
      std::make_unique<ManifestImages>(settings.manifest.parent_path(), manifest.table.images, settings.max_pixels);
  return {std::move(manifest.table), manifest.has_splits, std::move(images)};
}

void complete_splits(Dataset& dataset, const DataSettings& settings, const std::string& stratify_by) {
  SampleTable& table = dataset.table;
  const size_t column = table.column(stratify_by);
  const bool has_test = !table.rows_of(Split::test).empty(), has_validation = !table.rows_of(Split::validation).empty();
  if (!dataset.has_splits)
    assign_splits(table, column, {settings.validation_share, settings.test_share}, settings.split_seed);
  else if (has_test && !has_validation)
    assign_splits(table, column, {settings.validation_share, 0}, settings.split_seed);
  require_all_splits(table);
}

ImageStore open_images(const RunConfig& config) {
  ImageStore store{open_dataset(config.data), nullptr, "", "", {}};
  store.table_digest = table_digest(store.dataset.table);
  store.pixels = std::make_unique<PixelCache>(*store.dataset.images, store.dataset.table.size(), config.input,
                                              CacheSettings{config.data.cache_mb, config.data.cache_folder});
  return store;
}

std::map<size_t, std::string> read_images(ImageStore& images, WorkerPool& workers) {
  const SampleTable& table = images.dataset.table;
  std::mutex mutex;
  std::vector<std::string> digests(table.size());
  std::map<size_t, std::string> problems;  // by row, so that the report does not depend on the threads
  workers.for_each(table.size(), [&](size_t row) {
    try {
      digests[row] = digest_of(images.pixels->read(row));
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      problems[row] = table.where(row) + ": " + error.what();
    }
  });
  images.pixels_digest = sha256(join(digests, ""));
  return problems;
}

void check_images(ImageStore& images, WorkerPool& workers, const std::string& bad_images) {
  if (!images.pixels_digest.empty()) return;
  constexpr size_t most_shown = 10;
  std::map<size_t, std::string> problems = read_images(images, workers);
  if (bad_images == "skip") images.left_out.swap(problems);
  if (problems.empty()) return;
  std::vector<std::string> sentences;
  for (const auto& [row, sentence] : problems)
    if (sentences.size() < most_shown) sentences.push_back(sentence);
  if (problems.size() > most_shown)
    sentences.push_back("and " + std::to_string(problems.size() - most_shown) + " more images");
  throw Error(join(sentences, "\n"));
}

void leave_out(ImageStore& images) {
  for (const auto& [row, sentence] : images.left_out) images.dataset.table.splits[row] = Split::left_out;
  if (!images.left_out.empty()) require_all_splits(images.dataset.table);
}

}  // namespace mtl
