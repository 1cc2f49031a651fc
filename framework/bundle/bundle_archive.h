#pragma once

#include "framework/bundle/digests.h"

namespace mtl {

/// The files of a zip file that lies in memory, as views into it. Its seal and the files' digests are not looked at.
/// Throws mtl::Error for a damaged directory, more files than a bundle has, a compressed file, and a name that is no
/// name of a bundle's file.
NamedBytes files_in_archive(std::string_view archive);

}  // namespace mtl
