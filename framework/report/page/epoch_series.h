#pragma once

#include <string>
#include <utility>
#include <vector>

#include "framework/report/page/line_chart.h"
#include "framework/report/page/table.h"
#include "framework/report/run_result.h"

namespace mtl {

using Epochs = std::vector<EpochResult>;

/// NaN where there is no such value.
inline double value_at(const std::vector<double>& values, size_t index) {
  return index < values.size() ? values[index] : no_number;
}

/// `value` of each epoch.
template <class Value>
LineSeries series_of(const std::string& name, size_t look, size_t dash, const Epochs& epochs, Value&& value) {
  LineSeries series{name, {}, look, dash};
  for (const EpochResult& epoch : epochs) series.values.push_back(value(epoch));
  return series;
}

}  // namespace mtl
