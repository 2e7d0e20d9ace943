#pragma once

#include <string>
#include <vector>

#include "environment/runner.hpp"
#include "environment/unit.hpp"
#include "process/launcher.hpp"
#include "process/readiness.hpp"

namespace muster::environment {

/// Runs a unit as a program of the group.
class ProgramRunner : public Runner {
 public:
  ProgramRunner(Unit& unit, const Surroundings& around) : unit_(unit), around_(around) {}

  boost::asio::awaitable<std::optional<StartFailure>> try_once(
      std::function<void()> launched) override;
  boost::asio::awaitable<Ending> until_ended() override;
  boost::asio::awaitable<Json> stop() override;

 protected:
  /// Makes the unit startable; before each try.
  virtual boost::asio::awaitable<std::optional<StartFailure>> before();
  /// Looks closer at what says that it is ready.
  virtual boost::asio::awaitable<std::optional<StartFailure>> after();
  /// The last word on how the program is launched.
  virtual void arrange(process::LaunchSpec& spec) const;

  /// Runs a command of the unit's once, as `<unit>.<name>`, for at most `within`: its output. Error
  /// `command_failed` with its last lines, and those of the launcher.
  boost::asio::awaitable<Result<std::string>> run_once(std::string name,
                                                       std::vector<std::string> command,
                                                       std::map<std::string, std::string> env,
                                                       std::chrono::milliseconds within);

  Unit& unit_;
  const Surroundings& around_;

 private:
  Result<process::LaunchSpec> launch_spec();
  Result<process::LaunchSpec> spec_of(const std::vector<std::string>& command,
                                      const std::map<std::string, std::string>& env) const;
  Result<void> listen();
  process::Ready readiness();
  boost::asio::awaitable<Result<void>> probe_by_command(std::string line);
  bool answered_by_other() const;
  Error wrong_server() const;
  std::string last_lines() const;

  std::shared_ptr<process::Process> program_;
  std::string nonce_;  ///< of the last start
};

}  // namespace muster::environment
