#pragma once

#include <string>
#include <vector>

/// What the built-in synthetic parts can have; the default classes of the heads that look at the defect.
namespace built_in {

inline const std::vector<std::string> classes{
    "scratch",   "gouge",   "dent",      "pit",   "blowhole", "crack", "chip",       "burr",     "rust", "stain",
    "heat_tint", "spatter", "inclusion", "scuff", "chatter",  "clean", "tool_marks", "oil_film", "dust"};
inline const std::vector<std::string> normal{"clean", "tool_marks", "oil_film", "dust"};

}  // namespace built_in
