#pragma once

#include <cstdint>
#include <string>

/// Numbers as people read them on pages and in tables. None depends on the locale; what is not finite is "–".
namespace mtl {

std::string fixed_text(double value, int digits);                ///< "3.14", "−0.50"
std::string general_text(double value, int digits = 4);          ///< that many significant digits: "0.001", "2.5e-06"
std::string share_text(double share);                            ///< "93.53 %" for 0.9353
std::string points_text(double difference);                      ///< "+0.48" for 0.0048, with its sign
std::string points_interval_text(double low, double high);       ///< "[−0.10, +1.06]" for -0.001 and 0.0106
std::string p_text(double p);                                    ///< "0.031", "< 0.001"
std::string count_text(int64_t count, const std::string& noun);  ///< "1 image", "2 images"
std::string elapsed_text(double seconds);                        ///< "9 s", "12 min 34 s", "2 h 5 min"

/// For files that programs read: the shortest text that reads back the same; "" for NaN.
std::string exact_text(double value);

/// "macro f1" for "macro_f1".
std::string spaced(std::string name);

}  // namespace mtl
