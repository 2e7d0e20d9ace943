#include "doctor/doctor.hpp"

namespace muster::doctor {

const std::vector<Command>& required_commands() {
  static const std::vector<Command> commands{
      {"start", {}},
      {"restart", {"r"}},
      {"resume", {}},
      {"stop", {"s", "kill"}},
      {"stop-all", {"kill-all"}},
      {"blast-all", {}},
      {"plan", {}},
      {"health", {"h"}},
      {"errors", {"e"}},
      {"logs", {"l"}},
      {"clear-logs", {}},
      {"test", {"t"}},
      {"migrate", {"m"}},
      {"doctor", {"d"}},
      {"dashboard", {"dash"}},
      {"config", {}},
      {"show-config", {}},
      {"show-state", {}},
      {"explain-startup", {}},
      {"list-commands", {}},
      {"list-targets", {}},
      {"debug-pack", {}},
      {"debug-report", {}},
      {"debug-last", {}},
      {"endpoints", {}},
  };
  return commands;
}

}  // namespace muster::doctor
