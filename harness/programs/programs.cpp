#include "muster/programs.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "process/group.hpp"
#include "process/ports.hpp"
#include "process/readiness.hpp"
#include "programs/program.hpp"
#include "steps/host.hpp"

namespace muster {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view kPort = "{port}";

/// When programs are asked to end because their scenario has: the longest of their graces, but
/// no longer than a hook may take.
constexpr milliseconds kLongestGrace{8'000};

bool names_port(const Command& command) {
  const auto named = [](const std::string& text) { return text.find(kPort) != std::string::npos; };
  if (std::any_of(command.words.begin(), command.words.end(), named)) return true;
  return std::any_of(command.env.begin(), command.env.end(),
                     [&](const auto& variable) { return named(variable.second); });
}

std::string with_port(std::string text, int port) {
  const std::string number = std::to_string(port);
  for (std::size_t at = 0; (at = text.find(kPort, at)) != std::string::npos; at += number.size())
    text.replace(at, kPort.size(), number);
  return text;
}

process::Probe probe_of(const ReadyWhen& ready, const std::string& name, int port) {
  const bool needs_port =
      ready.kind == ReadyWhen::Kind::listening || ready.kind == ReadyWhen::Kind::http;
  if (needs_port && port == 0) {
    throw ErrorException(error("no_port", name + " is to be ready at its port and names none",
                               "write {port} where its command takes the port"));
  }
  switch (ready.kind) {
    case ReadyWhen::Kind::started:
      return process::ReadyListener{};
    case ReadyWhen::Kind::notified:
      return process::ReadyNotify{};
    case ReadyWhen::Kind::line:
      return process::ReadyLogLine{ready.text};
    case ReadyWhen::Kind::listening:
      return process::ReadyTcp{static_cast<std::uint16_t>(port)};
    case ReadyWhen::Kind::http:
      return process::ReadyHttp{net::Address::tcp("127.0.0.1", static_cast<std::uint16_t>(port)),
                                ready.text};
    case ReadyWhen::Kind::unix_socket:
      return process::ReadyUnixSocket{ready.text};
  }
  return process::ReadyListener{};
}

std::vector<std::string> environment_of(const Command& command, int port) {
  std::vector<std::string> env;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!command.env.contains(std::string(text.substr(0, text.find('='))))) env.emplace_back(text);
  }
  for (const auto& [name, value] : command.env) env.push_back(name + "=" + with_port(value, port));
  return env;
}

}  // namespace

struct Programs::Impl {
  explicit Impl(steps::Host& its_host) : host(its_host) {}

  /// Of the service thread.
  Result<process::Group*> home() {
    if (group) return group.get();
    process::GroupOptions options;
    options.run_id = host.run().run_id;
    options.id = "p" + random_hex(6);
    options.log_dir = host.run().logs.empty() ? "" : host.run().logs + "/" + options.id;
    options.socket_dir = host.run().scratch;
    options.observer = &host.observer();
    if (!options.log_dir.empty()) {
      std::error_code ignored;
      std::filesystem::create_directories(options.log_dir, ignored);
      std::filesystem::permissions(options.log_dir, std::filesystem::perms::owner_all, ignored);
    }
    auto made = process::Group::create(host.service(), std::move(options));
    if (!made) return made.error();
    group = std::move(made).value();
    host.announce_group(to_json(group->record()));
    return group.get();
  }

  asio::awaitable<Result<std::shared_ptr<process::Process>>> start(process::LaunchSpec spec,
                                                                   process::Probe ready,
                                                                   milliseconds within) {
    auto where = home();
    if (!where) co_return where.error();
    const bool notify = std::holds_alternative<process::ReadyNotify>(ready);
    auto spawned = (*where)->spawn(std::move(spec), notify);
    if (!spawned) co_return spawned.error();
    process::Ready any;
    any.any.push_back(std::move(ready));
    auto up = co_await process::until_ready(**spawned, std::move(any), within);
    if (!up) co_return up.error();
    co_return std::move(spawned).value();
  }

  asio::awaitable<process::GroupEnd> end(milliseconds grace) {
    co_return co_await group->end(grace);
  }

  steps::Host& host;
  std::unique_ptr<process::Group> group;  ///< of the service thread
  std::map<std::string, std::unique_ptr<Program>> programs;
  milliseconds longest_grace{0};  ///< of its programs
};

Programs::Programs(Scenario& scenario) : impl_(std::make_unique<Impl>(scenario.host())) {}

Programs::~Programs() {
  if (!impl_->group) return;
  try {
    const auto grace = std::min(impl_->longest_grace, kLongestGrace);
    const auto ended =
        impl_->host.on_service<process::GroupEnd>([this, grace]() { return impl_->end(grace); });
    for (const process::Casualty& leaked : ended.leaked) {
      ADD_FAILURE() << "LEAK: pid " << leaked.pid << " (" << printable(leaked.command)
                    << ") outlived its program and was killed";
    }
  } catch (const std::exception& failure) {
    ADD_FAILURE() << "the programs of the scenario were not stopped in order: " << failure.what();
  }
}

Program& Programs::start(const std::string& name, Command command) {
  if (command.words.empty()) throw ErrorException(error("no_program", name + " has no command"));
  if (const auto found = impl_->programs.find(name);
      found != impl_->programs.end() && found->second->running()) {
    throw ErrorException(error("already_running", "a program " + name + " runs already",
                               "stop it first, or give the second one another name"));
  }
  process::Port port;
  if (names_port(command)) port = process::hold_port().value_or_throw();

  process::LaunchSpec spec;
  spec.name = name;
  spec.program = command.words.front();
  for (std::size_t i = 1; i < command.words.size(); ++i)
    spec.args.push_back(with_port(command.words[i], port.number));
  spec.env = environment_of(command, port.number);
  spec.cwd = command.cwd;
  process::Probe ready = probe_of(command.ready, name, port.number);
  impl_->longest_grace = std::max(impl_->longest_grace, command.grace);

  auto started = impl_->host.on_service<Result<std::shared_ptr<process::Process>>>(
      [&]() { return impl_->start(std::move(spec), std::move(ready), command.within); });
  auto made = std::make_unique<Program>(std::make_unique<Program::Impl>(
      impl_->host, std::move(started).value_or_throw(), port.number, command.grace));
  // the port is the program's by now, or nobody wants it any more
  auto& kept = impl_->programs[name] = std::move(made);
  return *kept;
}

Exit Programs::run(const std::string& name, Command command) {
  command.ready = ReadyWhen::started();
  const auto within = command.within;
  return start(name, std::move(command)).await_exit(within);
}

Program& Programs::at(const std::string& name) {
  const auto found = impl_->programs.find(name);
  if (found == impl_->programs.end())
    throw ErrorException(error("not_started", "this scenario started no program " + name));
  return *found->second;
}

}  // namespace muster
