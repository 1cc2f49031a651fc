#pragma once

#include "framework/data/synthetic/surface.h"
#include "framework/support/random.h"

namespace mtl::synthetic {

enum class Region { body, end };

/// A turned part lying across the picture, its axis horizontal, before anything happened to it.
struct Part {
  Surface surface;
  Region region;
  float axis;    ///< y of the axis
  float radius;  ///< of the body
  float end;     ///< x where the part ends; beyond 1 for the body

  /// Somewhere on the part, away from its edges.
  Point place(Generator& generator) const;
  /// Half the part's width at x; 0 beyond its end.
  float radius_at(float x) const;
  float taper_start = 2;
  float taper_slope = 0;
};

/// The body's circumference, or the end with its taper and chamfer; pose, marks of the turning tool and colour of the
/// metal are drawn.
Part make_part(Region region, int size, Generator& generator);

}  // namespace mtl::synthetic
