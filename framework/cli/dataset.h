#pragma once

#include <memory>

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
  std::string table_digest;   ///< of the table as it was opened
  std::string pixels_digest;  ///< of all images as the network gets them; "": they were not read yet
};

/// Opens the data set; its splits are not completed, and nothing is decoded yet.
ImageStore open_images(const RunConfig& config);

/// Reads every image once, so that a broken one is found before training, and sets pixels_digest. Throws mtl::Error
/// with up to ten sentences, a line each.
void check_images(ImageStore& images, WorkerPool& workers);

}  // namespace mtl
