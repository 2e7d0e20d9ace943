#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster {

/// Reads the members of a JSON object and remembers the first that is missing or of another type,
/// so that a document is read in one go and judged once. A member that may be left out may be null
/// as well.
class Members {
 public:
  /// `path` is where the object stands in its document, e.g. `services.db`; empty: the whole.
  explicit Members(const Json& json, std::string path = {});
  explicit Members(Json&&, std::string = {}) = delete;

  std::string text(std::string_view name);
  std::int64_t number(std::string_view name);
  bool flag(std::string_view name);
  std::optional<std::string> optional_text(std::string_view name);
  std::optional<std::int64_t> optional_number(std::string_view name);
  /// An integer or a fraction.
  std::optional<double> optional_real(std::string_view name);
  bool flag_or(std::string_view name, bool fallback);
  /// An array of numbers; empty when it is left out.
  std::vector<std::int64_t> numbers(std::string_view name);
  /// An array of strings; empty when it is left out.
  std::vector<std::string> texts(std::string_view name);

  /// Calls `each` for every member of the object `name` with its key; an object that is left out
  /// has none.
  void each(std::string_view name, const std::function<void(const std::string&, Members&)>& each);
  /// Calls `each` for every element of the array `name`, which is left out or holds objects.
  void each_of(std::string_view name, const std::function<void(Members&)>& each);

  /// The object as it is, for what is kept unread.
  const Json& json() const { return json_; }
  /// Path of the member that was wrong, and what it should be; empty: all was well.
  const std::string& bad() const { return bad_; }
  /// Success, or an error of that code: `<what> has no proper member <path>: <type> expected`.
  Result<void> verdict(const std::string& code, const std::string& what) const;

 private:
  using IsType = bool (*)(const Json&);
  const Json* find(std::string_view name, IsType is_type, const char* type, bool required);
  void blame(const std::string& path, const char* type);
  std::string path_of(std::string_view name) const;

  const Json& json_;
  std::string path_;
  std::string bad_;
  std::string expected_;
};

}  // namespace muster
