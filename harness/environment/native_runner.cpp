#include "environment/native_runner.hpp"

#include <utility>

namespace muster::environment {
namespace asio = boost::asio;
namespace {

StartFailure soft_failure(Error why) {
  StartFailure failure = start_failure(std::move(why));
  failure.soft = true;
  return failure;
}

Error not_itself(const Error& said) {
  return error("wrong_server", "it does not answer as itself at its port: " + said.message,
               said.hint);
}

}  // namespace

Result<void> NativeRunner::plan() {
  const requirements::RequirementSpec& spec = unit_.requirement->spec;
  auto account = requirements::account_for(spec);
  if (!account) return account.error();
  account_ = std::move(*account);
  auto data =
      requirements::DataDirectory::open(*around_.scope, around_.project + "-" + spec.id, account_);
  if (!data) return data.error();
  data_.emplace(std::move(*data));
  const char* path = process::env_value(around_.base_environment, "PATH");
  auto planned = requirements::plan_native(
      spec, data_->ground(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"));
  if (!planned) return planned.error();
  plan_ = std::move(*planned);
  return {};
}

asio::awaitable<std::optional<StartFailure>> NativeRunner::before() {
  if (auto planned = plan(); !planned) co_return start_failure(planned.error());
  unit_.requirement->variables = plan_.variables;
  as_account_ = true;
  for (const requirements::OneShot& step : plan_.prepare) {
    const auto done = co_await run_once(step.name, step.command, step.env, unit_.spec.ready_within);
    if (!done) co_return start_failure(done.error());
  }
  unit_.spec.command = plan_.command;
  unit_.spec.env = plan_.env;
  unit_.spec.ready = plan_.ready;
  unit_.spec.stop_signal = plan_.stop_signal;
  co_return std::nullopt;
}

asio::awaitable<std::optional<StartFailure>> NativeRunner::after() {
  as_account_ = false;
  if (plan_.identity) {
    const requirements::OneShot& step = *plan_.identity;
    const auto said = co_await run_once(step.name, step.command, step.env, unit_.spec.ready_within);
    const bool ours = said && said->find(step.prints) != std::string::npos;
    if (said && !ours)
      co_return start_failure(error("wrong_server", "another server answers at its port"), true);
    if (!said) co_return start_failure(not_itself(said.error()));
  }
  for (const requirements::OneShot& step : plan_.bootstrap) {
    const auto done = co_await run_once(step.name, step.command, step.env, unit_.spec.ready_within);
    if (!done) co_return soft_failure(done.error());
  }
  co_return std::nullopt;
}

void NativeRunner::arrange(process::LaunchSpec& spec) const {
  if (!as_account_ || !data_ || !data_->passed()) return;
  spec.fds.push_back({data_->fd(), requirements::DataDirectory::passed_fd});
  // a server of a package needs no folder, and the project's may be closed to its account
  if (unit_.requirement->spec.kind != "custom") spec.cwd = "/";
  // one that is to give up more than root does that first, and then gives up root by itself
  if (spec.program != "/usr/bin/unshare") spec.user = account_;
}

}  // namespace muster::environment
