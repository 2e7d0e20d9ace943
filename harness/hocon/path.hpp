#pragma once

#include <string>
#include <vector>

#include "hocon/lexer.hpp"

namespace muster::hocon {

using PathElements = std::vector<std::string>;

/// The elements of a path expression given as tokens: a dot separates outside quotes only, numbers
/// and words count as text, white space between them belongs to the element. Throws Failure of code
/// `path` at the malformed token, or at `whole` when there is nothing.
PathElements path_of(const std::vector<Token>& tokens, const Spot& whole, std::size_t limit);

}  // namespace muster::hocon
