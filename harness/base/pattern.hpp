#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster {

/// Where a capture group matched, in bytes of the text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

/// A regular expression of a user. RE2 takes it if it can (linear time); what RE2 refuses
/// (look-around, back references) goes to Boost.Regex, whose steps are counted: 125,000 plus 8 per
/// code point of the text, then the match is given up.
class Pattern {
 public:
  enum class Engine { re2, boost };

  /// Compiles; the error `expression_regex` has the words of the engine that refused last.
  static Result<Pattern> compile(std::string_view source);

  /// The first match at or after byte `from` of `text` (anchors see the whole text): span 0 is the
  /// match, the others the capture groups in order of their parentheses. nullopt: none. Error
  /// `expression_regex_too_slow`: the bound was exceeded.
  Result<std::optional<std::vector<std::optional<Span>>>> search(std::string_view text,
                                                                 std::size_t from = 0) const;

  /// Number of capture groups.
  std::size_t groups() const;
  Engine engine() const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace muster
