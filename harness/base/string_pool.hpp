#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace muster {

/// Keeps each text once. What it gives lives as long as it does, also when it is moved.
class StringPool {
 public:
  std::string_view keep(std::string_view text) {
    const auto found = kept_.find(text);
    return found != kept_.end() ? *found : *kept_.emplace(text).first;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> kept_;
};

}  // namespace muster
