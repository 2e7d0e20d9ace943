#include "messages/timeline.hpp"

#include <utility>

namespace muster::messages {
namespace {

Json item_json(const Timeline::Item& item) {
  Json out = {{"lane", item.lane}, {"kind", item.kind}, {"title", item.title}, {"at", item.at_us}};
  if (item.until_us) out["until"] = *item.until_us;
  if (item.ready_us) out["ready"] = *item.ready_us;
  if (!item.state.empty()) out["state"] = item.state;
  if (!item.from.empty()) out["from"] = item.from;
  if (!item.to.empty()) out["to"] = item.to;
  if (!item.detail.empty()) out["detail"] = item.detail;
  return out;
}

Json gap_json(const Timeline::Gap& gap) {
  Json why = Json::array();
  for (const Timeline::Reason& reason : gap.why) {
    Json line = {{"text", reason.text}};
    if (reason.at_us) line["at"] = *reason.at_us;
    why.push_back(std::move(line));
  }
  return {{"letter", gap.letter}, {"headline", gap.headline}, {"chain", gap.chain},
          {"first", gap.first},   {"from", gap.from_us},      {"until", gap.until_us},
          {"why", std::move(why)}};
}

/// Throws Json::exception, which the caller makes an error of.
std::optional<std::int64_t> number_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return std::nullopt;
  return found->get<std::int64_t>();
}

Timeline::Item item_from(const Json& json) {
  Timeline::Item item;
  item.lane = json.at("lane").get<std::uint32_t>();
  item.kind = string_at(json, "kind");
  item.title = string_at(json, "title");
  item.state = string_at(json, "state");
  item.at_us = json.at("at").get<std::int64_t>();
  item.until_us = number_at(json, "until");
  item.ready_us = number_at(json, "ready");
  item.from = string_at(json, "from");
  item.to = string_at(json, "to");
  item.detail = json.value("detail", Json::object());
  return item;
}

Timeline::Gap gap_from(const Json& json) {
  Timeline::Gap gap;
  gap.letter = string_at(json, "letter");
  gap.headline = string_at(json, "headline");
  gap.chain = string_at(json, "chain");
  gap.first = string_at(json, "first");
  gap.from_us = json.at("from").get<std::int64_t>();
  gap.until_us = json.at("until").get<std::int64_t>();
  for (const Json& line : json.at("why"))
    gap.why.push_back({number_at(line, "at"), string_at(line, "text")});
  return gap;
}

Timeline read(const Json& json) {
  Timeline made;
  made.begin_wall_ns = std::stoll(json.at("begin_wall_ns").get<std::string>());
  made.until_us = json.at("until").get<std::int64_t>();
  made.attempt = json.at("attempt").get<std::uint32_t>();
  for (const Json& lane : json.at("lanes"))
    made.lanes.push_back({string_at(lane, "kind"), string_at(lane, "name")});
  for (const Json& item : json.at("items")) {
    made.items.push_back(item_from(item));
    if (made.items.back().lane >= made.lanes.size()) throw std::out_of_range("lane");
  }
  if (json.contains("gap")) made.gap = gap_from(json.at("gap"));
  made.left_out = number_at(json, "left_out").value_or(0);
  return made;
}

}  // namespace

std::string to_text(const Timeline& timeline) {
  Json lanes = Json::array();
  for (const Timeline::Lane& lane : timeline.lanes)
    lanes.push_back({{"kind", lane.kind}, {"name", lane.name}});
  Json items = Json::array();
  for (const Timeline::Item& item : timeline.items) items.push_back(item_json(item));
  // nanoseconds since 1970 are more than a number of JavaScript holds
  Json out = {
      {"format", Timeline::kFormat}, {"begin_wall_ns", std::to_string(timeline.begin_wall_ns)},
      {"until", timeline.until_us},  {"attempt", timeline.attempt},
      {"lanes", std::move(lanes)},   {"items", std::move(items)}};
  if (timeline.gap) out["gap"] = gap_json(*timeline.gap);
  if (timeline.left_out > 0) out["left_out"] = timeline.left_out;
  return dump_json(out);
}

Result<Timeline> timeline_from_text(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return json.error();
  if (!json->is_object()) return error("timeline_shape", "the timeline is no object");
  try {
    if (json->value("format", 0) != Timeline::kFormat)
      return error("timeline_format", "the timeline is of another version");
    return read(*json);
  } catch (const std::exception& wrong) {
    return error("timeline_shape", std::string("the timeline has another shape: ") + wrong.what());
  }
}

}  // namespace muster::messages
