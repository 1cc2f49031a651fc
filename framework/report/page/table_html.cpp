#include "framework/report/page/table_html.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"

namespace mtl {
namespace {

std::string lines_html(const std::string& text) {
  const size_t end = text.find('\n');
  std::string html = html_text(text.substr(0, end));
  for (size_t begin = end; begin != std::string::npos;) {
    const size_t next = text.find('\n', begin + 1);
    html += "<span class=\"detail\">" + html_text(text.substr(begin + 1, next - begin - 1)) + "</span>";
    begin = next;
  }
  return html;
}

std::string linked(const Cell& cell, const std::string& html) {
  return cell.link.empty() ? html : "<a href=\"" + href_path(cell.link) + "\">" + html + "</a>";
}

/// Strong enough to be seen from the first case on, weak enough for the number on it to be read.
double opacity(double heat) { return 0.06 + 0.5 * std::min(1.0, std::abs(heat)); }

std::string attributes(const Column& column, const Cell& cell) {
  std::string classes = column.is_number ? "n" : "";
  if (cell.tone == Tone::good) classes += " good";
  if (cell.tone == Tone::bad) classes += " bad";
  if (cell.tone == Tone::quiet) classes += " quiet";
  std::string style;
  if (std::isfinite(cell.heat) && cell.heat != 0) {
    classes += cell.heat > 0 ? " hot-good" : " hot-bad";
    style = " style=\"--heat:" + exact_text(std::round(1000 * opacity(cell.heat)) / 1000) + "\"";
  }
  return (classes.empty() ? "" : " class=\"" + classes + "\"") + style;
}

std::string head(const Table& table) {
  std::string html = "<thead><tr>";
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    html += std::string("<th scope=\"col\"") + (column.is_number ? " class=\"n\"" : "") + "><span>" +
            lines_html(column.heading) + "</span></th>";
  }
  return html + "</tr></thead>";
}

}  // namespace

std::string table_html(const Table& table) {
  const std::string caption = html_text(table.caption);
  std::string html = "<div class=\"table\"" + (table.id.empty() ? "" : " id=\"" + html_text(table.id) + "\"") +
                     "><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + caption +
                     "\"><table class=\"" + (table.is_matrix ? "matrix" : "data") + "\"><caption><span>" + caption +
                     "</span></caption>" + head(table) + "<tbody>\n";
  for (const std::vector<Cell>& row : table.rows) {
    html += "<tr>";
    for (size_t c = 0; c < row.size(); ++c) {
      const std::string tag = c == 0 ? "th" : "td";
      html += "<" + tag + (c == 0 ? " scope=\"row\"" : "") + attributes(table.columns[c], row[c]) + ">" + "<span>" +
              linked(row[c], lines_html(row[c].text)) + "</span></" + tag + ">";
    }
    html += "</tr>\n";
  }
  if (table.rows.empty())
    html += "<tr><td colspan=\"" + std::to_string(table.columns.size()) + "\" class=\"quiet\">nothing yet</td></tr>\n";
  html += "</tbody></table></div>";
  if (!table.note.empty()) html += "<p class=\"note\">" + html_text(table.note) + "</p>";
  return html + "</div>\n";
}

std::string folded_table_html(const std::string& summary, const Table& table) {
  return "<details><summary>" + html_text(summary) + "</summary>" + table_html(table) + "</details>\n";
}

}  // namespace mtl
