#pragma once

namespace muster::app {

inline constexpr const char* kVersion = MUSTER_VERSION;

}  // namespace muster::app
