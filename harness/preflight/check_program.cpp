#include "preflight/check_program.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <exception>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "process/group.hpp"

namespace muster::preflight {
namespace asio = boost::asio;
namespace {

constexpr std::size_t most_output = 1U << 20;
constexpr std::chrono::milliseconds stop_interval(50);

/// Programs that one group has held before it is made anew: it keeps what it knows of each.
constexpr int most_programs = 64;

/// Where programs of checks run.
struct Workshop {
  asio::io_context io{1};
  std::unique_ptr<process::Group> group;
  int used = 0;
};

/// Of this thread, for programs that start no others. It dies with the thread.
std::unique_ptr<Workshop>& shared_workshop() {
  static thread_local std::unique_ptr<Workshop> workshop;
  return workshop;
}

Result<std::unique_ptr<Workshop>> make_workshop(const std::string& id) {
  const Result<process::Backend> best = check_backend();
  if (!best) return best.error();
  auto workshop = std::make_unique<Workshop>();
  process::GroupOptions options;
  options.run_id = "preflight-" + random_hex(8);
  options.id = id;
  options.backend = *best;
  options.log.head_bytes = 0;
  options.log.line_bytes = most_output;
  Result<std::unique_ptr<process::Group>> group =
      process::Group::create(workshop->io.get_executor(), std::move(options));
  if (!group) return group.error();
  workshop->group = std::move(*group);
  return workshop;
}

void keep(std::string& text, std::string_view line) {
  if (text.size() < most_output) text.append(line.substr(0, most_output - text.size()));
}

}  // namespace

Result<process::Backend> check_backend() {
  static const Result<process::Backend> best = process::best_backend();
  return best;
}

Result<ProgramOutput> run_program(const ProgramCall& call, const Deadline& deadline) {
  std::unique_ptr<Workshop> own;
  std::unique_ptr<Workshop>& workshop = call.starts_others ? own : shared_workshop();
  if (!workshop || ++workshop->used == most_programs) {
    Result<std::unique_ptr<Workshop>> made = make_workshop(call.name);
    if (!made) return made.error();
    workshop = std::move(*made);
  }
  asio::io_context& io = workshop->io;
  io.restart();

  process::LaunchSpec spec;
  spec.name = call.name;
  spec.program = call.argv.at(0);
  spec.args.assign(call.argv.begin() + 1, call.argv.end());
  spec.env = call.env;
  spec.cwd = call.cwd;
  Result<std::shared_ptr<process::Process>> started = workshop->group->spawn(std::move(spec));
  if (!started) return started.error();
  const std::shared_ptr<process::Process> program = *started;

  // A group that is kept knows its programs longer than this call lasts.
  const auto output = std::make_shared<ProgramOutput>();
  program->log().on_block([output](process::Stream stream, std::int64_t, std::string_view lines) {
    keep(stream == process::Stream::out ? output->out : output->err, lines);
  });
  bool over = false;
  asio::co_spawn(io, program->wait(), [&](std::exception_ptr, process::ExitStatus exit) {
    output->exit = exit;
    over = true;
  });
  const auto stopped = [&call] { return call.stop != nullptr && call.stop->load(); };
  while (!over && !deadline.over() && !stopped()) {
    const auto soon = std::chrono::steady_clock::now() + stop_interval;
    io.run_one_until(call.stop == nullptr ? deadline.at() : std::min(deadline.at(), soon));
  }
  // The group goes before what its programs write to; whatever still runs dies with it.
  if (!over || call.starts_others) {
    workshop->group.reset();
    workshop.reset();
  }
  if (over) return *output;
  return error("timeout",
               call.name + " was ended after " + std::to_string(deadline.timeout().count()) +
                   " ms; last it said: " + join(last_lines(output->out + output->err, 2), " / "));
}

std::vector<std::string> inherited_environment() {
  std::vector<std::string> env;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    env.emplace_back(*entry);
  return env;
}

std::vector<std::string> plain_environment() {
  std::vector<std::string> env{"LC_ALL=C.UTF-8"};
  for (const char* name : {"PATH", "HOME"}) {
    if (const char* value = std::getenv(name)) env.push_back(std::string(name) + "=" + value);
  }
  return env;
}

}  // namespace muster::preflight
