#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::chain {

/// A pattern of dotted event names: `*` stands for one segment, `**` at the end for one or more,
/// `{a,b}` for alternatives (also dotted, also nested). `hearth.**` matches `hearth.failed` and
/// `hearth.a.b`, not `hearth`.
class NamePattern {
 public:
  /// Error `chain_name`; its place's column counts within `text`, from 1.
  static Result<NamePattern> parse(std::string_view text);

  bool matches(std::string_view name) const;

  /// One name and no wildcard.
  bool is_literal() const { return literal_; }
  const std::string& text() const { return text_; }

  friend bool operator==(const NamePattern& a, const NamePattern& b) { return a.text_ == b.text_; }

 private:
  using Segments = std::vector<std::string>;

  std::string text_;
  std::vector<Segments> alternatives_;
  bool literal_ = false;
};

}  // namespace muster::chain
