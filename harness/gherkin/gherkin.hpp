#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "gherkin/limits.hpp"
#include "messages/document.hpp"
#include "messages/pickle.hpp"

namespace muster::gherkin {

/// A parsed file: its document and pickles, or its errors. `source` is there in both cases.
struct ParsedFeature {
  messages::Source source;
  messages::GherkinDocument document;
  std::vector<messages::Pickle> pickles;
  std::vector<messages::ParseError>
      errors;  ///< in order; document and pickles are empty if there are any

  bool ok() const { return errors.empty(); }
};

/// Parses a feature file to the semantics of the official gherkin 42 and compiles its pickles. A
/// `uri` that ends with `.md` is Markdown. Messages and errors are those of the official
/// implementation, and ids are taken in the same order. Time is linear in the size of the text and
/// of what it yields; memory is bounded by the limits.
ParsedFeature parse(std::string_view uri, std::string_view text, IncrementalIds& ids,
                    const ParseOptions& options = {});

/// The tokens of a file, a line each, in the `.tokens` form of the official test data.
std::string dump_tokens(std::string_view uri, std::string_view text,
                        const ParseOptions& options = {});

}  // namespace muster::gherkin
