// Any bytes as a line of a log: what the fast readers take the parser takes too, with the same
// fields.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "audit/line_shapes.hpp"
#include "audit/text_scan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  static audit::Fields fields;
  static const int kNode = fields.want(events::Pointer::parse("/payload/node_id").value_or_throw());
  static audit::LineScanner scanner(fields);
  static audit::LineShapes shapes(fields);
  if (size > 16 * 1024) return 0;
  const std::string line(reinterpret_cast<const char*>(data), size);
  if (line.find('\n') != std::string::npos) return 0;
  const std::string padded = line + "\n" + std::string(audit::kPadding, '\0');
  const auto event = events::parse_event(line);
  const auto agree = [&](const audit::Value& value) {
    if (!event) std::abort();
    const auto found = event->payload.find("node_id");
    if ((value.kind == audit::Value::Kind::absent) != (found == event->payload.end())) std::abort();
    if (found != event->payload.end() && parse_json(value.raw()).value_or_throw() != *found)
      std::abort();
  };
  const char* after = nullptr;
  if (shapes.match(padded.data(), after) != nullptr) agree(shapes.wanted(kNode));
  if (!scanner.scan(std::string_view(padded).substr(0, line.size()))) return 0;
  agree(scanner.wanted()[static_cast<std::size_t>(kNode)]);
  shapes.learn(std::string_view(padded).substr(0, line.size()), scanner);
  return 0;
}
