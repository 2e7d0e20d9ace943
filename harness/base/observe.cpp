#include "base/observe.hpp"

namespace muster {

Observation observation(std::string lane, std::string kind, std::string subject, Json data,
                        std::string cause) {
  Observation made;
  made.t_mono_ns = system_clock().mono_ns();
  made.wall = system_clock().wall();
  made.lane = std::move(lane);
  made.kind = std::move(kind);
  made.subject = std::move(subject);
  made.data = std::move(data);
  made.cause = std::move(cause);
  return made;
}

Json to_json(const Observation& observation) {
  Json out = {{"t_mono_ns", observation.t_mono_ns},
              {"wall", to_rfc3339(observation.wall)},
              {"wall_ns", observation.wall.seconds * 1'000'000'000 + observation.wall.nanos},
              {"lane", observation.lane},
              {"kind", observation.kind},
              {"subject", observation.subject},
              {"data", observation.data}};
  if (!observation.cause.empty()) out["cause"] = observation.cause;
  return out;
}

Observation observation_from_json(const Json& json) {
  Observation made;
  made.t_mono_ns = json.value("t_mono_ns", std::int64_t{0});
  const auto wall_ns = json.value("wall_ns", std::int64_t{0});
  made.wall = {wall_ns / 1'000'000'000, static_cast<std::int32_t>(wall_ns % 1'000'000'000)};
  made.lane = string_at(json, "lane");
  made.kind = string_at(json, "kind");
  made.subject = string_at(json, "subject");
  made.data = json.value("data", Json::object());
  made.cause = string_at(json, "cause");
  return made;
}

}  // namespace muster
