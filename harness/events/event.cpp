#include "events/event.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "events/timestamp.hpp"
#include "schema/value.hpp"

namespace muster::events {
namespace {

Error field_error(const Place& place, const std::string& pointer, const std::string& expected,
                  const Json* found) {
  Error made = error("event_field", pointer + ": expected " + expected + ", found " +
                                        (found == nullptr ? "nothing" : describe_json(*found)));
  made.place = place;
  return made;
}

const Json* member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_actor(const Json& value) {
  if (value.is_null()) return true;
  const auto text_at = [&](const char* name) {
    const Json* found = member(value, name);
    return found != nullptr && found->is_string();
  };
  return value.is_object() && text_at("user") && text_at("role");
}

bool is_unsigned_from(const Json& value, std::uint64_t least) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() >= least;
}

constexpr std::array kKnown = {"seq",   "recv_mono_ns", "source", "src_seq",        "ts",
                               "event", "actor",        "run_id", "workspace_slug", "payload"};

}  // namespace

std::string describe_json(const Json& value) {
  return schema::describe(value);
}

Result<Event> event_from_json(const Json& json, Place place) {
  const auto bad = [&](const char* pointer, const char* expected, const Json* found) {
    return field_error(place, pointer, expected, found);
  };
  if (!json.is_object()) return bad("the event", "an object", &json);

  Event event;
  if (const Json* seq = member(json, "seq")) {
    if (!is_unsigned_from(*seq, 1)) return bad("/seq", "an integer from 1", seq);
    event.seq = seq->get<std::uint64_t>();
  }
  if (const Json* recv = member(json, "recv_mono_ns")) {
    if (!recv->is_number_unsigned()) return bad("/recv_mono_ns", "an integer from 0", recv);
    event.recv_mono_ns = recv->get<std::int64_t>();
  }
  const Json* source = member(json, "source");
  if (source == nullptr || !source->is_string() || source->get_ref<const std::string&>().empty())
    return bad("/source", "a string that is not empty", source);
  const Json* src_seq = member(json, "src_seq");
  if (src_seq == nullptr || !is_unsigned_from(*src_seq, 1))
    return bad("/src_seq", "an integer from 1", src_seq);
  const Json* ts = member(json, "ts");
  if (ts == nullptr || !ts->is_string() || !parse_rfc3339(ts->get_ref<const std::string&>()))
    return bad("/ts", "an RFC 3339 time", ts);
  const Json* name = member(json, "event");
  if (name == nullptr || !name->is_string() ||
      !valid_event_name(name->get_ref<const std::string&>()))
    return bad("/event", "a dotted event name", name);
  const Json* actor = member(json, "actor");
  if (actor == nullptr || !is_actor(*actor)) return bad("/actor", "{user, role} or null", actor);
  const Json* slug = member(json, "workspace_slug");
  if (slug == nullptr || !slug->is_string()) return bad("/workspace_slug", "a string", slug);
  if (const Json* run_id = member(json, "run_id"); run_id != nullptr && !run_id->is_null()) {
    if (!run_id->is_string()) return bad("/run_id", "a string", run_id);
    event.run_id = run_id->get<std::string>();
  }
  const Json* payload = member(json, "payload");
  if (payload == nullptr || !payload->is_object()) return bad("/payload", "an object", payload);

  event.source = source->get<std::string>();
  event.src_seq = src_seq->get<std::uint64_t>();
  event.ts = ts->get<std::string>();
  event.event = name->get<std::string>();
  event.actor = *actor;
  event.workspace_slug = slug->get<std::string>();
  event.payload = *payload;
  for (const auto& [key, value] : json.items()) {
    if (std::find(kKnown.begin(), kKnown.end(), key) == kKnown.end()) event.extra[key] = value;
  }
  return event;
}

Result<Event> parse_event(std::string_view line, Place place) {
  auto json = parse_json(line);
  if (!json) {
    Error failed = std::move(json).error();
    failed.place.uri = place.uri;
    // an event is one line of its file, so the parser's line is always 1
    if (place.line > 0) failed.place.line = place.line;
    return failed;
  }
  return event_from_json(*json, std::move(place));
}

Json to_json(const Event& event) {
  Json json = event.extra.is_object() ? event.extra : Json::object();
  if (event.seq != 0) json["seq"] = event.seq;
  if (event.recv_mono_ns != 0) json["recv_mono_ns"] = event.recv_mono_ns;
  json["source"] = event.source;
  json["src_seq"] = event.src_seq;
  json["ts"] = event.ts;
  json["event"] = event.event;
  json["actor"] = event.actor;
  json["workspace_slug"] = event.workspace_slug;
  if (event.run_id) json["run_id"] = *event.run_id;
  json["payload"] = event.payload;
  return json;
}

std::string to_line(const Event& event) {
  return dump_json(to_json(event));
}

bool valid_event_name(std::string_view name) {
  if (name.empty() || name.size() > 256) return false;
  bool segment = false;
  for (const char c : name) {
    if (c == '.') {
      if (!segment) return false;
      segment = false;
    } else if (is_name_byte(c)) {
      segment = true;
    } else {
      return false;
    }
  }
  return segment;
}

}  // namespace muster::events
