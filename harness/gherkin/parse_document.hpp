#pragma once

#include <string_view>

#include "base/ids.hpp"
#include "gherkin/arena.hpp"
#include "gherkin/failures.hpp"
#include "gherkin/limits.hpp"
#include "gherkin/parser.hpp"
#include "gherkin/tree.hpp"

namespace muster::gherkin {

/// The document of a text, which with the arena holds what it is made of; nothing but failures if
/// the file is too large or the language is unknown.
tree::Document parse_document(std::string_view uri, std::string_view text, Arena& arena,
                              IncrementalIds& ids, const ParseOptions& options, Failures& failures,
                              Parser::TokenSink sink);

}  // namespace muster::gherkin
