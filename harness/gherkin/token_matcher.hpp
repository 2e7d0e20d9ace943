#pragma once

#include <array>
#include <string>

#include "gherkin/dialect.hpp"
#include "gherkin/failures.hpp"
#include "gherkin/token.hpp"

namespace muster::gherkin {

/// Says what a line is, as far as it is accepted at its place. Remembers an open doc string.
class TokenMatcher {
 public:
  virtual ~TokenMatcher() = default;

  /// Matches `token.line`: sets all other members, `kind` to TokenKind::none when nothing fits.
  virtual void match(Token& token, Accept accept, Failures& failures) = 0;

  /// The language of what was matched last.
  virtual std::string_view language() const = 0;
};

/// The matcher of `.feature` files.
class PlainMatcher : public TokenMatcher {
 public:
  /// `escapes`: whether there is a backslash in the text at all.
  PlainMatcher(const Dialect& dialect, bool escapes) : escapes_(escapes) { use(dialect); }

  void match(Token& token, Accept accept, Failures& failures) override;
  std::string_view language() const override { return dialect_->language; }

 private:
  void use(const Dialect& dialect);
  void match_in_doc_string(Token& token);
  bool match_marked(Token& token, Accept accept, Failures& failures);
  bool match_tags(Token& token, Failures& failures);
  bool match_language(Token& token, Failures& failures);
  bool match_doc_string(Token& token);
  bool match_keyword(Token& token, Accept accept);
  bool match_title(Token& token, TokenKind kind, std::span<const std::string_view> keywords);

  const Dialect* dialect_ = nullptr;
  std::array<bool, 256> begins_keyword_{};
  std::string_view separator_;  // of the open doc string; empty outside
  int doc_string_indent_ = 0;
  bool escapes_;
  std::string unescaped_;
};

/// The matcher of `.feature.md` files (MARKDOWN_WITH_GHERKIN.md of cucumber/gherkin): headings hold
/// the keywords, list items the steps, code in backticks the tags; other text is no part of the
/// document. There is no `# language:` header. One thing differs from the official matcher on
/// purpose: a fence in a description is text there, but leaves its matcher waiting for the same
/// fence, so that later doc strings are lost.
class MarkdownMatcher : public TokenMatcher {
 public:
  explicit MarkdownMatcher(const Dialect& dialect) : dialect_(dialect) {}

  void match(Token& token, Accept accept, Failures& failures) override;
  std::string_view language() const override { return dialect_.language; }

 private:
  TokenKind classify(Token& token, Accept accept);
  bool match_heading(Token& token, std::span<const std::string_view> keywords);
  bool match_step(Token& token);
  bool match_tags(Token& token);
  bool match_doc_string(Token& token);

  const Dialect& dialect_;
  bool had_feature_line_ = false;
  std::string_view separator_;
  int indent_to_remove_ = 0;
};

/// `text` without its first `count` code points of indentation; without all blanks when it has
/// fewer.
std::string_view without_indent(const Line& line, int count);

}  // namespace muster::gherkin
