#pragma once

#include <string_view>

#include "base/result.hpp"
#include "chain/pattern.hpp"

namespace muster::chain {

/// Reads the text of a chain (docs/formats/chain.md). `origin` is where its first line stands:
/// columns count from `origin.column` code points of indentation. Every error has a place, the line
/// and a caret; codes: `chain_syntax`, `chain_name`, `chain_pointer`, `chain_count`,
/// `chain_duration`, `chain_value`, `chain_regex`, `chain_clause`, `chain_header`, `chain_empty`,
/// `chain_nesting`, `chain_schema`.
Result<Pattern> parse_pattern(std::string_view text, const Place& origin = {},
                              const SchemaLoader& schemas = nullptr);

/// Single cells of a data table, read as in a chain.
Result<Count> parse_count(std::string_view text);
Result<std::int64_t> parse_duration(std::string_view text);

}  // namespace muster::chain
