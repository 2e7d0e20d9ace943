#include "programs/program.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "base/text.hpp"
#include "process/latch.hpp"
#include "process/log_capture.hpp"

namespace muster {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kShownLines = 20;

Exit exit_of(const process::ExitStatus& status) {
  return {status.signalled ? 0 : status.code, status.signalled ? status.code : 0,
          process::to_string(status)};
}

std::string last_output(process::Process& program) {
  const auto lines = program.log().tail(kShownLines);
  return lines.empty() ? "it printed nothing" : "its last lines:\n  " + join(lines, "\n  ");
}

asio::awaitable<Result<process::ExitStatus>> exit_within(std::shared_ptr<process::Process> program,
                                                         milliseconds within) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(program->executor(), within);
  auto first = co_await (program->wait() || timer.async_wait(asio::use_awaitable));
  if (first.index() == 0) co_return std::get<0>(first);
  co_return error("still_running",
                  fmt::format("{} still runs after {} ms", program->name(), within.count()),
                  last_output(*program));
}

asio::awaitable<Result<std::string>> line_within(std::shared_ptr<process::Process> program,
                                                 std::string text, milliseconds within) {
  process::Latch over(program->executor());
  std::optional<std::string> found;
  const int number = program->log().subscribe(
      [&](const process::LogLine& line) {
        if (found || line.text.find(text) == std::string_view::npos) return;
        found = std::string(line.text);
        over.set();
      },
      /*replay=*/true);
  using namespace asio::experimental::awaitable_operators;
  const auto deadline = std::chrono::steady_clock::now() + within;
  std::string why;
  try {
    if (!found) {
      auto first = co_await (over.wait_until(deadline) || program->wait());
      if (first.index() == 1) why = "ended without: " + process::to_string(std::get<1>(first));
    }
  } catch (...) {
    program->log().unsubscribe(number);
    throw;
  }
  program->log().unsubscribe(number);
  if (found) co_return std::move(*found);
  if (why.empty()) why = fmt::format("printed none within {} ms", within.count());
  co_return error("no_line", fmt::format("no line with '{}': {} {}", text, program->name(), why),
                  last_output(*program));
}

}  // namespace

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::~Program() = default;

const std::string& Program::name() const {
  return impl_->process->name();
}

int Program::pid() const {
  return impl_->process->pid();
}

int Program::port() const {
  return impl_->port;
}

std::string Program::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", impl_->port, path);
}

bool Program::running() const {
  return impl_->host.on_service<bool>([program = impl_->process]() -> asio::awaitable<bool> {
    co_return program->state() == process::State::running;
  });
}

std::string Program::output() const {
  return impl_->host.on_service<std::string>(
      [program = impl_->process]() -> asio::awaitable<std::string> {
        co_return program->log().text();
      });
}

std::string Program::await_line(const std::string& text, milliseconds within) {
  return impl_->host
      .on_service<Result<std::string>>([&]() { return line_within(impl_->process, text, within); })
      .value_or_throw();
}

Exit Program::await_exit(milliseconds within) {
  return exit_of(impl_->host
                     .on_service<Result<process::ExitStatus>>(
                         [&]() { return exit_within(impl_->process, within); })
                     .value_or_throw());
}

bool Program::signal(int number) {
  return impl_->host.on_service<bool>(
      [program = impl_->process, number]() -> asio::awaitable<bool> {
        co_return program->signal(number);
      });
}

Exit Program::stop() {
  const auto report = impl_->host.on_service<process::StopReport>(
      [&]() { return impl_->process->stop(impl_->grace); });
  for (const process::Casualty& leaked : report.leaked) {
    ADD_FAILURE() << "LEAK: pid " << leaked.pid << " (" << printable(leaked.command)
                  << ") outlived " << name() << " and was killed";
  }
  return exit_of(report.exit);
}

}  // namespace muster
