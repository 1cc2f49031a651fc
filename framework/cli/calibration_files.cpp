#include "framework/cli/calibration_files.h"

#include "framework/bundle/bundle_names.h"
#include "framework/cli/calibrated_result.h"
#include "framework/decide/decisions_file.h"
#include "framework/report/page/calibration_page.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/table_text.h"
#include "framework/support/atomic_file.h"
#include "framework/support/csv_text.h"

namespace mtl {
namespace {

std::string rejects_csv(const CalibrationResult& result) {
  std::string text = "rejected,certainty,errors,escapes\n";
  for (const RejectedShare& share : result.rejects)
    text += exact_text(share.rejected) + "," + exact_text(share.certainty) + "," + exact_text(share.errors) + "," +
            (result.knows_defects ? exact_text(share.escapes) : "") + "\n";
  return text;
}

std::string temperatures_csv(const std::vector<TaskTemperature>& temperatures) {
  std::string text =
      "task,images,temperature,loss_before,loss_after,calibration_error_before,calibration_error_after,kept_because\n";
  for (const TaskTemperature& task : temperatures)
    text +=
        csv_record({task.task, std::to_string(task.images), exact_text(task.temperature), exact_text(task.loss_before),
                    exact_text(task.loss_after), exact_text(task.before.expected_error),
                    exact_text(task.after.expected_error), task.kept_because});
  return text;
}

DecisionBasis basis_of(const CalibrateArguments& arguments, const Subject& subject, const CalibrationParts& parts) {
  DecisionBasis basis;
  basis.engine_version = MTL_VERSION;
  basis.data = subject.images.dataset.table.source;
  basis.split = subject.split;
  basis.confidence = arguments.confidence.value_or(usual_confidence);
  if (!parts.rule) return basis;
  basis.images = static_cast<int64_t>(parts.images.truths.size());
  basis.parts = static_cast<int64_t>(parts.images.parts);
  basis.escape = parts.rule->escape;
  basis.overkill = parts.rule->overkill;
  basis.rates = parts.rule->rates;
  return basis;
}

std::string temperature_line(const TaskTemperature& task) {
  const std::string lead = "  " + task.task + ": ";
  if (!task.kept_because.empty()) return lead + "1, kept: " + task.kept_because + "\n";
  return lead + fixed_text(task.temperature, 3) + " on " + count_text(task.images, "image") + ", calibration error " +
         share_text(task.before.expected_error) + " -> " + share_text(task.after.expected_error) + "\n";
}

std::string rate_line(const CountedRate& rate) {
  std::string line = "  " + rate.name + " (" + rate.meaning + "):";
  for (const CountedRate::Count& count : rate.counts) {
    line += count.noun == "part" ? " " : ";  ";
    line += std::to_string(count.found) + " of " + count_text(count.of, count.noun);
    if (count.of > 0) line += ", " + share_text(count.low) + " to " + share_text(count.high);
  }
  return line + "\n";
}

}  // namespace

void write_calibration(const CalibrateArguments& arguments, const Subject& subject, const CalibrationParts& parts,
                       const Decisions& decisions) {
  const CalibrationResult result = result_of(arguments, subject, parts);
  make_folder(arguments.out);
  write_file(arguments.out / "report.html", calibration_page(result));
  write_file(arguments.out / "rejects.csv", rejects_csv(result));
  write_file(arguments.out / "temperatures.csv", temperatures_csv(parts.temperatures));
  write_decisions(arguments.run / bundle_name::decisions, decisions, basis_of(arguments, subject, parts));
}

std::string summary_of(const CalibrateArguments& arguments, const Subject& subject, const CalibrationParts& parts) {
  const CalibrationResult result = result_of(arguments, subject, parts);
  std::string text = result.data + "\ntemperatures:\n";
  for (const TaskTemperature& task : parts.temperatures) text += temperature_line(task);
  for (const std::string& sentence : result.rule) text += sentence + "\n";
  if (!result.rates.empty())
    text += "on these pictures, with exact " + general_text(100 * result.confidence) + " % intervals:\n";
  for (const CountedRate& rate : result.rates) text += rate_line(rate);
  return text + "decisions in " + (arguments.run / bundle_name::decisions).string() + ", report in " +
         arguments.out.string() + "\n";
}

}  // namespace mtl
