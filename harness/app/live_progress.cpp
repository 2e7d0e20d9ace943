#include "app/live_progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "truth/listeners.hpp"
#include "truth/service_truth.hpp"

namespace muster::app {
namespace {

/// Scenarios that the block shows; beyond them it says how many more run.
constexpr std::size_t kShown = 6;

bool has_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool good_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/// A line that the terminal does not break.
std::string fitted(std::string_view line, std::size_t width) {
  std::string text = printable(line);
  if (display_width(text) < width) return text;
  std::size_t letters = code_points(text);
  while (letters > 0 && display_width(text) >= width)
    text = text.substr(0, code_point_offset(text, --letters));
  return text.substr(0, code_point_offset(text, letters > 0 ? letters - 1 : 0)) + "…";
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(STDERR_FILENO, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// Where a program and what it started listen.
std::string listens(std::int64_t pid, const std::vector<truth::Listener>& listeners) {
  std::vector<std::string> ports;
  for (const int port : truth::ports_held_by(static_cast<pid_t>(pid), listeners))
    ports.push_back(std::to_string(port));
  return ports.empty() ? "no port" : "port " + join(ports, ", ");
}

}  // namespace

LiveProgress::LiveProgress(const run::Plan& plan, const run::RunSettings& settings)
    : settings_(settings), now_(plan), began_ns_(mono_ns()) {
  const std::string& mode = settings.show_progress;
  block_ = mode == "block" || (mode == "auto" && good_terminal());
  lines_ = mode == "line" || (mode == "auto" && !block_ && has_variable("CI"));
  next_line_ns_ = began_ns_ + std::chrono::nanoseconds(settings.progress_interval).count();
}

void LiveProgress::frame(std::uint32_t worker, const run::Frame& frame) {
  now_.take(worker, frame, mono_ns());
  if (settings_.output != "immediate") return;
  if (const auto* seen = std::get_if<run::frame::Observed>(&frame)) output(seen->json);
}

void LiveProgress::output(const std::string& observation) {
  if (observation.find("\"kind\":\"log\"") == observation.npos) return;
  const auto seen = parse_json(observation);
  if (!seen || string_at(*seen, "lane") != "process" || string_at(*seen, "kind") != "log") return;
  const std::string name = printable(string_at(*seen, "subject"));
  std::string& torn = torn_[name];
  torn += string_at(seen->value("data", Json::object()), "text");
  std::string lines;
  for (std::size_t end = torn.find('\n'); end != torn.npos; end = torn.find('\n')) {
    lines += name + " | " + printable(torn.substr(0, end)) + "\n";
    torn.erase(0, end + 1);
  }
  // who prints no line end is shown nevertheless
  if (torn.size() > 4096) lines += name + " | " + printable(std::exchange(torn, {})) + "\n";
  if (!lines.empty()) print(lines);
}

void LiveProgress::tick() {
  const std::int64_t now = mono_ns();
  std::string slow;
  for (const std::string& line : now_.slow(now, settings_.slow_step, settings_.slow_scenario))
    slow += "muster: " + printable(line) + "\n";
  if (!slow.empty()) print(slow);
  if (block_) draw(now);
  if (!lines_ || now < next_line_ns_) return;
  next_line_ns_ = now + std::chrono::nanoseconds(settings_.progress_interval).count();
  std::string line = head(now);
  if (!now_.scenes().empty()) {
    const run::Now::Scene& first = now_.scenes().begin()->second;
    line += fmt::format("; {}: {}", now_.place(first), now_.step(first));
  }
  print("muster: " + printable(line) + "\n");
}

std::string LiveProgress::head(std::int64_t now_ns) const {
  const run::Now::Counts& counts = now_.counts();
  std::size_t programs = 0;
  for (const auto& [worker, scene] : now_.scenes()) programs += scene.programs.size();
  return fmt::format("{} of {} scenarios, {} failed, {}, {} process{} up", counts.done,
                     counts.planned, counts.failed, run::lasting(now_ns - began_ns_), programs,
                     programs == 1 ? "" : "es");
}

void LiveProgress::draw(std::int64_t now_ns) {
  const std::size_t width = terminal_width();
  std::string text = fitted(head(now_ns), width) + "\n";
  int count = 1;
  std::size_t shown = 0;
  for (const auto& [worker, scene] : now_.scenes()) {
    if (++shown > kShown) break;
    std::vector<std::string> names;
    for (const auto& program : scene.programs) names.push_back(program.name);
    const std::string up = names.empty() ? "" : "  [" + join(names, " ") + "]";
    text += fitted(fmt::format("  {} {}", now_.place(scene), now_.name(scene)), width) + "\n";
    text += fitted(fmt::format("    {}  {}{}", now_.step(scene),
                               run::lasting(now_ns - scene.step_began_ns), up),
                   width) +
            "\n";
    count += 2;
  }
  if (now_.scenes().size() > kShown) {
    text += fmt::format("  … {} more\n", now_.scenes().size() - kShown);
    ++count;
  }
  hide();
  write_all(text);
  drawn_ = count;
}

void LiveProgress::hide() {
  if (drawn_ == 0) return;
  write_all(fmt::format("\x1b[{}A\r\x1b[J", drawn_));
  drawn_ = 0;
}

void LiveProgress::print(const std::string& lines) {
  hide();
  write_all(lines);
}

void LiveProgress::asked() {
  const std::int64_t now = mono_ns();
  std::string text = "muster: now: " + head(now) + "\n";
  std::vector<truth::Listener> listeners;
  if (auto asked = truth::listeners()) listeners = std::move(asked).value();
  for (const auto& [worker, scene] : now_.scenes()) {
    text += printable(fmt::format("  {} {}  {}", now_.place(scene), now_.name(scene),
                                  run::lasting(now - scene.began_ns))) +
            "\n" +
            printable(fmt::format("    {}  {}", now_.step(scene),
                                  run::lasting(now - scene.step_began_ns))) +
            "\n";
    for (const auto& program : scene.programs) {
      const std::string last =
          program.last_line.empty() ? "silent" : "last line: " + shorten(program.last_line, 200);
      text += printable(fmt::format("    {}  pid {}  {}  {}  {}  {}", program.name, program.pid,
                                    listens(program.pid, listeners),
                                    program.ready ? "ready" : "not ready",
                                    run::lasting(now - program.since_ns), last)) +
              "\n";
    }
  }
  print(text);
}

}  // namespace muster::app
