#include "app/env_progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iostream>

#include "app/environment.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// Where there is no live line: after that long, then each time twice as long.
constexpr std::int64_t kFirstReminder = 2 * kSecond;

bool live_terminal() {
  return ::isatty(STDERR_FILENO) == 1 && environment_variable("TERM").value_or("") != "dumb";
}

std::size_t columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string seconds(std::int64_t ns) {
  return fmt::format("{:.1f} s", static_cast<double>(std::max<std::int64_t>(ns, 0)) / 1e9);
}

}  // namespace

EnvProgress::EnvProgress() : terminal_(live_terminal()), reminder_pause_ns_(kFirstReminder) {}

EnvProgress::~EnvProgress() {
  erase();
}

void EnvProgress::take(const Json& step) {
  const std::int64_t now = mono_ns();
  if (progress_.take(step)) {
    if (const std::string told = progress_.told(step); !told.empty()) {
      erase();
      std::cerr << "  " << printable(string_at(step, "service")) << "  " << printable(told) << '\n';
    }
  }
  if (terminal_)
    draw(now);
  else
    remind(now);
}

void EnvProgress::draw(std::int64_t now_ns) {
  const auto awaited = progress_.awaited();
  erase();
  if (awaited.empty()) return;
  std::string line = fmt::format("… {} ({}, {})", awaited[0].service, awaited[0].what,
                                 seconds(now_ns - awaited[0].since_ns));
  if (awaited.size() > 1) line += fmt::format(" and {} more", awaited.size() - 1);
  std::cerr << shorten(printable(line), columns() - 1) << std::flush;
  drawn_ = true;
}

void EnvProgress::erase() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

void EnvProgress::remind(std::int64_t now_ns) {
  const auto awaited = progress_.awaited();
  if (awaited.empty()) {
    next_reminder_ns_ = 0;
    reminder_pause_ns_ = kFirstReminder;
    return;
  }
  if (next_reminder_ns_ == 0) next_reminder_ns_ = awaited[0].since_ns + reminder_pause_ns_;
  if (now_ns < next_reminder_ns_) return;
  for (const environment::Awaited& each : awaited)
    std::cerr << "  " << printable(each.service) << "  still waits for " << printable(each.what)
              << ", " << seconds(now_ns - each.since_ns) << '\n';
  reminder_pause_ns_ *= 2;
  next_reminder_ns_ = now_ns + reminder_pause_ns_;
}

}  // namespace muster::app
