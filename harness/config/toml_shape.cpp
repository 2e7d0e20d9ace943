#include "config/toml_shape.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/excerpt.hpp"
#include "config/load.hpp"

namespace muster::config {
namespace {

/// Walks over the text as a TOML parser does up to its first error: strings and comments hide
/// brackets and dots.
class Shape {
 public:
  Shape(const std::string& name, std::string_view text) : name_(name), text_(text) {}

  std::optional<Diagnostic> refuse() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        string(c);
        continue;
      }
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        continue;
      }
      if (c == '[' || c == '{') {
        if (++depth_ > kMaxNesting) return too_deep("brackets");
      } else if (c == ']' || c == '}') {
        if (depth_ > 0) --depth_;
      }
      if (c == '.') {
        if (++dots_ >= kMaxNesting) return too_deep("parts of a key");
      } else if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{') {
        dots_ = 0;
      }
      if (c == '\n') next_line();
      ++at_;
    }
    return std::nullopt;
  }

 private:
  void next_line() {
    ++line_;
    line_start_ = at_ + 1;
  }

  bool triple(char quote) const {
    return at_ + 2 < text_.size() && text_[at_] == quote && text_[at_ + 1] == quote &&
           text_[at_ + 2] == quote;
  }

  /// At an opening quote; afterwards behind the closing one.
  void string(char quote) {
    if (!triple(quote)) {
      for (++at_; at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n'; ++at_) {
        if (text_[at_] == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n')
          ++at_;
      }
      if (at_ < text_.size() && text_[at_] == quote) ++at_;
      return;
    }
    for (at_ += 3; at_ < text_.size() && !triple(quote); ++at_) {
      if (text_[at_] == '\\' && quote == '"' && at_ + 1 < text_.size()) ++at_;
      if (text_[at_] == '\n') next_line();
    }
    at_ = std::min(at_ + 3, text_.size());
    // up to two quotes may stand before the three that close
    for (int extra = 0; extra < 2 && at_ < text_.size() && text_[at_] == quote; ++extra) ++at_;
  }

  Diagnostic too_deep(const char* what) const {
    return here("config_too_deep",
                fmt::format("more than {} {} within each other", kMaxNesting, what));
  }

  Diagnostic here(const char* code, std::string message) const {
    const auto column = static_cast<int>(code_points(text_.substr(line_start_, at_ - line_start_)));
    return at(text_, {name_, line_, column + 1}, 1, code, std::move(message));
  }

  const std::string& name_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  int depth_ = 0;
  int dots_ = 0;
};

/// An error at a byte of `text`.
Diagnostic at_byte(const std::string& name, std::string_view text, std::size_t byte,
                   const char* code, std::string message) {
  const auto before = text.substr(0, byte);
  const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  const auto start = before.rfind('\n') + 1;
  const auto column = static_cast<int>(code_points(before.substr(start))) + 1;
  return at(text, {name, line, column}, 1, code, std::move(message));
}

/// The first byte that is no part of a code point of UTF-8.
std::optional<std::size_t> first_malformed(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code_point = 0;
    const auto taken =
        utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
    if (taken <= 0) return at;
    at += static_cast<std::size_t>(taken);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Diagnostic> refuse_shape(const std::string& name, std::string_view text) {
  if (text.size() > kMaxFileBytes) {
    return at_byte(name, text, kMaxFileBytes, "config_too_large",
                   fmt::format("the file is larger than {} KiB, its limit", kMaxFileBytes / 1024));
  }
  // toml++ finds it, too, but names the place of the code point before
  if (const auto byte = first_malformed(text)) {
    return at_byte(name, text, *byte, "config_syntax", "the file is not UTF-8 here");
  }
  return Shape(name, text).refuse();
}

}  // namespace muster::config
