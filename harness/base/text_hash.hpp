#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace muster {

/// Hashes texts of either kind, so that a container of strings is asked without making one.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

}  // namespace muster
