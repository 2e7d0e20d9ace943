#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"

/// The services of a project as muster.toml declares them, and the order in which they start.
namespace muster::services {

/// What must have become of a service before another starts.
enum class Condition {
  started,    ///< its program runs
  ready,      ///< it has said that it is ready
  completed,  ///< it has ended with 0
};

std::string_view to_string(Condition condition);

/// `db@ready`.
struct Dependency {
  std::string name;
  Condition condition = Condition::ready;

  friend bool operator==(const Dependency&, const Dependency&) = default;
};

/// One way in which a service shows that it is ready; any of several is enough.
enum class ReadyKind { notify, listener, tcp, http, log, unix_socket, exec };

struct ReadySpec {
  ReadyKind kind = ReadyKind::notify;
  std::string argument;  ///< target of http, text of log, path of unix_socket, command of exec

  friend bool operator==(const ReadySpec&, const ReadySpec&) = default;
};

enum class Restart { never, on_failure, always };

/// How a service gets its port.
enum class PortMode {
  variable,  ///< PORT and {port}; the port is held until it starts, against thieves
  passed,    ///< as a listening descriptor (LISTEN_FDS)
};

/// What a service may use (setrlimit(2)); unset: as much as muster itself.
struct Limits {
  std::optional<std::int64_t> open_files;
  std::optional<std::int64_t> address_space;  ///< bytes
  std::optional<std::int64_t> processes;      ///< of its user
  std::optional<std::int64_t> cpu_seconds;
  std::optional<std::int64_t> file_size;  ///< bytes

  friend bool operator==(const Limits&, const Limits&) = default;
};

/// One `[[service]]`.
struct ServiceSpec {
  std::string name;
  std::vector<std::string> command;  ///< a string of the file runs under `/bin/sh -c`
  std::string cwd;                   ///< absolute
  std::map<std::string, std::string> env;
  std::string user;         ///< empty: ours
  std::optional<int> port;  ///< asked for; 0: any free one
  PortMode port_mode = PortMode::variable;
  std::vector<ReadySpec> ready;  ///< none: ready once it runs
  std::chrono::milliseconds ready_within{10'000};
  std::vector<Dependency> depends_on;
  Restart restart = Restart::never;
  int restart_limit = 3;                         ///< in a row
  std::chrono::milliseconds restart_delay{200};  ///< before the first; doubles up to 10 s
  int stop_signal = 15;                          ///< SIGTERM
  std::chrono::milliseconds stop_grace{5'000};
  Limits limits;
  bool critical = true;
};

/// The keys of `[[service]]`, for the schema.
std::span<const config::KeySpec> keys();

/// The services that are declared, in the order of the file. All that is wrong is told at once:
/// `service_name`, `service_twice`, `service_command`, `service_ready`, `service_depends`,
/// `service_cycle`, `service_signal`.
std::variant<std::vector<ServiceSpec>, std::vector<Diagnostic>> read_services(
    const config::Config& config);

/// Reads `notify`, `listener`, `tcp`, `http[:/target]`, `log:TEXT`, `unix:PATH`, `exec:COMMAND`.
/// Error `service_ready`.
Result<ReadySpec> ready_from_string(std::string_view text);

/// The same back: `log:TEXT`.
std::string to_string(const ReadySpec& ready);

/// Reads `NAME[@started|@ready|@completed]`; ready when nothing is said. Error `service_depends`.
Result<Dependency> dependency_from_string(std::string_view text);

/// The signal of that name (`TERM`, `SIGINT`, `9`). Error `service_signal`.
Result<int> signal_from_string(std::string_view name);

/// The services so that each stands after what it depends on; otherwise in their own order. Errors:
/// `service_depends` (one that is not declared, with the nearest name), `service_cycle` (the loop).
Result<std::vector<std::string>> start_order(const std::vector<ServiceSpec>& services);

}  // namespace muster::services
