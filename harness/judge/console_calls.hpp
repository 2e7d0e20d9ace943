#pragma once

#include <string>
#include <vector>

#include "judge/bench.hpp"

namespace muster::judge {

inline constexpr const char* kWorkspaces = "/api/hearth/workspaces";
inline constexpr const char* kRuns = "/api/ralph/runs";

/// A workspace on the console under judgement, made by an admin.
struct Workspace {
  /// Starts the console and asks for it. Throws Untried (`console.provision`).
  explicit Workspace(Bench& its_bench);

  static Answer request(Bench& bench, const std::string& tier = "solo",
                        const std::string& role = "admin");
  std::string target() const { return std::string(kWorkspaces) + "/" + bench.slug(); }
  Answer remove() const { return bench.as("admin", "DELETE", target()); }

  Bench& bench;
  Json ref;
};

/// A run of four prompts on the stand-in worker.
struct ConsoleRun {
  /// In a workspace of its own. Throws Untried (`console.submit`).
  explicit ConsoleRun(Bench& its_bench, Play play = Play::clean, int cut_after = 0);

  static Json four_prompts(const Bench& bench);
  std::string target() const { return std::string(kRuns) + "/" + id; }
  /// Waits for `ralph.run.ended`. Throws Untried with `rule` when it does not come within 10 s.
  void await_end(const std::string& rule) const;
  Heard stream(const std::string& last_event_id = {}) const;

  Workspace workspace;
  Bench& bench;
  std::string id;
};

/// The record has exactly these events, in this order. Throws Broken.
void expect_events(Bench& bench, const std::vector<std::string>& names);
/// The last event of that name; throws Broken when there is none.
events::Event event_of(Bench& bench, const std::string& name);

}  // namespace muster::judge
