#include "preflight/import_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <exception>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "preflight/check_program.hpp"
#include "preflight/import_program.hpp"
#include "process/group.hpp"

namespace muster::preflight {
namespace asio = boost::asio;

namespace {

constexpr int control_number = 3;  // import_boot.py reads and writes it
constexpr std::size_t most_words = 65536;

}  // namespace

struct ImportChannel::Program {
  asio::io_context io{1};
  std::unique_ptr<process::Group> group;
  std::shared_ptr<process::Process> process;
  UniqueFd control;
  std::string words;
  std::optional<process::ExitStatus> exit;

  ~Program() {
    control.reset();
    process.reset();
    group.reset();
  }
};

ImportChannel::ImportChannel() : program_(std::make_unique<Program>()) {}
ImportChannel::~ImportChannel() = default;

Result<std::unique_ptr<ImportChannel>> ImportChannel::start(const Start& start) {
  const Result<process::Backend> best = check_backend();
  if (!best) return best.error();
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return error("python_failed", "no socket pair for the interpreter");
  UniqueFd ours(ends[0]);
  const UniqueFd its(ends[1]);
  if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0)
    return error("python_failed", "the socket to the interpreter can not be made non-blocking");

  std::unique_ptr<ImportChannel> channel(new ImportChannel());
  Program& program = *channel->program_;
  process::GroupOptions options;
  options.run_id = "preflight-" + random_hex(8);
  options.id = "imports";
  options.backend = *best;
  options.log.head_bytes = 0;
  options.log.line_bytes = most_words;
  Result<std::unique_ptr<process::Group>> group =
      process::Group::create(program.io.get_executor(), std::move(options));
  if (!group) return group.error();
  program.group = std::move(*group);

  process::LaunchSpec spec;
  spec.name = "python";
  spec.program = start.python;
  // -B: a check leaves no files behind in the project.
  spec.args = {"-I", "-B", "-c", std::string(import_boot_source())};
  spec.env = start.environment;
  spec.cwd = start.cwd;
  spec.fds = {{its.get(), control_number}};
  Result<std::shared_ptr<process::Process>> started = program.group->spawn(std::move(spec));
  if (!started) {
    Error why = started.error();
    why.code = why.code == "program_not_found" ? "python_missing" : "python_failed";
    return why;
  }
  program.process = *started;
  program.process->log().on_block(
      [&program](process::Stream, std::int64_t, std::string_view lines) {
        if (program.words.size() < most_words) program.words.append(lines);
      });
  asio::co_spawn(program.io, program.process->wait(),
                 [&program](std::exception_ptr, process::ExitStatus exit) { program.exit = exit; });
  program.control = std::move(ours);
  channel->send(import_standard_source());
  channel->send(import_autopsy_source());
  channel->send(import_zygote_source());
  return channel;
}

void ImportChannel::send(std::string_view body) {
  outgoing_ += std::to_string(body.size()) + "\n";
  outgoing_ += body;
  write_some();
}

void ImportChannel::write_some() {
  while (!outgoing_.empty() && !gone_) {
    const ssize_t sent =
        ::send(program_->control.get(), outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      outgoing_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno != EINTR) {
      if (errno != EAGAIN) gone_ = true;
      return;
    }
  }
}

bool ImportChannel::read_some() {
  char buffer[65536];
  const ssize_t got = ::recv(program_->control.get(), buffer, sizeof buffer, 0);
  if (got > 0) {
    incoming_.append(buffer, static_cast<std::size_t>(got));
  } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
    gone_ = true;
  }
  return got > 0;
}

std::optional<std::string> ImportChannel::receive(const Deadline& deadline) {
  for (;;) {
    const std::size_t end = incoming_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = incoming_.substr(0, end);
      incoming_.erase(0, end + 1);
      searched_ = 0;
      return line;
    }
    searched_ = incoming_.size();
    if (gone_) return std::nullopt;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        deadline.at() - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd wait{program_->control.get(), POLLIN, 0};
    if (!outgoing_.empty()) wait.events |= POLLOUT;
    if (::poll(&wait, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 1 << 30))) <= 0)
      continue;
    if ((wait.revents & POLLOUT) != 0) write_some();
    if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_some();
  }
}

std::string ImportChannel::last_words() {
  const Deadline patience(std::chrono::milliseconds(1'000));
  while (!program_->exit && !patience.over()) program_->io.run_one_until(patience.at());
  std::string text =
      program_->exit ? "it " + to_string(*program_->exit) : "it runs, but does not answer";
  const std::string words = join(last_lines(program_->words, 3), " / ");
  if (!words.empty()) text += "; it said: " + shorten(words, 600);
  return text;
}

}  // namespace muster::preflight
