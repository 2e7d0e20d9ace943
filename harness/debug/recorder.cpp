#include "debug/recorder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "debug/session.hpp"

namespace muster::debug {
namespace {

/// Wall and monotonic time that part by more than this: the clock was set.
constexpr std::int64_t kClockJumpNs = 2'000'000'000;

std::int64_t nanoseconds(WallTime time) {
  return time.seconds * 1'000'000'000 + time.nanos;
}

Result<journal::AppendFile> created(const journal::Directory& folder, const char* name) {
  auto fd = folder.create(name);
  if (!fd) return fd.error();
  return journal::AppendFile(std::move(*fd), folder.path() + "/" + name);
}

/// `20260102T030405.000678000Z`, so that names of sessions sort by time, also within a second.
std::string compact(WallTime time) {
  std::string out;
  for (const char c : to_rfc3339(time).substr(0, 19))
    if (c != '-' && c != ':') out += c;
  return fmt::format("{}.{:09}Z", out, time.nanos);
}

}  // namespace

Recorder::Recorder(journal::Directory folder, std::string id, journal::AppendFile events,
                   journal::AppendFile anomalies, RecorderOptions options, const Clock& clock)
    : folder_(std::move(folder)),
      id_(std::move(id)),
      events_(std::move(events)),
      anomalies_(std::move(anomalies)),
      options_(std::move(options)),
      clock_(&clock),
      salt_(random_bytes(32)) {
  last_wall_ = clock.wall();
  started_at_ = to_rfc3339(last_wall_);
  started_mono_ns_ = last_mono_ns_ = clock.mono_ns();
}

Result<Recorder> Recorder::begin(const journal::Directory& scope, const RecorderOptions& options,
                                 const Clock& clock) {
  auto all = scope.sub(kFolder, true);
  if (!all) return all.error();
  // what is gone or cannot go is no reason to record nothing
  (void)prune_sessions(*all, options.keep_sessions > 0 ? options.keep_sessions - 1 : 0);
  const std::string id = "session-" + compact(clock.wall()) + "-" + random_hex(4);
  auto folder = all->make_new(id);
  if (!folder) return folder.error();
  auto events = created(*folder, kEventsFile);
  if (!events) return events.error();
  auto anomalies = created(*folder, kAnomaliesFile);
  if (!anomalies) return anomalies.error();
  Recorder made(std::move(*folder), id, std::move(*events), std::move(*anomalies), options, clock);
  if (auto written = made.write_session(); !written) return written.error();
  if (auto written = made.event("session.started", {{"command", options.command}}); !written)
    return written.error();
  return made;
}

Json Recorder::hashed(const std::vector<std::string>& words) const {
  // with the borders of the words: `a b` is not `ab`
  std::string whole;
  for (const std::string& word : words) whole += word + '\0';
  return {{"hash", to_hex(hmac_sha256(salt_, whole))},
          {"length", join(words, " ").size()},
          {"words", words.size()}};
}

Result<void> Recorder::write_line(journal::AppendFile& file, Json line) {
  if (auto added = file.append(dump_json(redacted_json(line)) + "\n"); !added) return added;
  return file.flush();
}

Result<void> Recorder::event(const std::string& name, const Json& data) {
  const WallTime wall = clock_->wall();
  const std::int64_t mono = clock_->mono_ns();
  const std::int64_t drift = (nanoseconds(wall) - nanoseconds(last_wall_)) - (mono - last_mono_ns_);
  last_wall_ = wall;
  last_mono_ns_ = mono;
  if (std::llabs(drift) > kClockJumpNs) {
    if (auto told = anomaly({"clock_jump",
                             "low",
                             "the wall clock was set while this was recorded",
                             {{"by_ms", drift / 1'000'000}}});
        !told)
      return told;
  }
  Json line = data.is_object() ? data : Json{{"data", data}};
  line["event"] = name;
  line["seq"] = ++seq_;
  line["t_mono_ns"] = mono;
  line["wall"] = to_rfc3339(wall);
  return write_line(events_, std::move(line));
}

Result<void> Recorder::command_line(const std::string& name,
                                    const std::vector<std::string>& words) {
  return event("command.line", {{"name", name}, {"line", hashed(words)}});
}

Result<void> Recorder::input(std::string_view text) {
  const auto count = [&](auto&& is) { return std::count_if(text.begin(), text.end(), is); };
  Json data{{"bytes", text.size()},
            {"letters", count([](unsigned char c) { return std::isalpha(c) != 0; })},
            {"digits", count([](unsigned char c) { return std::isdigit(c) != 0; })},
            {"control", count([](unsigned char c) { return std::iscntrl(c) != 0; })}};
  if (options_.printable_input) data["text"] = printable(text);
  return event("input", data);
}

Result<void> Recorder::anomaly(const Anomaly& anomaly) {
  ++anomaly_count_;
  const std::uint64_t seq = ++seq_;
  const std::int64_t mono = clock_->mono_ns();
  const std::string wall = to_rfc3339(clock_->wall());
  Json line{{"code", anomaly.code},
            {"severity", anomaly.severity},
            {"message", anomaly.message},
            {"data", anomaly.data},
            {"seq", seq},
            {"t_mono_ns", mono},
            {"wall", wall}};
  if (auto written = write_line(anomalies_, std::move(line)); !written) return written;
  return write_line(events_, {{"event", "anomaly"},
                              {"code", anomaly.code},
                              {"seq", seq},
                              {"t_mono_ns", mono},
                              {"wall", wall}});
}

void Recorder::belongs_to(const std::string& run_id) {
  run_id_ = run_id;
}

Result<void> Recorder::end(int exit_code, const std::string& failure_class) {
  exit_code_ = exit_code;
  failure_class_ = failure_class;
  Json data{{"exit_code", exit_code},
            {"duration_ms", (clock_->mono_ns() - started_mono_ns_) / 1'000'000}};
  if (!failure_class.empty()) data["failure_class"] = failure_class;
  if (auto written = event("session.ended", data); !written) return written;
  ended_at_ = to_rfc3339(clock_->wall());
  return write_session();
}

Result<void> Recorder::write_session() const {
  Json session{{"schema_version", kSchema},
               {"producer", "muster"},
               {"session_id", id_},
               {"version", options_.version},
               {"command", options_.command},
               {"command_line", hashed(options_.words)},
               {"pid", ::getpid()},
               {"started_at", started_at_},
               {"started_mono_ns", started_mono_ns_},
               {"printable_input", options_.printable_input},
               {"status", exit_code_ ? "ended" : "running"},
               {"events", seq_},
               {"anomalies", anomaly_count_}};
  if (!run_id_.empty()) session["run_id"] = run_id_;
  if (exit_code_) {
    session["exit_code"] = *exit_code_;
    session["ended_at"] = ended_at_;
    session["duration_ms"] = (last_mono_ns_ - started_mono_ns_) / 1'000'000;
  }
  if (!failure_class_.empty()) session["failure_class"] = failure_class_;
  const std::string text = redacted_json(session).dump(2) + "\n";
  return folder_.write_atomically(kSessionFile, text);
}

}  // namespace muster::debug
