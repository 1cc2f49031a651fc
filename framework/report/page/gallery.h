#pragma once

#include <string>
#include <vector>

namespace mtl {

/// A picture with what is to be said about it; everything is text but `image`.
struct GalleryFigure {
  std::string image;               ///< a data: URI (data_uri.h)
  std::string file;                ///< the full picture, relative to the page
  std::string heading;             ///< which picture it is
  std::string alternative;         ///< what it shows, for those who cannot see it
  std::vector<std::string> lines;  ///< below the heading
};

/// Figures in as many columns as there is room for; each leads to its file.
std::string gallery_html(const std::vector<GalleryFigure>& figures);

}  // namespace mtl
