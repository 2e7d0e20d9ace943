#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::events {

/// One audit event in the HATCH envelope (docs/formats/hatch.md). The producer leaves `seq` and
/// `recv_mono_ns` out; the sink that accepts the event assigns both, and its `seq` is the asserted
/// order.
struct Event {
  std::uint64_t seq = 0;          ///< place in the sink, from 1; 0 = not yet accepted
  std::int64_t recv_mono_ns = 0;  ///< CLOCK_MONOTONIC when accepted
  std::string source;             ///< program "/" 8 hex digits, new at each start of the program
  std::uint64_t src_seq = 0;      ///< from 1, contiguous per source
  std::string ts;                 ///< RFC 3339, the producer's wall clock; never used for order
  std::string event;              ///< dotted name, e.g. `hearth.provisioned`
  Json actor;                     ///< `{user, role}`, or null when nobody is logged in
  std::string workspace_slug;     ///< empty when the event belongs to no workspace
  std::optional<std::string> run_id;
  Json payload = Json::object();
  Json extra = Json::object();  ///< fields of the envelope that this version does not know, kept as
                                ///< they came
};

/// Reads one line. Errors: those of `parse_json`, or `event_field` whose message names the JSON
/// pointer, what is expected and what was found. `place` is where the line stands; the error's
/// column is set when it is known.
Result<Event> parse_event(std::string_view line, Place place = {});

/// The same from JSON that is already parsed.
Result<Event> event_from_json(const Json& json, Place place = {});

/// The envelope as one JSON object. `seq` and `recv_mono_ns` are left out while they are 0.
Json to_json(const Event& event);

/// `to_json` as one line, without the line end.
std::string to_line(const Event& event);

/// A parsed RFC 6901 pointer, for looking up the same field in many events.
class Pointer {
 public:
  /// Error `pointer_syntax`.
  static Result<Pointer> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<std::string>& tokens() const { return tokens_; }

  /// The value in `json`, or null when there is no such field.
  const Json* find(const Json& json) const { return find_from(json, 0); }

  /// The value in an event's envelope, or none. `""` is the whole envelope.
  std::optional<Json> find(const Event& event) const;

 private:
  const Json* find_from(const Json& json, std::size_t first) const;

  std::string text_;
  std::vector<std::string> tokens_;
};

/// The value at an RFC 6901 pointer over the envelope, e.g. `/payload/node_id`; none when there is
/// no such field. `""` is the whole envelope.
std::optional<Json> field(const Event& event, std::string_view pointer);

/// Whether `pointer` is a well-formed RFC 6901 pointer.
bool valid_pointer(std::string_view pointer);

/// A JSON value for an error message: `number 7`, `string "x"`, `an object`.
std::string describe_json(const Json& value);

/// Whether `name` is a dotted event name: segments of letters, digits, `_` and `-`.
bool valid_event_name(std::string_view name);

}  // namespace muster::events
