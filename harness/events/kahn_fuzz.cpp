#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "events/kahn.hpp"
#include "events/kahn_stream.hpp"

/// Each line of the input is read as a frame: what is taken is written to a line that reads as the
/// same frame; what is rejected has a pointer that is one, words, and at most 400 bytes of it. The
/// rules of a stream take or reject what was read, and never both.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace kahn = muster::events::kahn;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  kahn::StreamRules rules;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto read = kahn::read_frame(line);
    if (const auto* rejection = std::get_if<kahn::Rejection>(&read)) {
      const std::string& pointer = rejection->pointer;
      if (!pointer.empty() && pointer.front() != '/') std::abort();
      if (rejection->expected.empty() || rejection->found.empty()) std::abort();
      if (rejection->raw.size() > 400) std::abort();
      continue;
    }
    const auto& frame = std::get<kahn::Frame>(read);
    const std::string written = kahn::to_line(frame);
    const auto again = kahn::read_frame(written);
    if (!std::holds_alternative<kahn::Frame>(again)) std::abort();
    if (kahn::to_line(std::get<kahn::Frame>(again)) != written) std::abort();
    const bool ended = rules.ended();
    const auto refused = rules.take(frame);
    if (refused && rules.ended() != ended) std::abort();
  }
  return 0;
}
