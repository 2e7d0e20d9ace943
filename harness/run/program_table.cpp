#include "run/program_table.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "truth/listeners.hpp"
#include "truth/service_truth.hpp"

namespace muster::run {
namespace {

constexpr std::size_t kTailBytes = 8 * 1024;
constexpr std::size_t kTailLines = 20;
/// A scenario that starts hundreds is told of its last ones.
constexpr std::size_t kPrograms = 30;

using Row = std::array<std::string, 6>;

/// Where a program and what it started listen.
std::string listens(std::int64_t pid, const std::vector<truth::Listener>& listeners) {
  std::vector<std::string> ports;
  for (const int port : truth::ports_held_by(static_cast<pid_t>(pid), listeners))
    ports.push_back(std::to_string(port));
  return ports.empty() ? "no port" : join(ports, ", ");
}

std::string table_text(const std::vector<Row>& rows) {
  std::array<std::size_t, 6> widths{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - display_width(row[i]) + 2, ' ');
    }
    text += "  " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::int64_t number_at(const Json& data, const char* name) {
  const auto found = data.find(name);
  return found != data.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

}  // namespace

ProgramTable::Program* ProgramTable::find(const std::string& name, std::int64_t pid) {
  const auto found = std::find_if(programs_.rbegin(), programs_.rend(), [&](const Program& each) {
    return each.name == name && each.pid == pid;
  });
  return found == programs_.rend() ? nullptr : &*found;
}

void ProgramTable::take(const Observation& seen) {
  if (seen.lane != "process") return;
  const std::lock_guard lock(mutex_);
  const std::int64_t pid = number_at(seen.data, "pid");
  if (seen.kind == "spawned") {
    if (programs_.size() >= kPrograms) programs_.erase(programs_.begin());
    programs_.push_back({seen.subject, pid});
    return;
  }
  if (seen.kind == "spawn_failed") {
    programs_.push_back({seen.subject, 0, "not started", string_at(seen.data, "message"), ""});
    return;
  }
  Program* const program = find(seen.subject, pid);
  if (program == nullptr) return;
  if (seen.kind == "ready") {
    program->said = "ready by " + string_at(seen.data, "by");
  } else if (seen.kind == "not_ready") {
    program->said = fmt::format("not ready within {} ms", number_at(seen.data, "within_ms"));
  } else if (seen.kind == "exited") {
    program->end = fmt::format("exited {}", number_at(seen.data, "exited"));
  } else if (seen.kind == "signalled") {
    program->end = "ended by " + string_at(seen.data, "signal");
  } else if (seen.kind == "log") {
    program->tail += string_at(seen.data, "text");
    if (program->tail.size() > 2 * kTailBytes)
      program->tail.erase(0, program->tail.size() - kTailBytes);
  }
}

std::string ProgramTable::text() const {
  const std::lock_guard lock(mutex_);
  if (programs_.empty()) return {};
  std::vector<truth::Listener> listeners;
  if (auto asked = truth::listeners()) listeners = std::move(asked).value();
  std::vector<Row> rows = {{"program", "pid", "alive", "listens", "readiness", "end"}};
  std::string output;
  for (const Program& program : programs_) {
    const bool alive =
        program.end.empty() && program.pid > 0 && kill(static_cast<pid_t>(program.pid), 0) == 0;
    rows.push_back({printable(program.name), program.pid > 0 ? std::to_string(program.pid) : "-",
                    alive ? "yes" : "no", alive ? listens(program.pid, listeners) : "-",
                    printable(program.said), printable(program.end)});
    for (const std::string& line : last_lines(program.tail, kTailLines))
      output += "  " + printable(program.name) + " | " + printable(line) + "\n";
  }
  return "programs at the failure:\n" + table_text(rows) +
         (output.empty() ? "" : "their last output:\n" + output);
}

}  // namespace muster::run
