#include "gherkin/gherkin.hpp"

#include "gherkin/feature_tree.hpp"
#include "gherkin/parse_document.hpp"

namespace muster::gherkin {

ParsedFeature parse(std::string_view uri, std::string_view text, IncrementalIds& ids,
                    const ParseOptions& options) {
  const FeatureTree tree = parse_tree(std::string(uri), std::string(text), ids, options);
  ParsedFeature parsed;
  parsed.source = tree.source_message();
  parsed.errors = tree.errors();
  if (!tree.ok()) return parsed;
  parsed.document = tree.document_message();
  parsed.pickles.reserve(tree.pickles().size());
  for (const auto& pickle : tree.pickles()) parsed.pickles.push_back(tree.message(pickle));
  return parsed;
}

std::string dump_tokens(std::string_view uri, std::string_view text, const ParseOptions& options) {
  std::string dump;
  Arena arena;
  IncrementalIds ids;
  Failures failures(uri, options.limits.errors);
  parse_document(uri, text, arena, ids, options, failures,
                 [&](const Token& token) { dump += token_line(token); });
  return dump;
}

}  // namespace muster::gherkin
