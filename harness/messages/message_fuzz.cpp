#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "messages/messages.hpp"

/// What is read as a message is written to a line that reads as an equal message and is written
/// alike; an error has a code and words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const Result<messages::Envelope> read = messages::from_ndjson(line);
  if (!read) {
    if (read.error().code.empty() || read.error().message.empty()) std::abort();
    return 0;
  }
  const std::string written = messages::to_ndjson(*read);
  const Result<messages::Envelope> again = messages::from_ndjson(written);
  if (!again || again->index() != read->index()) std::abort();
  if (messages::to_ndjson(*again) != written) std::abort();
  if (written.find('\n') != written.size() - 1) std::abort();
  return 0;
}
