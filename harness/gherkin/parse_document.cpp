#include "gherkin/parse_document.hpp"

#include <memory>
#include <string>

namespace muster::gherkin {
namespace {

std::unique_ptr<TokenMatcher> make_matcher(bool markdown, const Dialect& dialect,
                                           std::string_view text) {
  if (markdown) return std::make_unique<MarkdownMatcher>(dialect);
  return std::make_unique<PlainMatcher>(dialect, text.find('\\') != std::string_view::npos);
}

}  // namespace

tree::Document parse_document(std::string_view uri, std::string_view text, Arena& arena,
                              IncrementalIds& ids, const ParseOptions& options, Failures& failures,
                              Parser::TokenSink sink) {
  if (text.size() > options.limits.file_bytes) {
    failures.add(1, 1,
                 "the file is larger than " + std::to_string(options.limits.file_bytes) + " bytes");
    return {};
  }
  const Dialect* dialect = find_dialect(options.language);
  if (dialect == nullptr) {
    failures.add(1, 1, "Language not supported: " + options.language);
    return {};
  }
  const auto matcher = make_matcher(uri.ends_with(".md"), *dialect, text);
  Parser parser(text, *matcher, arena, ids, failures, options.limits.line_bytes, std::move(sink));
  return parser.parse();
}

}  // namespace muster::gherkin
