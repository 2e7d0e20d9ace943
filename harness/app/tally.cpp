#include "app/tally.hpp"

#include <fmt/format.h>

namespace muster::app {

void Tally::take(const Json& observation) {
  const std::string lane = string_at(observation, "lane");
  const std::string kind = string_at(observation, "kind");
  if (lane == "process" && kind == "spawned") ++processes_;
  if (lane == "event" && kind == "recorded") ++events_;
  if (lane == "chain" && kind == "held") {
    const Json data = observation.value("data", Json::object());
    chains_.push_back(
        fmt::format("chain held: HATCH events for workspace \"{}\", {} of {} recorded ({})",
                    string_at(observation, "subject"), data.value("matched", 0),
                    data.value("events", 0), string_at(data, "scenario")));
  }
}

std::string Tally::text() const {
  return fmt::format(
      "{} processes, {} events\n{}", processes_, events_,
      chains_.empty() ? std::string() : fmt::format("{}\n", fmt::join(chains_, "\n")));
}

}  // namespace muster::app
