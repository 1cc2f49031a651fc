#include "framework/report/page/page_frame.h"

#include "framework/report/page/html_text.h"
#include "framework/report/page/page_style.h"

namespace mtl {
namespace {

std::string head(const PageFrame& frame) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "img-src data:; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<link rel=\"icon\" href=\"data:,\">\n"  // else a browser asks the server for one
         "<title>" +
         html_text(frame.title + " – " + frame.kind) + "</title>\n<style>\n" + page_style() + "</style>\n</head>\n";
}

std::string contents(const PageFrame& frame) {
  std::string html = "<nav aria-label=\"Contents\"><h2>Contents</h2><ol>";
  for (const PageSection& section : frame.sections)
    html += "<li><a href=\"#" + section.id + "\">" + html_text(section.heading) + "</a></li>";
  return html + "</ol></nav>\n";
}

}  // namespace

std::string page_html(const PageFrame& frame) {
  std::string html = head(frame) +
                     "<body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header><p class=\"kind\">" +
                     html_text(frame.kind) + "</p><h1>" + html_text(frame.title) + "</h1>" + frame.introduction +
                     "</header>\n<div class=\"columns\">\n" + contents(frame) + "<main id=\"main\" tabindex=\"-1\">\n";
  for (const PageSection& section : frame.sections)
    html += "<section aria-labelledby=\"" + section.id + "\"><h2 id=\"" + section.id + "\">" +
            html_text(section.heading) + "</h2>\n" + section.html + "</section>\n";
  return html + "</main>\n</div>\n</body>\n</html>\n";
}

std::string paragraph(const std::string& text, const std::string& css_class) {
  return "<p" + (css_class.empty() ? "" : " class=\"" + css_class + "\"") + ">" + html_text(text) + "</p>\n";
}

std::string folded_text(const std::string& summary, const std::string& text) {
  const std::string name = html_text(summary);
  return "<details><summary>" + name + "</summary><pre class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" +
         name + "\">" + html_text(text) + "</pre></details>\n";
}

std::string side_by_side(const std::vector<std::string>& blocks) {
  std::string html = "<div class=\"side\">\n";
  for (const std::string& block : blocks) html += block;
  return html + "</div>\n";
}

std::string key_figures(const std::vector<KeyFigure>& figures) {
  std::string html = "<dl class=\"key\">";
  for (const KeyFigure& figure : figures)
    html += "<div><dt>" + html_text(figure.name) + "</dt><dd>" + html_text(figure.value) + "</dd><dd class=\"note\">" +
            html_text(figure.meaning) + "</dd></div>";
  return html + "</dl>\n";
}

}  // namespace mtl
