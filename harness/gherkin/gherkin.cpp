#include "gherkin/gherkin.hpp"

#include <memory>

#include "gherkin/parser.hpp"
#include "gherkin/pickles.hpp"

namespace muster::gherkin {
namespace {

std::unique_ptr<TokenMatcher> make_matcher(bool markdown, const Dialect& dialect) {
  if (markdown) return std::make_unique<MarkdownMatcher>(dialect);
  return std::make_unique<PlainMatcher>(dialect);
}

/// The document; nothing but failures if the file is too large or the language is unknown.
messages::GherkinDocument parse_document(std::string_view uri, std::string_view text,
                                         IncrementalIds& ids, const ParseOptions& options,
                                         Failures& failures, Parser::TokenSink sink) {
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
  const auto matcher = make_matcher(uri.ends_with(".md"), *dialect);
  Parser parser(text, *matcher, ids, failures, options.limits.line_bytes, std::move(sink));
  auto document = parser.parse();
  document.uri = uri;
  return document;
}

}  // namespace

ParsedFeature parse(std::string_view uri, std::string_view text, IncrementalIds& ids,
                    const ParseOptions& options) {
  using messages::SourceMediaType;
  const auto type = uri.ends_with(".md") ? SourceMediaType::markdown : SourceMediaType::plain;
  ParsedFeature parsed;
  parsed.source = {std::string(uri), std::string(text), type};
  Failures failures(uri, options.limits.errors);
  parsed.document = parse_document(uri, text, ids, options, failures, {});
  if (failures.empty()) {
    parsed.pickles = PickleCompiler(uri, ids, options.limits, failures).compile(parsed.document);
  }
  if (!failures.empty()) {
    parsed.document = {};
    parsed.pickles.clear();
    parsed.errors = failures.take();
  }
  return parsed;
}

std::string dump_tokens(std::string_view uri, std::string_view text, const ParseOptions& options) {
  std::string dump;
  IncrementalIds ids;
  Failures failures(uri, options.limits.errors);
  parse_document(uri, text, ids, options, failures,
                 [&](const Token& token) { dump += token_line(token); });
  return dump;
}

}  // namespace muster::gherkin
