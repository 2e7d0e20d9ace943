#include "app/env_dispatch.hpp"

#include <fstream>
#include <iostream>
#include <utility>

#include "app/env_config_wizard.hpp"
#include "app/env_recording.hpp"
#include "app/env_session.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "journal/append_file.hpp"

namespace muster::app {
namespace {

/// A line of `commands.jsonl` in the folder of the scope, where that folder is. What only looks is
/// written down when it fails.
void record(EnvSession& session, const EnvEnd& end) {
  const EnvCommand& command = *session.route().command;
  if (end.code == 0 && command.family == EnvFamily::inspection) return;
  const auto repository = session.repository();
  if (!repository) return;
  auto file = (*repository)->folder().open_to_append("commands.jsonl");
  if (!file) return;
  Json line{{"event", "command.ended"},
            {"phase", "command"},
            {"timestamp", to_rfc3339(system_clock().wall())},
            {"schema_version", artifacts::kStateSchema},
            {"trace_id", "trace-" + random_hex(8)},
            {"command", command.name},
            {"exit_code", end.code}};
  if (!session.route().mode.empty()) line["mode"] = session.route().mode;
  if (!end.failure_class.empty()) line["failure_class"] = end.failure_class;
  if (end.why) line["message"] = redact(std::string_view(end.why->message));
  journal::AppendFile log(std::move(*file), (*repository)->folder().path() + "/commands.jsonl");
  (void)log.append(dump_json(line) + "\n");
}

/// Runs the command with its flight recorder.
EnvEnd run_recorded(EnvSession& session) {
  EnvRecording recording(session);
  session.record_with(&recording);
  EnvEnd end = session.route().command->run(session);
  session.record_with(nullptr);
  if (end.failure_class.empty() && end.why) end.failure_class = end.why->code;
  if (const auto bundle = recording.end(end))
    std::cerr << "debug bundle: " << printable(*bundle) << '\n';
  return end;
}

}  // namespace

void tell_exit_class(const std::string& command, int code, const std::string& failure_class,
                     const std::string& file) {
  if (code != 0)
    std::cerr << "muster " << command << ": " << failure_class << " (exit " << code << ")\n";
  if (file.empty()) return;
  std::ofstream out(file, std::ios::trunc);
  out << (code == 0 ? "success" : failure_class) << '\n';
  if (!out.flush())
    std::cerr << render(
        error("exit_class_file", "cannot write " + file, "name a file that can be"));
}

int dispatch_env(const EnvRoute& route) {
  EnvSession session(route);
  EnvEnd end = run_recorded(session);
  // a start where nothing is configured yet: on a terminal it is asked for, and then goes on
  const bool unconfigured = end.why && end.why->code == "not_configured";
  if (unconfigured && route.command->family == EnvFamily::startup && EnvSession::interactive()) {
    if (const auto offered = offer_wizard(session); !offered) {
      end = offered.error().code == "interrupted" ? env_interrupted() : env_failed(offered.error());
    } else {
      EnvSession configured(route);
      end = run_recorded(configured);
      if (const auto written = configured.out().finish(); !written && end.code == 0)
        end = env_failed(written.error());
    }
  }
  if (const auto written = session.out().finish(); !written && end.code == 0)
    end = env_failed(written.error());
  if (end.failure_class.empty() && end.why) end.failure_class = end.why->code;
  if (end.failure_class.empty() && end.code != 0) end.failure_class = "failed";
  if (end.why) std::cerr << redact(render(*end.why));
  record(session, end);
  tell_exit_class("env " + std::string(route.command->name), end.code, end.failure_class,
                  route.exit_class_file);
  return end.code;
}

}  // namespace muster::app
