#include "run/name_filter.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace muster::run {

NameFilter::NameFilter(const std::vector<std::string>& texts) : texts_(texts) {
  RE2::Options options;
  options.set_log_errors(false);
  for (const std::string& text : texts) {
    auto pattern = std::make_unique<RE2>(text, options);
    if (pattern->ok()) patterns_.push_back(std::move(pattern));
  }
}

NameFilter::~NameFilter() = default;
NameFilter::NameFilter(NameFilter&&) noexcept = default;

bool NameFilter::fits(std::string_view name) const {
  if (texts_.empty()) return true;
  const bool found = std::any_of(texts_.begin(), texts_.end(), [&](const std::string& text) {
    return name.find(text) != std::string_view::npos;
  });
  return found || std::any_of(patterns_.begin(), patterns_.end(), [&](const auto& pattern) {
           return RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), *pattern);
         });
}

}  // namespace muster::run
