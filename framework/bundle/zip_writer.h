#pragma once

#include <string>

#include "framework/bundle/digests.h"

namespace mtl {

/// A zip file (PKWARE's APPNOTE.TXT 6.3) of the files as they are, uncompressed, in their order, which ends in its seal
/// (zip_seal.h). The same files give the same bytes whenever and wherever they are written: every entry has the zip
/// format's first day as its date. Throws mtl::Error for what needs zip's 64-bit form: 4 GiB or more in all, or more
/// than 65535 files.
std::string sealed_zip(const NamedBytes& files);

}  // namespace mtl
