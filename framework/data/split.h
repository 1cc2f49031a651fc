#pragma once

#include <cstdint>

#include "framework/data/sample_table.h"

namespace mtl {

struct SplitShares {
  double validation;  ///< of the groups, 0..1
  double test;
};

/// Assigns validation and test among the rows that are in train now: whole groups, at random from the seed, stratified
/// by the cells of a column. A group belongs to the stratum of its rarest label (over the whole table), so that rare
/// classes are spread best; a stratum's shares are met to within one group, and one of three or more groups has a group
/// in each split whose share is not 0. Independent of the order of rows.
void assign_splits(SampleTable& table, size_t stratify_by, const SplitShares& shares, uint64_t seed);

/// Throws mtl::Error where a split has no row.
void require_all_splits(const SampleTable& table);

}  // namespace mtl
