#pragma once

#include <string>

#include "base/result.hpp"

namespace muster::lineup {

/// What the archive calls the image of the stand-in.
inline constexpr const char* kStandInImage = "rocky-standin:latest";

/// The archive of the stand-in's image, which lies beside this executable, for an engine to load.
/// Error `image_missing`.
Result<std::string> stand_in_archive();

}  // namespace muster::lineup
