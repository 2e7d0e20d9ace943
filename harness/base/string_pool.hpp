#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/text_hash.hpp"

namespace muster {

/// Keeps each text once. What it gives lives as long as it does, also when it is moved.
class StringPool {
 public:
  std::string_view keep(std::string_view text) {
    const auto found = kept_.find(text);
    return found != kept_.end() ? *found : *kept_.emplace(text).first;
  }

 private:
  std::unordered_set<std::string, TextHash, std::equal_to<>> kept_;
};

}  // namespace muster
