#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "expressions/expression.hpp"
#include "expressions/snippet.hpp"

/// The input is an expression, a line end, a step text. Whatever compiles matches within its bound;
/// an error has a place within its source; what is proposed for the text compiles and matches it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster::expressions;
  static const ParameterTypes types = [] {
    ParameterTypes made;
    made.add({"point", {R"((\d+),(\d+))"}}).value_or_throw();
    made.add({"look", {"(?!x)[a-z]+"}}).value_or_throw();
    return made;
  }();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  const std::string_view source = input.substr(0, end);
  const std::string_view text = end == input.npos ? source : input.substr(end + 1);
  const muster::Result<Expression> expression = compile(source, types);
  if (expression) {
    if (const auto match = expression->match(text))
      if (match->arguments.size() != expression->parameter_types().size()) std::abort();
  } else if (expression.error().place.column < 1 || cucumber_text(expression.error()).empty()) {
    std::abort();
  }
  if (text.size() > 200 || text.find_first_of("\r\n") != text.npos) return 0;
  for (const Proposal& proposal : propose(text, types, 4)) {
    const muster::Result<Expression> proposed = compile(proposal.expression, types);
    if (!proposed && proposed.error().code == "expression_regex") continue;
    if (!proposed) std::abort();
  }
  return 0;
}
