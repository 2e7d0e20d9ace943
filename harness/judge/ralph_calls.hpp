#pragma once

#include <string>

#include "judge/bench.hpp"

namespace muster::judge {

/// The body of a submit of four prompts, in mock.
std::string four_prompts(const Bench& bench, const Json& mock = Json::object());

/// A run on the worker under judgement.
struct WorkerRun {
  /// Starts ralph and submits four prompts. Throws Untried (`ralph.submit`).
  explicit WorkerRun(Bench& its_bench, const Json& mock = Json::object());

  /// Its stream, from after that id, for at most `patience`.
  Heard stream(const std::string& last_event_id = {},
               std::chrono::milliseconds patience = std::chrono::seconds(10),
               std::function<bool(std::string_view)> enough = {}) const;
  /// The same to its end. Throws Untried (`ralph.stream`) unless it is 200 and ends by itself.
  Heard whole() const;
  std::string target(const std::string& verb) const { return "/runs/" + id + "/" + verb; }

  Bench& bench;
  std::string id;
};

}  // namespace muster::judge
