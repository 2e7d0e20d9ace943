#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace muster::run {

/// Chooses scenarios by name: a name fits that contains one of the texts, or in which one of them
/// as a regular expression (RE2) is found. A text that is no regular expression is only looked for
/// as it stands, so that names with brackets can be pasted. Without texts every name fits.
class NameFilter {
 public:
  explicit NameFilter(const std::vector<std::string>& texts = {});
  ~NameFilter();
  NameFilter(NameFilter&&) noexcept;
  bool fits(std::string_view name) const;

 private:
  std::vector<std::string> texts_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace muster::run
