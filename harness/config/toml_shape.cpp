#include "config/toml_shape.hpp"

#include <fmt/format.h>

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
      if (at_ >= kMaxFileBytes) {
        return here("config_too_large",
                    fmt::format("the file is larger than {} KiB, its limit", kMaxFileBytes / 1024));
      }
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

}  // namespace

std::optional<Diagnostic> refuse_shape(const std::string& name, std::string_view text) {
  return Shape(name, text).refuse();
}

}  // namespace muster::config
