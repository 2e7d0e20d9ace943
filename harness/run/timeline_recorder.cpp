#include "run/timeline_recorder.hpp"

#include <algorithm>
#include <tuple>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::run {

using messages::Timeline;

namespace {

/// What a page still draws at once.
constexpr std::size_t kItems = 3'000;
/// Of them what programs print, which would crowd out the rest.
constexpr std::size_t kLogs = 600;

constexpr std::size_t kTitleBytes = 160;
constexpr std::size_t kDetailBytes = 600;

/// By messages::Status.
constexpr std::string_view kWords[] = {"unknown",   "passed",    "skipped", "pending",
                                       "undefined", "ambiguous", "failed"};

std::string first_line(std::string_view text) {
  const std::string_view whole = trim(text);
  return shorten(whole.substr(0, whole.find('\n')), kTitleBytes);
}

/// What the first line of a log says; of one in JSON its event or message.
std::string said_in(const std::string& text) {
  const std::string line(trim(text.substr(0, text.find('\n'))));
  if (!line.starts_with('{')) return first_line(line);
  const auto object = parse_json(line);
  for (const char* name : {"event", "message", "msg"})
    if (const std::string words = object ? string_at(*object, name) : ""; !words.empty())
      return first_line(words);
  return first_line(line);
}

/// Strings cut, what is deeper than a level as text.
Json shortened(const Json& data) {
  Json out = Json::object();
  if (!data.is_object()) return out;
  for (const auto& [name, value] : data.items()) {
    if (value.is_structured()) {
      if (!value.empty()) out[name] = shorten(dump_json(value), kDetailBytes);
    } else if (value.is_string()) {
      out[name] = shorten(value.get_ref<const std::string&>(), kDetailBytes);
    } else {
      out[name] = value;
    }
  }
  return out;
}

std::int64_t number_at(const Json& data, const char* name) {
  const auto found = data.find(name);
  return found != data.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// `console → ralph` in its halves; both empty when it is something else.
std::pair<std::string, std::string> ends_of(const std::string& tap) {
  static constexpr std::string_view kArrow = " → ";
  const std::size_t at = tap.find(kArrow);
  if (at == tap.npos) return {};
  return {tap.substr(0, at), tap.substr(at + kArrow.size())};
}

std::string ended_title(const Json& data) {
  if (data.contains("signal")) return "ended by " + string_at(data, "signal");
  return "exited " + std::to_string(number_at(data, "exited"));
}

bool is_failure(std::string_view kind) {
  static constexpr std::string_view kFailures[] = {
      "rejected", "refused",       "truncated",   "cut",           "stalled",      "failed",
      "leaked",   "accept_failed", "left",        "mirror_failed", "spawn_failed", "not_ready",
      "injected", "probe_failed",  "stop_failed", "unclean"};
  return std::find(std::begin(kFailures), std::end(kFailures), kind) != std::end(kFailures);
}

std::string moment_title(const Observation& seen) {
  if (seen.lane == "event" && seen.kind == "recorded") return string_at(seen.data, "event");
  if (seen.lane == "sse" && seen.kind == "frame") {
    const std::string id = string_at(seen.data, "id");
    return id.empty() ? "frame" : "frame " + id;
  }
  if (seen.lane == "wait" && seen.kind == "status")
    return seen.subject + " is " + string_at(seen.data, "status");
  if (seen.lane == "process" && seen.kind == "key")
    return "key " + string_at(seen.data, "kid") + " " + string_at(seen.data, "fingerprint");
  if (seen.lane == "fault") return string_at(seen.data, "fault") + " " + seen.subject;
  for (const char* name : {"message", "reason", "code"}) {
    const std::string said = string_at(seen.data, name);
    if (!said.empty()) return seen.kind + ": " + said;
  }
  return seen.kind;
}

}  // namespace

TimelineRecorder::TimelineRecorder(std::uint32_t attempt, std::int64_t mono_ns, WallTime at)
    : begin_ns_(mono_ns) {
  made_.attempt = attempt;
  made_.begin_wall_ns = at.seconds * 1'000'000'000 + at.nanos;
  lane("step", "test");
}

std::uint32_t TimelineRecorder::lane(std::string_view kind, std::string_view name) {
  const auto [place, is_new] =
      lanes_.try_emplace({std::string(kind), std::string(name)}, made_.lanes.size());
  if (is_new) made_.lanes.push_back({place->first.first, place->first.second});
  return place->second;
}

TimelineRecorder::Item* TimelineRecorder::add(Item item) {
  if (made_.items.size() >= kItems) {
    ++made_.left_out;
    return nullptr;
  }
  item.title = shorten(redact(item.title), kTitleBytes);
  item.detail = redacted_json(item.detail);
  made_.items.push_back(std::move(item));
  return &made_.items.back();
}

void TimelineRecorder::step_began(const std::string& title, std::int64_t mono_ns) {
  const std::lock_guard lock(mutex_);
  Item item;
  item.kind = "step";
  item.title = title;
  item.state = "open";
  item.at_us = us(mono_ns);
  step_ = add(std::move(item)) == nullptr ? std::nullopt
                                          : std::optional<std::size_t>(made_.items.size() - 1);
}

void TimelineRecorder::step_ended(messages::Status status, const std::string& message,
                                  std::int64_t mono_ns) {
  const std::lock_guard lock(mutex_);
  if (!step_) return;
  Item& item = made_.items[*step_];
  item.state = status <= messages::Status::skipped ? "" : "failed";
  item.until_us = us(mono_ns);
  item.detail["result"] = kWords[static_cast<std::size_t>(status)];
  if (!message.empty()) item.detail["message"] = shorten(redact(message), kDetailBytes);
  step_.reset();
}

void TimelineRecorder::take(const Observation& seen) {
  const std::lock_guard lock(mutex_);
  observed_ = true;
  if (seen.lane == "process" && seen.kind == "log") {
    log(seen);
  } else if (seen.lane == "process") {
    process(seen);
  } else if (seen.lane == "http" && seen.kind == "exchange") {
    exchange(seen);
  } else if (seen.lane == "chain") {
    if (seen.kind == "explained") explained(seen);
  } else if (seen.lane == "step" && seen.kind == "failed") {
    moment(seen, "step", moment_title(seen), true);
  } else {
    moment(seen, seen.lane, moment_title(seen), is_failure(seen.kind));
  }
}

void TimelineRecorder::moment(const Observation& seen, std::string_view lane_kind,
                              const std::string& title, bool failed) {
  Item item;
  const std::int64_t begin_ns = number_at(seen.data, "begin_ns");
  item.lane = lane(lane_kind, lane_kind == "step"    ? std::string_view("test")
                              : lane_kind == "event" ? std::string_view("HATCH")
                              : lane_kind == "wait"  ? std::string_view("waits")
                                                     : std::string_view(seen.subject));
  item.kind = seen.kind;
  item.title = first_line(title);
  item.state = failed ? "failed" : "";
  item.at_us = us(begin_ns > 0 ? begin_ns : seen.t_mono_ns);
  if (begin_ns > 0) item.until_us = us(seen.t_mono_ns);
  item.detail = shortened(seen.data);
  if (lane_kind == "event" || lane_kind == "wait") item.detail["subject"] = seen.subject;
  if (!seen.cause.empty()) item.detail["cause"] = shorten(seen.cause, kDetailBytes);
  add(std::move(item));
}

void TimelineRecorder::process(const Observation& seen) {
  const std::pair<std::string, std::int64_t> key{seen.subject, number_at(seen.data, "pid")};
  if (seen.kind == "spawned") {
    Item item;
    item.lane = lane("process", seen.subject);
    item.kind = "run";
    item.title = seen.subject;
    item.state = "open";
    item.at_us = us(seen.t_mono_ns);
    item.detail = shortened(seen.data);
    if (add(std::move(item)) != nullptr) running_[key] = made_.items.size() - 1;
    return;
  }
  const auto known = running_.find(key);
  Item* const item = known == running_.end() ? nullptr : find(known->second);
  if (item != nullptr && seen.kind == "ready") {
    item->ready_us = us(seen.t_mono_ns);
    item->detail["ready_by"] = string_at(seen.data, "by");
    return;
  }
  if (item != nullptr && (seen.kind == "exited" || seen.kind == "signalled")) {
    item->until_us = us(seen.t_mono_ns);
    item->detail["end"] = ended_title(seen.data);
    item->state = number_at(seen.data, "exited") != 0 || seen.kind == "signalled" ? "failed" : "";
    running_.erase(known);
    return;
  }
  moment(seen, "process", moment_title(seen), is_failure(seen.kind));
}

void TimelineRecorder::log(const Observation& seen) {
  if (++logs_ > kLogs) {
    ++made_.left_out;
    return;
  }
  Item item;
  item.lane = lane("process", seen.subject);
  item.kind = "log";
  item.title = said_in(string_at(seen.data, "text"));
  item.at_us = us(seen.t_mono_ns);
  item.detail = shortened(seen.data);
  add(std::move(item));
}

void TimelineRecorder::exchange(const Observation& seen) {
  Item item;
  item.lane = lane("http", seen.subject);
  item.kind = "exchange";
  const std::int64_t status = number_at(seen.data, "status");
  const std::string error = string_at(seen.data, "error");
  const std::int64_t end_ns = number_at(seen.data, "t_end_ns");
  item.title = string_at(seen.data, "method") + " " + string_at(seen.data, "target") + "  " +
               (status > 0    ? std::to_string(status)
                : end_ns == 0 ? std::string("no answer yet")
                              : std::string("no answer"));
  item.at_us = us(number_at(seen.data, "t_begin_ns"));
  if (end_ns > 0) item.until_us = us(end_ns);
  item.state = end_ns == 0                                      ? "open"
               : status >= 400 || status <= 0 || !error.empty() ? "failed"
                                                                : "";
  std::tie(item.from, item.to) = ends_of(seen.subject);
  for (const char* name : {"number", "status", "error", "fault", "frames"})
    if (seen.data.contains(name)) item.detail[name] = seen.data.at(name);
  for (const char* side : {"request", "response"}) {
    if (!seen.data.contains(side)) continue;
    const std::string body = string_at(seen.data.at(side), "body");
    if (!body.empty()) item.detail[side] = shorten(body, kDetailBytes);
  }
  if (seen.data.contains("signed_by")) item.detail["signed_by"] = dump_json(seen.data["signed_by"]);
  add(std::move(item));
}

void TimelineRecorder::explained(const Observation& seen) {
  Timeline::Gap gap;
  gap.letter = string_at(seen.data, "letter");
  gap.headline = redact(string_at(seen.data, "headline"));
  gap.chain = redact(string_at(seen.data, "chain"));
  gap.first = string_at(seen.data, "first");
  gap.from_us = us(number_at(seen.data, "begin_ns"));
  gap.until_us = us(number_at(seen.data, "end_ns"));
  for (const Json& line : seen.data.value("why", Json::array())) {
    const std::int64_t t_ns = number_at(line, "t_ns");
    gap.why.push_back(
        {t_ns == 0 ? std::nullopt : std::optional(us(t_ns)), redact(string_at(line, "text"))});
  }
  made_.gap = std::move(gap);
}

std::optional<std::string> TimelineRecorder::text(std::int64_t mono_ns) {
  const std::lock_guard lock(mutex_);
  if (!observed_) return std::nullopt;
  Timeline whole = made_;
  whole.until_us = us(mono_ns);
  std::stable_sort(whole.items.begin(), whole.items.end(),
                   [](const Item& a, const Item& b) { return a.at_us < b.at_us; });
  return messages::to_text(whole);
}

}  // namespace muster::run
