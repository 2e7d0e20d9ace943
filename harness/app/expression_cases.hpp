#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "expressions/match.hpp"
#include "steps/library.hpp"

namespace muster::app {

/// The arguments of a match: `[{type, value, text, start, captures}]`. `value` is a number for the
/// built-in types that fit a JSON number, else text, null when no capture took part; `text` and
/// `start` (code points from 0) are those of the whole argument; `captures` is what a type's parse
/// function is given.
Json to_json(const std::vector<expressions::Argument>& arguments);

/// The definitions that fit a text: `{text, matches: [{definition, arguments}]}`.
Json match_definitions(const steps::Library& library, std::string_view text);

/// One expression, taken apart and matched with the library's parameter types:
/// `{expression, tokens, ast, regex, matches, arguments}` as far as it gets, `error` when it does
/// not get to its end.
Json match_expression(const expressions::ParameterTypes& types, const std::string& expression,
                      const std::string& text);

/// One tag expression: `{tags, tree, selected}`, or `error`.
Json match_tags(const std::string& expression, const std::vector<std::string>& tags);

}  // namespace muster::app
