#pragma once

#include <string>
#include <vector>

namespace mtl {

/// A part of a page under its own heading; `html` is trusted, everything else is text.
struct PageSection {
  std::string id;  ///< unique on the page, [a-z0-9-]
  std::string heading;
  std::string html;
};

struct PageFrame {
  std::string kind;          ///< above the heading: "mtl-engine run"
  std::string title;         ///< the run's or the study's name
  std::string introduction;  ///< HTML: what was found, in a sentence or two, before everything else
  std::vector<PageSection> sections;
};

/// One file that needs no other: no script, no font, no picture but those that stand in it as data: URIs, and a policy
/// that forbids the browser to fetch any.
std::string page_html(const PageFrame& frame);

/// "<p>text</p>" and "<pre>text</pre>" behind a summary.
std::string paragraph(const std::string& text, const std::string& css_class = "");
std::string folded_text(const std::string& summary, const std::string& text);

/// Several blocks side by side where there is room.
std::string side_by_side(const std::vector<std::string>& blocks);

/// A few large numbers with what they are.
struct KeyFigure {
  std::string name, value, meaning;
};
std::string key_figures(const std::vector<KeyFigure>& figures);

}  // namespace mtl
