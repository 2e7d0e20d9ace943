#include "run/now.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace muster::run {
namespace {

/// Whether `lasted` is beyond the limit and twice what was told; then it is told.
bool is_slower(std::int64_t lasted_ns, std::chrono::milliseconds limit, std::int64_t& told_ns) {
  const std::int64_t limit_ns = std::chrono::nanoseconds(limit).count();
  if (limit_ns <= 0 || lasted_ns < std::max(limit_ns, 2 * told_ns)) return false;
  told_ns = lasted_ns;
  return true;
}

}  // namespace

Now::Now(const Plan& plan) : plan_(plan) {
  for (const PlannedCase& planned : plan.cases) counts_.planned += planned.closed ? 0 : 1;
}

void Now::take(std::uint32_t worker, const Frame& frame, std::int64_t now_ns) {
  if (const auto* started = std::get_if<frame::CaseStarted>(&frame)) {
    if (started->index >= plan_.cases.size()) return;
    Scene scene;
    scene.index = started->index;
    scene.attempt = started->attempt;
    scene.began_ns = scene.step_began_ns = now_ns;
    scenes_[worker] = std::move(scene);
    return;
  }
  const auto found = scenes_.find(worker);
  if (found == scenes_.end()) return;
  Scene& scene = found->second;
  if (const auto* step = std::get_if<frame::StepStarted>(&frame)) {
    scene.step = step->step;
    scene.step_began_ns = now_ns;
    scene.told_step_ns = 0;
  } else if (const auto* ended = std::get_if<frame::StepFinished>(&frame)) {
    scene.worst = worse(scene.worst, ended->status);
  } else if (std::holds_alternative<frame::CaseEnding>(frame)) {
    scene.ending = true;
    scene.step_began_ns = now_ns;
  } else if (const auto* seen = std::get_if<frame::Observed>(&frame)) {
    observed(scene, seen->json, now_ns);
  } else if (const auto* finished = std::get_if<frame::CaseFinished>(&frame)) {
    if (!finished->retried) done(scene, !is_green(scene.worst));
    scenes_.erase(found);
  }
}

void Now::gone(std::uint32_t worker) {
  const auto found = scenes_.find(worker);
  if (found == scenes_.end()) return;
  const Scene& scene = found->second;
  if (scene.attempt >= plan_.cases[scene.index].retries) done(scene, true);
  scenes_.erase(found);
}

void Now::done(const Scene&, bool failed) {
  ++counts_.done;
  counts_.failed += failed ? 1 : 0;
}

void Now::observed(Scene& scene, const std::string& json, std::int64_t now_ns) {
  // most are about something else; those are not worth being parsed
  if (json.find("\"lane\":\"process\"") == json.npos) return;
  const auto parsed = parse_json(json);
  if (!parsed) return;
  const std::string kind = string_at(*parsed, "kind");
  const Json data = parsed->value("data", Json::object());
  const auto pid_at = data.find("pid");
  if (pid_at == data.end() || !pid_at->is_number_integer()) return;
  const auto pid = pid_at->get<std::int64_t>();
  if (kind == "spawned") {
    scene.programs.push_back({string_at(*parsed, "subject"), pid, now_ns, false, ""});
    return;
  }
  const auto program = std::find_if(scene.programs.begin(), scene.programs.end(),
                                    [&](const Program& each) { return each.pid == pid; });
  if (program == scene.programs.end()) return;
  if (kind == "exited" || kind == "signalled") {
    scene.programs.erase(program);
  } else if (kind == "ready") {
    program->ready = true;
  } else if (kind == "log") {
    const auto lines = last_lines(string_at(data, "text"), 1);
    if (!lines.empty()) program->last_line = lines.back();
  }
}

std::string Now::place(const Scene& scene) const {
  const ScenarioInfo& info = plan_.cases[scene.index].info.scenario;
  return fmt::format("{}:{}", info.uri, info.line);
}

const std::string& Now::name(const Scene& scene) const {
  return plan_.cases[scene.index].info.scenario.name;
}

std::string Now::step(const Scene& scene) const {
  if (scene.ending) return "the end";
  const PlannedCase& planned = plan_.cases[scene.index];
  if (!scene.step || *scene.step >= planned.steps.size()) return "the beginning";
  const PlannedStep& step = planned.steps[*scene.step];
  if (step.hook) return "a hook";
  const auto& info = planned.info.steps[step.pickle_step];
  return fmt::format("{} {}", trim(info.keyword), info.text);
}

std::vector<std::string> Now::slow(std::int64_t now_ns, std::chrono::milliseconds step_limit,
                                   std::chrono::milliseconds case_limit) {
  std::vector<std::string> lines;
  for (auto& [worker, scene] : scenes_) {
    if (scene.step && is_slower(now_ns - scene.step_began_ns, step_limit, scene.told_step_ns))
      lines.push_back(fmt::format("SLOW step, {}: {} ({})", lasting(now_ns - scene.step_began_ns),
                                  step(scene), place(scene)));
    if (is_slower(now_ns - scene.began_ns, case_limit, scene.told_case_ns))
      lines.push_back(fmt::format("SLOW scenario, {}: {} ({})", lasting(now_ns - scene.began_ns),
                                  name(scene), place(scene)));
  }
  return lines;
}

std::string lasting(std::int64_t duration_ns) {
  const double seconds = static_cast<double>(duration_ns) / 1e9;
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  return whole < 60 ? fmt::format("{} s", whole)
                    : fmt::format("{} min {} s", whole / 60, whole % 60);
}

}  // namespace muster::run
