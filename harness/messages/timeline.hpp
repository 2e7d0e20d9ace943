#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::messages {

/// What happened in one attempt of a scenario, by time: an attachment of its test case
/// (docs/formats/timeline.md). Times are microseconds since `begin_wall_ns`, steady.
struct Timeline {
  static constexpr std::string_view kMediaType = "application/vnd.muster.timeline+json";
  static constexpr std::string_view kFileName = "timeline.json";
  static constexpr int kFormat = 1;

  /// A row of the picture: all that one program, tap, sink … did.
  struct Lane {
    std::string kind;  ///< `step`, `process`, `http`, `sse`, `event`, `wait`, `fault` or another
    std::string name;  ///< e.g. `console`, `console → ralph`

    friend bool operator==(const Lane&, const Lane&) = default;
  };

  struct Item {
    std::uint32_t lane = 0;                ///< into lanes
    std::string kind;                      ///< e.g. `step`, `run`, `log`, `exchange`, `frame`
    std::string title;                     ///< one line
    std::string state;                     ///< `failed`, `open`, or empty
    std::int64_t at_us = 0;                ///< when it began, or happened
    std::optional<std::int64_t> until_us;  ///< when it ended; absent for a moment
    std::optional<std::int64_t> ready_us;  ///< of a program: when it was ready
    std::string from, to;                  ///< of a call: names of lanes, empty for none
    Json detail = Json::object();          ///< what else is known, shortened, without secrets
  };

  /// Why something is said to have happened; without a time when it has none.
  struct Reason {
    std::optional<std::int64_t> at_us;
    std::string text;
  };

  /// Where the play broke, as the chain's explanation says.
  struct Gap {
    std::string letter;    ///< `A` to `G`; empty when no gap of the catalogue is named
    std::string headline;  ///< after `gap C: `
    std::string chain;     ///< e.g. `HATCH chain for workspace "test"`
    std::string first;     ///< where the chain and what came part, e.g. `after #2, before #3`
    std::int64_t from_us = 0, until_us = 0;
    std::vector<Reason> why;
  };

  std::int64_t begin_wall_ns = 0;  ///< since 1970
  std::int64_t until_us = 0;
  std::uint32_t attempt = 0;
  std::vector<Lane> lanes;
  std::vector<Item> items;  ///< in the order in which they began
  std::optional<Gap> gap;
  std::int64_t left_out = 0;  ///< items beyond the bound
};

/// The stored form and back. Errors of reading: those of parse_json, `timeline_format` (another
/// version), `timeline_shape`.
std::string to_text(const Timeline& timeline);
Result<Timeline> timeline_from_text(std::string_view text);

}  // namespace muster::messages
