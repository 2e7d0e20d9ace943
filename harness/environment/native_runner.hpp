#pragma once

#include "environment/program_runner.hpp"
#include "requirements/data_directory.hpp"

namespace muster::environment {

/// Runs a requirement as a server of this host, in its data directory: makes that where it is
/// missing, sees that it is this server which answers at its port, and does what is to be done once
/// it is ready.
class NativeRunner final : public ProgramRunner {
 public:
  using ProgramRunner::ProgramRunner;

 private:
  boost::asio::awaitable<std::optional<StartFailure>> before() override;
  boost::asio::awaitable<std::optional<StartFailure>> after() override;
  void arrange(process::LaunchSpec& spec) const override;

  Result<void> plan();

  std::optional<requirements::DataDirectory> data_;
  std::string account_;
  bool as_account_ = false;  ///< what is run next is the server's, not ours
  requirements::NativePlan plan_;
};

}  // namespace muster::environment
