// The launch contract (lifecycle.md, "How a program is launched"): what each of the three programs
// keeps.
#include "judge/launch_rules.hpp"

#include <signal.h>

#include "base/text.hpp"
#include "judge/expect.hpp"

namespace muster::judge {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kEndsWithin{5'000};
constexpr milliseconds kStopsWithin{
    5'500};  ///< the 5 s of the contract, and what a loaded machine adds
constexpr milliseconds kReadyWithin{5'000};

std::string told(const std::optional<process::ExitStatus>& exit, milliseconds within) {
  return exit ? to_string(*exit) : "still running after " + std::to_string(within.count()) + " ms";
}

void answers_option(Bench& bench, const std::string& program, const std::string& option) {
  const auto started = bench.launch(program, {option}, {});
  const auto exit = started->wait(kEndsWithin);
  expect(exit && exit->success(), option + " → " + told(exit, kEndsWithin) +
                                      "; expected exited 0; " + started->last_words());
  expect(!started->out().empty(), option + " → nothing on standard output");
}

void help(Bench& bench, const std::string& program) {
  answers_option(bench, program, "--help");
}
void version(Bench& bench, const std::string& program) {
  answers_option(bench, program, "--version");
}

void notify(Bench& bench, const std::string& program) {
  const auto started =
      bench.launch(program, Bench::serve_arguments(program), bench.variables_of(program));
  // up by any way first: who then has not told so will not
  process::Ready any{{process::ReadyNotify{}}};
  const net::Address where = bench.address_of(program);
  if (where.is_unix())
    any.any.emplace_back(process::ReadyUnixSocket{where.path});
  else
    any.any.emplace_back(process::ReadyHttp{where});
  auto up = started->until_ready(std::move(any), kReadyWithin);
  if (up) up = started->until_ready({{process::ReadyNotify{}}}, milliseconds(1'000));
  expect(up.ok(), "NOTIFY_SOCKET is set, and " + (up ? "" : up.error().message) +
                      "; expected READY=1; " + started->last_words());
  const Answer answer = bench.ask(bench.address_of(program), "GET", Bench::health_of(program));
  expect(answer.status != 0, "READY=1 came before it answers: " + answer.text());
}

void healthz(Bench& bench, const std::string& program) {
  try {
    bench.start(program);
  } catch (const Untried& untried) {
    throw Broken{untried.why};
  }
  const Answer answer =
      expect_status(bench.ask(bench.address_of(program), "GET", Bench::health_of(program)), 200);
  if (program != "hearth") return;
  const Json body = answer.json();
  expect(body.is_object() && body.value("ok", Json()) == Json(true),
         answer.text() + "; expected {\"ok\":true}");
}

void startup_line(Bench& bench, const std::string& program) {
  Started& started = bench.start(program);
  const Json line = started.line("startup", milliseconds(2'000));
  expect(!line.is_null(),
         "no line on standard output has \"event\":\"startup\"; " + started.last_words());
  expect(string_at(line, "binary") == program,
         dump_json(line) + "; expected \"binary\":\"" + program + "\"");
  const std::string listen = string_at(line, "listen");
  const net::Address where = bench.address_of(program);
  expect(listen == (where.is_unix() ? where.path : net::to_string(where)),
         dump_json(line) + "; expected \"listen\" to say " +
             (where.is_unix() ? where.path : net::to_string(where)));
}

void json_logs(Bench& bench, const std::string& program) {
  Started& started = bench.start(program);
  bench.ask(bench.address_of(program), "GET", Bench::health_of(program));
  started.stop();
  for (const std::string& line : started.out()) {
    const auto json = parse_json(line);
    expect(json && json->is_object(),
           "standard output has a line that is no JSON object: " + shorten(line, 300));
  }
}

void shutdown_line(Bench& bench, const std::string& program) {
  Started& started = bench.start(program);
  started.stop();
  expect(!started.line("shutdown", milliseconds(2'000)).is_null(),
         "no line on standard output has \"event\":\"shutdown\"; " + started.last_words());
}

void stops_by(Bench& bench, const std::string& program, int number) {
  Started& started = bench.start(program);
  started.signal(number);
  const auto exit = started.wait(kStopsWithin);
  if (!exit) started.kill();
  expect(exit && exit->success(), process::signal_name(number) + " → " + told(exit, kStopsWithin) +
                                      "; expected exited 0 within 5 s");
}

void sigterm(Bench& bench, const std::string& program) {
  stops_by(bench, program, SIGTERM);
}
void sigint(Bench& bench, const std::string& program) {
  stops_by(bench, program, SIGINT);
}

/// Takes away what the program cannot do without.
void fatal(Bench& bench, const std::string& program) {
  Variables variables = bench.variables_of(program);
  const std::string needed = program == "hearth" ? "ROCKY_HEARTH_DRIVER" : "ROCKY_RALPH_KEY_FILE";
  const std::string wrong =
      program == "hearth" ? "no-such-driver" : bench.folder() + "/no-such-file";
  variables[needed] = wrong;
  const auto started = bench.launch(program, Bench::serve_arguments(program), variables);
  const std::string tried = needed + "=" + wrong;
  const auto exit = started->wait(kEndsWithin);
  expect(exit && !exit->signalled && exit->code == 1,
         tried + " → " + told(exit, kEndsWithin) + "; expected exited 1; " + started->last_words());
  std::string all;
  for (const std::string& line : started->out()) all += line + "\n";
  for (const std::string& line : started->err()) all += line + "\n";
  expect(all.find(program == "hearth" ? "no-such-driver" : "no-such-file") != std::string::npos,
         tried + " → exited 1, and no line says what and where; " + started->last_words());
}

void listen_fds(Bench& bench, const std::string& program) {
  const process::Port port = process::listen_loopback().value_or_throw();
  Variables variables = bench.variables_of(program);
  variables.erase(program == "console" ? "ROCKY_CONSOLE_LISTEN" : "ROCKY_RALPH_LISTEN");
  LaunchHow how;
  how.listener = &port;
  const auto started = bench.launch(program, Bench::serve_arguments(program), variables, how);
  const auto where = net::Address::tcp("127.0.0.1", port.number);
  // one that says that it is up, and where, and is not there, will not be
  static_cast<void>(started->line("startup", kReadyWithin));
  const auto up = started->until_ready({{process::ReadyHttp{where}}}, milliseconds(1'500));
  expect(up.ok(), "LISTEN_FDS=1 with a listener of " + net::to_string(where) +
                      " as descriptor 3: " + (up ? "" : up.error().message) + "; " +
                      started->last_words());
}

constexpr LaunchRule kRules[] = {
    {"help", "All: --help; exit 0", help, ""},
    {"version", "All: --version; exit 0", version, ""},
    {"fatal", "exit 1 on a fatal error with one line that says what and where", fatal, ""},
    {"notify", "Readiness: NOTIFY_SOCKET when set (READY=1)", notify, ""},
    {"healthz", "Readiness: else GET /healthz (hearth: GET /v1/healthz → {\"ok\":true})", healthz,
     ""},
    {"startup-line", "The startup log line carries listen: the address, or the socket path",
     startup_line, ""},
    {"json-logs", "All: logs as JSON lines on stdout", json_logs, ""},
    {"shutdown-line", "Logs: JSON lines on stdout {\"event\":\"startup|shutdown|fatal\", …}",
     shutdown_line, ""},
    {"sigterm", "SIGTERM stops within 5 s; exit 0 after a requested stop", sigterm, ""},
    {"sigint", "SIGINT/SIGTERM, 5 s graceful shutdown", sigint, "hearth"},
    {"listen-fds", "LISTEN_FDS=1 means descriptor 3", listen_fds, "console ralph"},
};

}  // namespace

std::span<const LaunchRule> launch_rules() {
  return kRules;
}

}  // namespace muster::judge
