#pragma once

#include <string>
#include <vector>

#include "artifacts/reports.hpp"
#include "artifacts/run_state.hpp"
#include "base/clock.hpp"

namespace muster::app {

/// All that the dashboard shows, as it was saved: nothing is probed for it.
struct DashboardData {
  std::string title;  ///< the folder of the repository
  artifacts::RunState state;
  std::vector<artifacts::Failure> errors;
  std::vector<std::string> events;  ///< the last, one line each, the newest last
  bool kept = false;                ///< its keeper runs
};

struct DashboardStyle {
  std::size_t width = 80;
  std::size_t height = 0;  ///< 0: as many lines as it takes
  bool colour = false;
};

/// Lines of text, each at most `width` columns wide: services with status, port, pid and age, then
/// requirements, errors and events.
std::string draw_dashboard(const DashboardData& data, const DashboardStyle& style, WallTime now);

}  // namespace muster::app
