#include <fmt/format.h>

#include "base/text.hpp"
#include "debug/diagnosis.hpp"

namespace muster::debug {

std::string summary(const Case& what, const Diagnosis& diagnosis) {
  const Session& session = what.session;
  const auto shown = [](const std::string& text) { return printable(text); };
  std::string out = fmt::format("# {}\n\n", session.id);
  out += fmt::format("- command: {}\n- started: {}\n", shown(session.command), session.started_at);
  if (session.exit_code) {
    out += fmt::format("- ended: {}, exit {}{}\n", session.ended_at, *session.exit_code,
                       session.failure_class.empty() ? "" : ", " + shown(session.failure_class));
  } else {
    out += session.crashed ? "- ended: without saying how\n" : "- it still runs\n";
  }
  if (!diagnosis.run_id.empty()) out += fmt::format("- run: {}\n", shown(diagnosis.run_id));
  out += fmt::format("- recorded: {} events, {} anomalies\n", session.events.size(),
                     session.anomalies.size());

  out += fmt::format("\n## Issues ({})\n\n", diagnosis.issues.size());
  if (diagnosis.issues.empty()) out += "None found.\n";
  for (const Issue& issue : diagnosis.issues) {
    out +=
        fmt::format("- **{}** ({}, {:.0f} % sure){}: {}\n", shown(issue.code), issue.severity,
                    issue.confidence * 100, issue.subject.empty() ? "" : " " + shown(issue.subject),
                    shown(issue.message));
    for (const auto& cause : issue.probable_causes)
      out += fmt::format("  - probably: {}\n", shown(cause));
    for (const auto& place : issue.evidence) out += fmt::format("  - see: {}\n", shown(place));
  }
  if (!diagnosis.startup.empty()) {
    out += fmt::format("\n## Startup ({:.0f} ms)\n\n", diagnosis.startup_ms);
    for (const StartupStep& step : diagnosis.startup) {
      const auto time = [](const std::optional<double>& at) {
        return at ? fmt::format("{:.0f} ms", *at) : std::string("never");
      };
      out += fmt::format("- {}: started {}, ready {} ({}){}\n", shown(step.service),
                         time(step.started_ms), time(step.ready_ms), step.outcome,
                         step.service == diagnosis.slowest ? ", the slowest" : "");
    }
  }
  if (!diagnosis.missing.empty())
    out += fmt::format("\nNot recorded: {}.\n", join(diagnosis.missing, ", "));
  return out;
}

}  // namespace muster::debug
