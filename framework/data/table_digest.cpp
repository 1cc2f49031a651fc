#include "framework/data/table_digest.h"

#include "framework/support/csv_text.h"
#include "framework/support/sha256.h"

namespace mtl {

std::string table_digest(const SampleTable& table) {
  std::string text = csv_record(table.columns);
  for (size_t row = 0; row < table.size(); ++row) {
    text += csv_record({table.images[row], table.groups[row], name_of(table.splits[row])});
    text += csv_record(table.cells[row]);
  }
  return sha256(text);
}

std::string split_digest(const SampleTable& table) {
  std::string text;
  for (size_t row = 0; row < table.size(); ++row) text += csv_record({table.images[row], name_of(table.splits[row])});
  return sha256(text);
}

}  // namespace mtl
