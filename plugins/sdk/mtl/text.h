#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mtl/export.h"

namespace mtl {

/// The candidate with the least edit distance (Levenshtein's, a swap of neighbours counting as one) to `name`, or ""
/// where none is near enough to be a likely slip: at most a third of the longer name's characters may differ.
MTL_API std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

/// " (did you mean 'focal'?)" or "": the tail of an error sentence about an unknown name.
MTL_API std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// "'a', 'b', 'c'"; at most `limit` names, then "and 7 more".
MTL_API std::string quoted_list(const std::vector<std::string>& names, size_t limit = 24);

/// "a, b, c".
MTL_API std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The text in single quotes, control characters as `\n`, `\t` or `\xNN` and at most 80 bytes of it: a cell, a file
/// name or a label may hold anything, and a log line or an error must stay one line.
MTL_API std::string in_quotes(std::string_view text);

/// "a number", "an integer".
MTL_API std::string with_article(std::string_view noun);

}  // namespace mtl
