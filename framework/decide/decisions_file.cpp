#include "framework/decide/decisions_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

using nlohmann::ordered_json;

/// A limit that no probability reaches is null.
ordered_json limit_json(double limit) { return limit <= 1 ? ordered_json(limit) : ordered_json(nullptr); }

ordered_json rule_json(const DecisionRule& rule) {
  ordered_json object{{"task", rule.task}, {"classes", rule.classes.names}, {"normal", rule.classes.normal}};
  if (const auto* limits = std::get_if<DefectLimits>(&rule.by)) {
    object["limits"] = {{"pass_below", limit_json(limits->pass_below)}, {"fail_from", limit_json(limits->fail_from)}};
  } else {
    const auto& matrix = std::get<CostMatrix>(rule.by);
    object["costs"] = {{"costs", matrix.costs}, {"look", matrix.look}};
  }
  return object;
}

ordered_json promise_json(const LimitPromise& promise) {
  const bool is_promised = std::isfinite(promise.bound);
  return {{"wanted_at_most", promise.wanted},
          {"promised_at_most", is_promised ? ordered_json(promise.bound) : ordered_json(nullptr)},
          {is_promised ? "parts" : "images", promise.observations},
          {"allowed", promise.allowed}};
}

ordered_json rate_json(const Rate& rate) {
  return {{"found", rate.found}, {"of", rate.of}, {"low", rate.low}, {"high", rate.high}};
}

ordered_json rates_json(const DecisionRates& rates) {
  ordered_json object;
  const auto add = [&](const char* name, const DecisionRate& rate) {
    object[name] = {{"images", rate_json(rate.images)}, {"parts", rate_json(rate.parts)}};
  };
  add("escape", rates.escape);
  add("overkill", rates.overkill);
  add("look", rates.look);
  return object;
}

ordered_json basis_json(const DecisionBasis& basis) {
  ordered_json object{{"data", basis.data},
                      {"split", basis.split},
                      {"images", basis.images},
                      {"parts", basis.parts},
                      {"confidence", basis.confidence}};
  if (basis.escape) object["escape_promise"] = promise_json(*basis.escape);
  if (basis.overkill) object["overkill_promise"] = promise_json(*basis.overkill);
  if (basis.rates) object["rates_found"] = rates_json(*basis.rates);
  return object;
}

}  // namespace

void write_decisions(const std::filesystem::path& file, const Decisions& decisions, const DecisionBasis& basis) {
  ordered_json object{{"format", 1},
                      {"engine_version", basis.engine_version},
                      {"temperatures", decisions.temperatures},
                      {"rule", decisions.rule ? rule_json(*decisions.rule) : ordered_json(nullptr)},
                      {"basis", basis_json(basis)}};
  write_file(file, object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace mtl
