#include "framework/report/page/gallery.h"

#include "framework/report/page/html_text.h"

namespace mtl {
namespace {

std::string figure_html(const GalleryFigure& figure) {
  std::string html = "<figure class=\"picture\"><a href=\"" + href_path(figure.file) +
                     "\"><img loading=\"lazy\" src=\"" + html_text(figure.image) + "\" alt=\"" +
                     html_text(figure.alternative) + "\"></a><figcaption>" + html_text(figure.heading) +
                     "</figcaption>";
  for (const std::string& line : figure.lines) html += "<p class=\"note\">" + html_text(line) + "</p>";
  return html + "</figure>\n";
}

}  // namespace

std::string gallery_html(const std::vector<GalleryFigure>& figures) {
  std::string html = "<div class=\"gallery\">\n";
  for (const GalleryFigure& figure : figures) html += figure_html(figure);
  return html + "</div>\n";
}

}  // namespace mtl
