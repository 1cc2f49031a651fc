#pragma once

#include <map>
#include <memory>
#include <string>

#include "framework/config/run_config.h"
#include "framework/data/image_source.h"
#include "framework/data/manifest.h"
#include "framework/data/pixel_cache.h"
#include "framework/support/worker_pool.h"

namespace mtl {

/// A table of samples and where their pixels come from.
struct Dataset {
  SampleTable table;
  bool has_splits;
  std::unique_ptr<ImageSource> images;
};

/// The synthetic parts or the manifest's images.
Dataset open_dataset(const DataSettings& settings);

/// Completes the splits, stratified by a column: all of them where the data names none, validation out of train where
/// only that is missing. Throws mtl::Error where a split stays empty.
void complete_splits(Dataset& dataset, const DataSettings& settings, const std::string& stratify_by);

/// A data set with its decoded pixels. It may serve several runs, one process after another.
struct ImageStore {
  Dataset dataset;
  std::unique_ptr<PixelCache> pixels;
  std::string table_digest;                ///< of the table as it was opened
  std::string pixels_digest;               ///< of all images as the network gets them; "": they were not read yet
  std::map<size_t, std::string> left_out;  ///< row -> sentence: those that could not be read, where they are skipped
};

/// Opens the data set; its splits are not completed, and nothing is decoded yet.
ImageStore open_images(const RunConfig& config);

/// Reads every image once and sets pixels_digest; returns a sentence for each row that cannot be read.
std::map<size_t, std::string> read_images(ImageStore& images, WorkerPool& workers);

/// The same before training, unless it was done. What cannot be read is to be `left_out` where `bad_images` is skip,
/// else it throws mtl::Error with up to ten sentences, a line each.
void check_images(ImageStore& images, WorkerPool& workers, const std::string& bad_images);

/// Takes those that are to be left out from their splits. Throws mtl::Error where one is empty then.
void leave_out(ImageStore& images);

}  // namespace mtl
