#include "app/env_dashboard_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"

namespace muster::app {
namespace {

using artifacts::Status;

const char* colour_of(Status status) {
  switch (status) {
    case Status::running:
      return "\x1b[32m";
    case Status::starting:
      return "\x1b[33m";
    case Status::stopped:
    case Status::simulated:
      return "\x1b[2m";
    default:
      return "\x1b[31m";
  }
}

std::string age(double started_at, WallTime now) {
  if (started_at <= 0) return "-";
  const auto seconds =
      std::max<std::int64_t>(0, now.seconds - static_cast<std::int64_t>(started_at));
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3'600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  if (seconds < 86'400) return fmt::format("{}h{:02}m", seconds / 3'600, seconds / 60 % 60);
  return fmt::format("{}d{:02}h", seconds / 86'400, seconds / 3'600 % 24);
}

/// `text` in exactly `width` columns.
std::string cell(const std::string& text, std::size_t width) {
  std::string out = printable(text);
  if (display_width(out) > width && width > 0) {
    while (display_width(out) >= width) out.resize(code_point_offset(out, code_points(out) - 1));
    out += "…";
  }
  const std::size_t wide = display_width(out);
  return wide < width ? out + std::string(width - wide, ' ') : out;
}

/// Lines that are cut at the width, with colours around whole lines or cells.
class Page {
 public:
  explicit Page(const DashboardStyle& style) : style_(style) {}

  void line(const std::string& text, const char* colour = nullptr) {
    std::string cut = cell(text, std::min(style_.width, display_width(printable(text))));
    while (cut.ends_with(' ')) cut.pop_back();
    lines_.push_back(painted(cut, colour));
  }
  void raw(std::string text) {
    while (text.ends_with(' ')) text.pop_back();
    lines_.push_back(std::move(text));
  }
  std::string painted(const std::string& text, const char* colour) const {
    if (!style_.colour || colour == nullptr || text.empty()) return text;
    return colour + text + "\x1b[0m";
  }
  std::string text() const {
    std::size_t count = lines_.size();
    const bool cut = style_.height > 0 && count > style_.height;
    if (cut) count = style_.height - 1;
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += lines_[i] + "\n";
    if (cut) out += fmt::format("… {} more lines\n", lines_.size() - count);
    return out;
  }

 private:
  const DashboardStyle& style_;
  std::vector<std::string> lines_;
};

void draw_services(const DashboardData& data, const DashboardStyle& style, WallTime now,
                   Page& page) {
  constexpr std::size_t kStatus = 12, kPort = 6, kPid = 8, kAge = 7;
  std::size_t name_width = 7;
  for (const auto& [name, service] : data.state.services)
    name_width = std::max(name_width, display_width(printable(name)));
  const std::size_t others = kStatus + kPort + kPid + kAge + 4;
  const std::size_t room = style.width > others + 7 ? style.width - others : 7;
  name_width = std::min(name_width, room);
  page.line(cell("SERVICE", name_width) + " " + cell("STATUS", kStatus) + " " +
            cell("PORT", kPort) + " " + cell("PID", kPid) + " AGE");
  const auto number = [](const auto& value) { return value ? std::to_string(*value) : "-"; };
  for (const auto& [name, service] : data.state.services) {
    const bool alive = service.status == Status::running || service.status == Status::starting;
    const std::string status =
        page.painted(cell(std::string(artifacts::to_string(service.status)), kStatus),
                     colour_of(service.status));
    page.raw(cell(name, name_width) + " " + status + " " +
             cell(number(service.actual_port), kPort) + " " +
             cell(alive ? number(service.pid) : "-", kPid) + " " +
             (alive ? age(service.started_at, now) : "-"));
    if (service.failure_detail) page.line("  " + *service.failure_detail, "\x1b[31m");
  }
}

}  // namespace

std::string draw_dashboard(const DashboardData& data, const DashboardStyle& style, WallTime now) {
  Page page(style);
  page.line(data.title + (data.kept ? "" : " (nothing keeps it)"), "\x1b[1m");
  std::map<std::string, int> counts;
  for (const auto& [name, service] : data.state.services)
    ++counts[std::string(artifacts::to_string(service.status))];
  std::string summary = "run " + data.state.run_id + ", mode " + data.state.mode;
  for (const auto& [status, count] : counts) summary += fmt::format(", {} {}", count, status);
  page.line(summary);
  page.raw("");
  draw_services(data, style, now, page);
  bool first = true;
  for (const auto& [project, requirements] : data.state.requirements) {
    for (const auto& [id, component] : requirements.components) {
      if (!component.enabled) continue;
      if (std::exchange(first, false)) {
        page.raw("");
        page.line("REQUIREMENTS");
      }
      const auto port = component.final_port ? fmt::format(" on {}", *component.final_port) : "";
      page.line(fmt::format("{} {}: {}{}", project, id,
                            component.simulated ? "simulated" : component.health, port),
                component.success ? nullptr : "\x1b[31m");
    }
  }
  if (!data.errors.empty()) {
    page.raw("");
    page.line("ERRORS");
    for (const auto& failure : data.errors)
      page.line(failure.subject + ": " + failure.message, "\x1b[31m");
  }
  if (!data.events.empty()) {
    page.raw("");
    page.line("EVENTS");
    for (const auto& event : data.events) page.line(event, "\x1b[2m");
  }
  return page.text();
}

}  // namespace muster::app
