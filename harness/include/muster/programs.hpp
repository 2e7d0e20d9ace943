#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "muster/scenario.hpp"

namespace muster {

/// How a program shows that it is ready to be used.
class ReadyWhen {
 public:
  /// As soon as it runs.
  static ReadyWhen started() { return {Kind::started, {}}; }
  /// It says `READY=1` to its NOTIFY_SOCKET (sd_notify(3)).
  static ReadyWhen notified() { return {Kind::notified, {}}; }
  /// A line of its output holds `text`.
  static ReadyWhen line(std::string text) { return {Kind::line, std::move(text)}; }
  /// Its port accepts connections.
  static ReadyWhen listening() { return {Kind::listening, {}}; }
  /// GET of `path` at its port answers 200.
  static ReadyWhen http(std::string path = "/") { return {Kind::http, std::move(path)}; }
  /// Somebody accepts connections at the unix socket `path`.
  static ReadyWhen unix_socket(std::string path) { return {Kind::unix_socket, std::move(path)}; }

  enum class Kind { started, notified, line, listening, http, unix_socket };
  Kind kind;
  std::string text;
};

/// What to run. `{port}` in words and values stands for a port of 127.0.0.1 that is held for the
/// program until it takes it; there is one only where it is named.
struct Command {
  std::vector<std::string> words;          ///< the program, searched on PATH unless it has a slash
  std::map<std::string, std::string> env;  ///< on top of the environment of this run
  std::string cwd;                         ///< empty: the folder of the run
  ReadyWhen ready = ReadyWhen::started();
  std::chrono::milliseconds within{5'000};  ///< for it to be ready
  std::chrono::milliseconds grace{2'000};   ///< between TERM and KILL
};

/// How a program ended.
struct Exit {
  int code = 0;      ///< its exit code, 0 when a signal ended it
  int signal = 0;    ///< the signal that ended it, or 0
  std::string text;  ///< `exited 3`, `killed by SIGSEGV (core dumped)`
  bool success() const { return code == 0 && signal == 0; }
};

/// A program that a scenario started. Lives as long as its Programs.
class Program {
 public:
  struct Impl;
  explicit Program(std::unique_ptr<Impl> impl);
  ~Program();

  const std::string& name() const;
  int pid() const;
  /// What `{port}` stands for; 0 where it was not named.
  int port() const;
  /// `http://127.0.0.1:PORT` and `path`.
  std::string url(const std::string& path = "/") const;

  bool running() const;
  /// What it printed so far, both streams in the order of their lines; the middle of a very long
  /// output is left out.
  std::string output() const;

  /// Waits for a line that holds `text`, also among those that were printed already, and gives it
  /// back whole. Throws when there is none `within` that time, or the program ends without it.
  std::string await_line(const std::string& text, std::chrono::milliseconds within);
  /// Waits for its end. Throws when it still runs after that time.
  Exit await_exit(std::chrono::milliseconds within);

  /// Sends a signal to its process group. False when it has ended.
  bool signal(int number);
  /// TERM to its process group, KILL after the grace; how it ended. What outlives it is killed and
  /// fails the step: a LEAK.
  Exit stop();

 private:
  std::unique_ptr<Impl> impl_;
};

/// The programs of a scenario, a fixture: `GIVEN("the server is running") = [](Programs& programs)
/// { programs.start("server", {.words = {"bin/server", "--port", "{port}"}, .ready =
/// ReadyWhen::listening()}); };`
///
/// When the scenario ends they are stopped, the last one first: TERM, then KILL to everything that
/// they started. What outlives its program is a LEAK and fails the scenario. Their output is kept
/// with the run, secrets redacted. Should the worker or muster itself be killed, they end with it.
class Programs {
 public:
  explicit Programs(Scenario& scenario);
  ~Programs();
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  /// Starts a program and returns once it is ready. Throws with what happened and its last lines:
  /// it was not found, it died before it was ready, it is not ready in time.
  Program& start(const std::string& name, Command command);
  /// Runs a program to its end, `within` of the command as its time.
  Exit run(const std::string& name, Command command);
  /// A program of this scenario by its name. Throws when there is none.
  Program& at(const std::string& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster
