#include "environment/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::environment {
namespace {

std::int64_t when(const Json& step) {
  return step.value("mono_ns", std::int64_t{0});
}

}  // namespace

bool Progress::take(const Json& step) {
  const std::string event = string_at(step, "event");
  const std::string service = string_at(step, "service");
  if (service.empty()) return false;
  Life& life = lives_[service];
  const auto wait_for = [&](std::string what) {
    life.what = std::move(what);
    life.since_ns = when(step);
  };
  if (event == "service.waiting") {
    wait_for(string_at(step, "awaits"));
  } else if (event == "service.started") {
    life.started_ns = when(step);
    wait_for(string_at(step, "awaits"));
  } else if (event == "service.restart" || event == "service.retry") {
    wait_for("another try");
  } else if (event == "service.stopping") {
    wait_for("its end");
  } else if (event == "service.ready" || event == "service.completed") {
    if (event == "service.ready") ++ready_;
    life.what.clear();
  } else if (event == "service.stopped") {
    ++stopped_;
    life.what.clear();
  } else if (event == "service.failed" || event == "service.ended") {
    life.what.clear();
  } else {
    return false;
  }
  return true;
}

std::vector<Awaited> Progress::awaited() const {
  std::vector<Awaited> found;
  for (const auto& [service, life] : lives_)
    if (!life.what.empty()) found.push_back({service, life.what, life.since_ns});
  std::stable_sort(found.begin(), found.end(),
                   [](const Awaited& a, const Awaited& b) { return a.since_ns < b.since_ns; });
  return found;
}

std::string Progress::told(const Json& step) const {
  const std::string event = string_at(step, "event");
  const auto life = lives_.find(string_at(step, "service"));
  const auto took = [&]() -> std::string {
    if (life == lives_.end() || life->second.started_ns == 0) return "";
    return fmt::format(" after {} ms", (when(step) - life->second.started_ns) / 1'000'000);
  };
  if (event == "service.waiting") return "waits for " + string_at(step, "awaits");
  if (event == "service.started") {
    const std::string awaits = string_at(step, "awaits");
    return fmt::format("started, pid {}{}", step.value("pid", 0),
                       awaits.empty() ? "" : ", waits for " + awaits);
  }
  if (event == "service.ready") return "ready" + took();
  if (event == "service.completed") return "completed" + took();
  if (event == "service.retry") return "tries again: " + string_at(step, "reason");
  if (event == "service.restart") return "restarts, it " + string_at(step, "after");
  if (event == "service.failed") return "failed: " + string_at(step, "reason");
  if (event == "service.stopping") return "stopping";
  if (event == "service.stopped") {
    const auto leaked = step.value("leaked", 0);
    return std::string("stopped") +
           (step.value("forced", false) ? ", killed after its grace" : "") +
           (leaked > 0 ? fmt::format(", {} left-over processes killed", leaked) : "");
  }
  return {};
}

}  // namespace muster::environment
