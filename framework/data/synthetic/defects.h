#pragma once

#include <string>
#include <vector>

#include "framework/data/synthetic/geometry.h"

namespace mtl::synthetic {

/// Something that happened to a part; `normal` kinds look suspicious and are not.
struct Kind {
  const char* name;
  bool normal;
  double share;  ///< of the parts
  void (*apply)(Part&, Generator&);
};

/// 15 defects, then 4 normal kinds.
const std::vector<Kind>& kinds();

// Changes of shape: seen best under light from the side.
void scratch(Part&, Generator&);
void gouge(Part&, Generator&);
void dent(Part&, Generator&);
void pit(Part&, Generator&);
void blowhole(Part&, Generator&);
void crack(Part&, Generator&);
void chip(Part&, Generator&);
void burr(Part&, Generator&);
void scuff(Part&, Generator&);
void chatter(Part&, Generator&);
void tool_marks(Part&, Generator&);

// Changes of colour and gloss: seen under every light.
void rust(Part&, Generator&);
void stain(Part&, Generator&);
void heat_tint(Part&, Generator&);
void spatter(Part&, Generator&);
void inclusion(Part&, Generator&);
void oil_film(Part&, Generator&);
void dust(Part&, Generator&);
void clean(Part&, Generator&);

/// A number between the two from the generator.
inline float draw(Generator& generator, double low, double high) {
  return static_cast<float>(generator.uniform(low, high));
}

}  // namespace mtl::synthetic
