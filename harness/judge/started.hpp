#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "process/exit_status.hpp"
#include "process/launcher.hpp"
#include "process/ports.hpp"
#include "process/readiness.hpp"

namespace muster::net {
class IoThread;
}

namespace muster::judge {

/// How a program is started, beside its variables.
struct LaunchHow {
  bool notify = true;                       ///< with a NOTIFY_SOCKET
  const process::Port* listener = nullptr;  ///< handed on as descriptor 3
};

/// A program on the bench.
class Started {
 public:
  Started(net::IoThread& io, std::shared_ptr<process::Process> process);
  /// One that runs already and is left alone: only its address is known.
  Started();
  ~Started();
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  /// Waits until one of the probes says so. Errors: those of until_ready.
  Result<void> until_ready(process::Ready ready, std::chrono::milliseconds within);
  /// To the program alone.
  void signal(int number);
  /// Its end, or none within that time.
  std::optional<process::ExitStatus> wait(std::chrono::milliseconds within);
  /// SIGTERM, and waits at most 6 s; SIGKILL for one that has not ended by then.
  std::optional<process::ExitStatus> stop();
  void kill();

  /// What it has said on standard output so far, and on the other stream; whole lines.
  std::vector<std::string> out() const;
  std::vector<std::string> err() const;
  /// The first line of its output that is a JSON object with that `event`, waited for; null when
  /// none came.
  Json line(const std::string& event, std::chrono::milliseconds within) const;
  /// The last lines of both, for evidence.
  std::string last_words() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Starts the programs of a bench, and ends all that they started.
class Crew {
 public:
  Crew(net::IoThread& io, std::string folder);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Errors: those of Group::spawn.
  Result<std::unique_ptr<Started>> spawn(process::LaunchSpec spec, bool notify);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::judge
