#include "framework/report/page/explanation_page.h"

#include <algorithm>

#include "framework/report/page/number_text.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

constexpr const char* how_to_read =
    "Left: the picture as the network saw it. Right: the same with what speaks for the explained class, from dark "
    "(none) to light yellow (most in this picture), and a ring at the maximum. Each picture has a scale of its own, so "
    "two pictures cannot be compared by their colours.";
constexpr const char* limits =
    "An explanation shows where a change of the picture would change the answer, by one way to reckon. It does not "
    "prove what the network relies on, nor that it will do so in the next picture.";

std::string lead(const std::vector<std::string>& sentences) {
  std::string html;
  for (const std::string& sentence : sentences) html += paragraph(sentence, "lead");
  return html;
}

std::string part_html(const ExplainedPart& part) {
  std::string html = part.meaning.empty() ? "" : paragraph(part.meaning);
  const auto shown = static_cast<int64_t>(part.figures.size());
  if (shown < part.pictures)
    html += paragraph("The first " + std::to_string(shown) + " of " + std::to_string(part.pictures) +
                          " are shown; the folder has all, and explanations.json lists them.",
                      "note");
  return html + (part.figures.empty() ? paragraph("There is no such picture.") : gallery_html(part.figures));
}

std::string unreadable_html(const std::vector<UnreadablePicture>& pictures) {
  constexpr size_t most_shown = 200;
  Table table{"unreadable", "Pictures that could not be read", "", {{"picture", {"image"}}, {"why", {"error"}}}, {}};
  if (pictures.size() > most_shown)
    table.note = "The first " + std::to_string(most_shown) + "; explanations.json has all.";
  for (size_t i = 0; i < std::min(most_shown, pictures.size()); ++i)
    table.rows.push_back({{pictures[i].image, {}}, {pictures[i].problem, {}}});
  return table_html(table);
}

}  // namespace

std::string explanation_page(const ExplanationReport& report) {
  PageFrame frame{"mtl-engine explain",
                  report.run + ", task " + report.task,
                  lead(report.summary) + paragraph(how_to_read, "note") + paragraph(limits, "note"),
                  {}};
  if (!report.figures.empty()) frame.sections.push_back({"figures", "Figures", key_figures(report.figures)});
  for (size_t i = 0; i < report.parts.size(); ++i)
    frame.sections.push_back({"part-" + std::to_string(i), report.parts[i].heading, part_html(report.parts[i])});
  if (!report.unreadable.empty())
    frame.sections.push_back({"unreadable-part", "Not readable", unreadable_html(report.unreadable)});
  return page_html(frame);
}

}  // namespace mtl
