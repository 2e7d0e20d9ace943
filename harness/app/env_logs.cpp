// `muster env logs`, `clear-logs`.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "app/env_choice.hpp"
#include "app/env_commands.hpp"
#include "app/env_interrupt.hpp"
#include "app/env_log_follower.hpp"
#include "app/env_session.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace muster::app {
namespace {

constexpr std::int64_t kLines = 100;

constexpr EnvOption kLogOptions[] = {
    {"-n,--lines", EnvKind::whole, "So many of the last lines of each (default: 100)"},
    {"-f,--follow", EnvKind::flag, "Goes on with what is written, until it is interrupted"},
};

struct ServiceLog {
  std::string name;
  std::string path;
};

/// The logs of what the route names. Error `no_log` when none of it was ever started.
Result<std::vector<ServiceLog>> logs_of(EnvSession& session) {
  const auto state = session.state();
  if (!state) return state.error();
  const auto chosen = choose(session, targets_of(*state));
  if (!chosen) return chosen.error();
  std::vector<ServiceLog> logs;
  for (const EnvTarget& target : *chosen) {
    const std::string& path = state->services.at(target.name).log_path;
    if (!path.empty()) logs.push_back({target.name, path});
  }
  if (logs.empty())
    return error("no_log", "none of these services was ever started", "muster env start");
  return logs;
}

EnvEnd failed(const Error& why) {
  return why.code == "interrupted" ? env_interrupted() : env_failed(why);
}

/// `Main Web | line`, the names in one column; a single log is printed as it is.
class LinePrinter {
 public:
  LinePrinter(EnvSession& session, const std::vector<ServiceLog>& logs)
      : session_(session), logs_(logs) {
    for (const ServiceLog& log : logs) width_ = std::max(width_, log.name.size());
  }
  void print(std::size_t log, const std::string& line, bool json) {
    if (json) {
      session_.print(dump_json({{"service", logs_[log].name}, {"line", valid_utf8(line)}}) + "\n");
    } else if (logs_.size() == 1) {
      session_.print(printable(line, true) + "\n");
    } else {
      session_.print(
          fmt::format("{:<{}} | {}\n", printable(logs_[log].name), width_, printable(line, true)));
    }
  }

 private:
  EnvSession& session_;
  const std::vector<ServiceLog>& logs_;
  std::size_t width_ = 0;
};

EnvEnd logs(EnvSession& session) {
  const auto logs = logs_of(session);
  if (!logs) return failed(logs.error());
  const EnvRoute& route = session.route();
  const bool follow = route.flag("follow");
  const EnvInterrupt interrupt;
  std::vector<std::string> paths;
  for (const ServiceLog& log : *logs) paths.push_back(log.path);
  // before the last lines are read, so that no line falls between
  auto follower = follow ? LogFollower::make(paths) : Result<LogFollower>(Error());
  if (follow && !follower) return env_failed(follower.error());

  LinePrinter printer(session, *logs);
  Json document = Json::array();
  for (std::size_t i = 0; i < logs->size(); ++i) {
    const auto lines =
        last_log_lines(paths[i], static_cast<std::size_t>(route.whole("lines").value_or(kLines)));
    if (!lines) return env_failed(lines.error());
    if (route.json && !follow) {
      Json shown = Json::array();
      for (const std::string& line : *lines) shown.push_back(valid_utf8(line));
      document.push_back(
          {{"service", (*logs)[i].name}, {"path", paths[i]}, {"lines", std::move(shown)}});
    } else {
      for (const std::string& line : *lines) printer.print(i, line, route.json);
    }
  }
  if (!follow) {
    if (route.json) session.print(Json{{"logs", std::move(document)}});
    return env_done();
  }
  if (const auto written = session.out().finish(); !written) return env_failed(written.error());
  bool lost = false;
  follower->run(
      [&](std::size_t log, const std::string& line) {
        printer.print(log, line, route.json);
        lost = lost || !session.out().finish();
      },
      interrupt.fd());
  return env_interrupted();
}

EnvEnd clear_logs(EnvSession& session) {
  const auto logs = logs_of(session);
  if (!logs) return failed(logs.error());
  Json cleared = Json::array();
  for (const ServiceLog& log : *logs) {
    // programs append, so that they go on at the new end
    const UniqueFd fd(::open(log.path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
    if (!fd && errno != ENOENT)
      return env_failed(
          error("log_unwritable", "cannot clear " + log.path + ": " + std::strerror(errno)));
    cleared.push_back(log.name);
  }
  if (session.route().json)
    session.print(Json{{"ok", true}, {"cleared", cleared}});
  else
    std::cerr << cleared.size() << (cleared.size() == 1 ? " log is" : " logs are") << " empty\n";
  return env_done();
}

}  // namespace

const EnvCommand kEnvLogs{
    .name = "logs",
    .aliases = "l",
    .family = EnvFamily::state,
    .about = "Prints the last lines of services",
    .example = "muster env logs web --follow",
    .words = EnvWords::names,
    .options = kLogOptions,
    .run = logs,
};

const EnvCommand kEnvClearLogs{
    .name = "clear-logs",
    .family = EnvFamily::cleanup,
    .about = "Empties the logs of services, running or not",
    .example = "muster env clear-logs --all",
    .words = EnvWords::names,
    .run = clear_logs,
};

}  // namespace muster::app
