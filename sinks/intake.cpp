#include "sinks/intake.hpp"

#include <utility>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::sinks {
namespace {

constexpr std::size_t kShown = 200;  // bytes of a bad line in the evidence

std::string shown(std::string_view line) {
  return redact(shorten(valid_utf8(line), kShown));
}

}  // namespace

void Intake::refused(const std::string& program, const std::string& code, const std::string& reason,
                     std::string_view line) {
  observer_.observe(observation("event", "refused", program,
                                {{"code", code}, {"reason", reason}, {"line", shown(line)}}, code));
}

void Intake::truncated(const std::string& program, std::string_view rest, Json more) {
  more["bytes"] = rest.size();
  more["line"] = shown(rest.substr(0, kShown));
  observer_.observe(observation("event", "truncated", program, std::move(more)));
}

Result<events::Event> Intake::record(std::string_view line, std::string& program) {
  auto event = events::parse_event(line);
  if (!event) {
    refused(program, event.error().code, event.error().message, line);
    return event.error();
  }
  program = event->source.substr(0, event->source.find('/'));
  auto accepted = sink_.accept(std::move(*event));
  if (!accepted) {
    refused(program, accepted.error().code, accepted.error().message, line);
    return accepted;
  }
  observer_.observe(observation("event", "recorded", program, events::to_json(*accepted)));
  return accepted;
}

}  // namespace muster::sinks
