#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/check.hpp"
#include "preflight/migration_lexer.hpp"

/// Finds the place where a `;` is missing. A parser complains somewhere after the gap, or not at
/// all
/// (`DELETE FROM t COMMIT` deletes from an alias). So the gap is searched by repair: a `;` is put
/// after a token, and the place is the one where the parser then gets further.
namespace muster::preflight {

struct SyntaxError {
  std::size_t offset = 0;  ///< in bytes
  std::string message;
};

/// Parses SQL: the first error, or none.
using Parse = std::function<std::optional<SyntaxError>(const std::string& sql)>;

struct Gap {
  std::size_t token = 0;  ///< the `;` is missing behind this token
  /// False when the text parses as it stands and only looks like two statements.
  bool certain = true;
};

/// Where a `;` is missing in the tokens [first, last) of `sql`, in which `parse` of that stretch
/// has found `error` (offset in `sql`).
std::optional<Gap> find_gap(std::string_view sql, const std::vector<Token>& tokens,
                            std::size_t first, std::size_t last, const SyntaxError& error,
                            const Parse& parse, const Deadline& deadline);

/// Where the stretch parses as one statement but looks like two: a line of it starts with the word
/// of a statement, and what precedes and what follows parse alone. Certain when that line is not
/// indented deeper than the statement and no clause of the first could be meant.
std::optional<Gap> find_silent_gap(std::string_view sql, const std::vector<Token>& tokens,
                                   std::size_t first, std::size_t last, const Parse& parse,
                                   const Deadline& deadline);

}  // namespace muster::preflight
