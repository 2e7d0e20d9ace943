#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gherkin/gherkin.hpp"
#include "messages/messages.hpp"

/// The first byte chooses plain text or Markdown; what is parsed must be writable and readable
/// again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view uri = data[0] == 'm' ? "a.feature.md" : "a.feature";
  gherkin::ParseOptions options;
  options.limits.pickle_bytes = 8 << 20;
  IncrementalIds ids;
  const auto parsed = gherkin::parse(uri, text, ids, options);
  const auto readable = [](const messages::Envelope& envelope) {
    return messages::from_ndjson(messages::to_ndjson(envelope)).ok();
  };
  bool sane = parsed.source.data == text && readable(parsed.document);
  for (const auto& error : parsed.errors) sane = sane && readable(error);
  for (const auto& pickle : parsed.pickles) sane = sane && readable(pickle);
  if (!sane) std::abort();
  gherkin::dump_tokens(uri, text, options);
  return 0;
}
