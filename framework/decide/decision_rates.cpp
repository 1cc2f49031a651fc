#include "framework/decide/decision_rates.h"

#include <map>

#include "framework/decide/exact_interval.h"

namespace mtl {
namespace {

/// Counts images, and parts of which any image counts.
class Counter {
 public:
  void add(size_t part, bool is_found) {
    ++images_.of;
    images_.found += is_found;
    bool& any = parts_[part];
    any = any || is_found;
  }

  DecisionRate rate(double confidence) const {
    Rate parts;
    for (const auto& [part, any] : parts_) {
      ++parts.of;
      parts.found += any;
    }
    return {with_interval(images_, confidence), with_interval(parts, confidence)};
  }

 private:
  static Rate with_interval(Rate rate, double confidence) {
    const Interval interval = exact_interval(rate.found, rate.of, confidence);
    return {rate.found, rate.of, interval.low, interval.high};
  }

  Rate images_;
  std::map<size_t, bool> parts_;
};

}  // namespace

DecisionRates decision_rates(const std::vector<ScoredImage>& images, const std::vector<Verdict>& verdicts,
                             double confidence) {
  Counter escape, overkill, look;
  for (size_t i = 0; i < images.size(); ++i) {
    const ScoredImage& image = images[i];
    if (image.is_normal)
      overkill.add(image.part, verdicts[i] == Verdict::defect);
    else
      escape.add(image.part, verdicts[i] == Verdict::normal);
    look.add(image.part, verdicts[i] == Verdict::look);
  }
  return {escape.rate(confidence), overkill.rate(confidence), look.rate(confidence)};
}

DecisionRates decision_rates(const std::vector<ScoredImage>& images, const DefectLimits& limits, double confidence) {
  std::vector<Verdict> verdicts;
  for (const ScoredImage& image : images) verdicts.push_back(verdict_of(limits, image.defect_probability));
  return decision_rates(images, verdicts, confidence);
}

}  // namespace mtl
