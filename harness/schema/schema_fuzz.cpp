#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/schema.hpp"

/// The first line of the input is a schema, the rest an instance: whatever they are, compiling and
/// validating end, an error has a code, and a violation has a place and words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  auto document = parse_json(text.substr(0, end));
  if (!document) return 0;
  schema::Limits limits;
  limits.checks = 20'000;
  const auto compiled =
      schema::Schema::compile(std::move(*document), {}, schema::resolve_nothing, limits);
  if (!compiled) {
    if (compiled.error().code.empty() || compiled.error().message.empty()) std::abort();
    return 0;
  }
  const auto instance = parse_json(text.substr(std::min(end + 1, text.size())));
  if (!instance) return 0;
  for (const schema::Violation& one : compiled->validate(*instance)) {
    if (one.schema.empty() || one.keyword.empty() || one.expected.empty() || one.found.empty())
      std::abort();
  }
  return 0;
}
