#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/observe.hpp"
#include "process/group.hpp"
#include "process/proc_fs.hpp"
#include "testing/temp_tree.hpp"

/// What the tests of this folder stand on.
namespace muster::process::testing {

using namespace std::chrono_literals;

/// Keeps what it is told.
class Recorder : public Observer {
 public:
  void observe(Observation observation) override { seen.push_back(std::move(observation)); }

  std::vector<std::string> kinds(const std::string& but = "log") const {
    std::vector<std::string> kinds;
    for (const Observation& one : seen) {
      if (one.kind != but) kinds.push_back(one.kind);
    }
    return kinds;
  }

  std::vector<Observation> seen;
};

/// Runs one coroutine to its end on `io`; fails the test and throws after 30 s.
template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T> work) {
  std::exception_ptr failed;
  std::optional<T> result;
  bool over = false;
  boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown, T value) {
    failed = thrown;
    if (!thrown) result.emplace(std::move(value));
    over = true;
  });
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  io.restart();
  while (!over && std::chrono::steady_clock::now() < deadline) io.run_one_for(1s);
  if (!over) throw std::runtime_error("a coroutine has not ended within 30 s");
  if (failed) std::rethrow_exception(failed);
  return std::move(*result);
}

inline LaunchSpec shell(const std::string& name, const std::string& script,
                        std::vector<std::string> args = {}) {
  LaunchSpec spec;
  spec.name = name;
  spec.program = "/bin/sh";
  spec.args = {"-c", script, name};
  spec.args.insert(spec.args.end(), args.begin(), args.end());
  spec.env = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  return spec;
}

/// A group with what it needs.
struct Bed {
  /// `folder`: whose end is somebody else's business, for a process that will be killed; empty: an
  /// own one.
  explicit Bed(Backend backend = Backend::subreaper, const std::string& folder = {}) {
    if (folder.empty()) tree.emplace();
    GroupOptions options;
    options.run_id = random_hex(8);
    options.id = "scenario-" + random_hex(4);
    options.backend = backend;
    options.log_dir = folder.empty() ? tree->str() : folder;
    options.socket_dir = options.log_dir;
    options.observer = &recorder;
    Result<std::unique_ptr<Group>> made = Group::create(io.get_executor(), options);
    if (!made) throw std::runtime_error(made.error().message);
    group = std::move(*made);
  }

  std::shared_ptr<Process> spawn(LaunchSpec spec, bool notify = false) {
    return group->spawn(std::move(spec), notify).value_or_throw();
  }

  /// Spawns a script, waits for its end, and gives what it printed.
  std::string output(LaunchSpec spec, ExitStatus* status = nullptr) {
    auto process = spawn(std::move(spec));
    const ExitStatus ended = run(io, process->wait());
    if (status) *status = ended;
    return process->log().text();
  }

  std::optional<muster::testing::TempTree> tree;
  Recorder recorder;
  boost::asio::io_context io;
  std::unique_ptr<Group> group;
};

/// A number that names a test's processes in their command lines.
inline std::string unique_seconds() {
  static int count = 0;
  return std::to_string(100'000 + ::getpid()) + std::to_string(1000 + ++count);
}

/// Living processes with `word` in their command line, by their commands: found in another way than
/// the code under test finds them.
inline std::vector<std::string> processes_with(const std::string& word) {
  std::vector<std::string> found;
  for (pid_t pid : all_pids()) {
    if (pid == ::getpid()) continue;
    const std::optional<ProcStat> stat = read_stat(pid);
    if (!stat || !stat->alive()) continue;
    const std::string command = command_of(pid);
    if (command.find(word) != std::string::npos) found.push_back(command);
  }
  return found;
}

inline std::string backend_name(const ::testing::TestParamInfo<Backend>& info) {
  return to_string(info.param);
}

}  // namespace muster::process::testing
