// `muster env doctor`.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <vector>

#include "app/env_commands.hpp"
#include "app/env_contracts.hpp"
#include "app/env_session.hpp"
#include "app/environment.hpp"
#include "app/version.hpp"
#include "base/text.hpp"
#include "doctor/doctor.hpp"
#include "process/launcher.hpp"
#include "runtimes/probe.hpp"

namespace muster::app {
namespace {

namespace asio = boost::asio;

/// What `python3 --version` says.
std::string python_version(const std::string& interpreter) {
  const std::string path = environment_variable("PATH").value_or("");
  std::vector<std::string> searched;
  const auto program = process::find_program(interpreter, path, ".", searched);
  if (!program) return "not found (" + interpreter + ")";
  asio::io_context io(1);
  runtimes::ProbeLimits limits;
  limits.timeout = std::chrono::seconds(5);
  auto prober = runtimes::Prober::make(io.get_executor(), limits, runtimes::absolute_folders(path));
  if (!prober) return "unknown: " + prober.error().message;
  std::string said;
  std::error_code failed;
  const std::string whole = std::filesystem::absolute(*program, failed).string();
  asio::co_spawn(io, (*prober)->run({whole, {"--version"}}),
                 [&](std::exception_ptr, const runtimes::ProbeOutcome& outcome) {
                   said = std::string(trim(outcome.out.empty() ? outcome.err : outcome.out));
                 });
  io.run();
  if (said.starts_with("Python ")) said.erase(0, 7);
  return said.empty() ? "unknown (" + *program + ")" : said;
}

EnvEnd doctor(EnvSession& session) {
  doctor::Examination examination;
  for (const EnvCommand* command : env_commands()) {
    std::vector<std::string> aliases;
    if (!command->aliases.empty()) aliases = split(command->aliases, ',');
    examination.commands.push_back({std::string(command->name), std::move(aliases)});
  }
  const ContractFolder contracts = contract_folder(session);
  examination.contracts = contracts.path;
  examination.contracts_required = contracts.required;
  std::string interpreter = "python3";
  if (const auto settings = session.config()) {
    if (const auto own = (*settings)->find<std::string>("profile.python.interpreter"); own && *own)
      interpreter = **own;
  } else {
    examination.configuration =
        doctor::Finding{settings.error().code, settings.error().message, settings.error().hint};
  }
  if (const auto repository = session.repository()) {
    examination.repository = *repository;
  } else if (repository.error().code != "no_environment") {
    examination.configuration = doctor::Finding{repository.error().code, repository.error().message,
                                                repository.error().hint};
  }
  examination.versions = {{"muster", kVersion},
                          {"cpp-httplib", MUSTER_HTTPLIB_VERSION},
                          {"python", python_version(interpreter)}};
  const auto report = doctor::examine(examination);
  if (session.route().json)
    session.print(doctor::to_json(report));
  else
    session.print(doctor::render(report));
  return report.ok() ? env_done() : env_failed("doctor_gate_failed");
}

}  // namespace

const EnvCommand kEnvDoctor{
    .name = "doctor",
    .aliases = "d",
    .family = EnvFamily::debug,
    .about = "Judges the environment and muster itself by gates; exits 1 when one fails",
    .example = "muster env doctor --json",
    .more =
        "Gates: command_parity, runtime_truth, lifecycle, shipability. Each failure has a code "
        "and a reason.",
    .run = doctor,
};

}  // namespace muster::app
