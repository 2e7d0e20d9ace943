#include "app/env_recording.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "app/version.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

/// The command line of this process, for its hash.
std::vector<std::string> own_words() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (text.ends_with('\0')) text.pop_back();
  return split(text, '\0');
}

bool is_recorded(EnvFamily family) {
  return family == EnvFamily::startup || family == EnvFamily::project ||
         family == EnvFamily::cleanup;
}

/// What somebody has to mend in the folder, and nothing that went wrong.
bool is_usage(const std::string& failure_class) {
  for (const char* it : {"no_environment", "not_configured", "config_invalid", "no_project",
                         "selection_required", "target_unknown", "no_keeper", "usage"})
    if (failure_class == it) return true;
  return false;
}

}  // namespace

EnvRecording::EnvRecording(EnvSession& session) : session_(session) {
  const EnvCommand& command = *session.route().command;
  if (!is_recorded(command.family)) return;
  const auto settings = session.config();
  if (!settings) return;
  const auto record = (*settings)->get<bool>("debug.record");
  if (!record || !*record) return;
  const auto repository = session.repository(command.family == EnvFamily::startup);
  if (!repository) return;
  auto_pack_ =
      debug::auto_pack_from((*settings)->get<std::string>("debug.auto_pack").value_or_throw());
  if (auto_pack_ != debug::AutoPack::off) pack_what_crashed(**repository);
  debug::RecorderOptions options;
  options.command = "env " + std::string(command.name);
  options.words = own_words();
  options.version = kVersion;
  options.printable_input = (*settings)->get<bool>("debug.printable_input").value_or_throw();
  options.keep_sessions = static_cast<std::size_t>(
      (*settings)->get<std::int64_t>("debug.keep_sessions").value_or_throw());
  auto begun = debug::Recorder::begin((*repository)->folder(), options);
  if (begun) recorder_ = std::move(*begun);
}

/// The session before this one could not pack itself.
void EnvRecording::pack_what_crashed(const artifacts::Repository& repository) {
  const auto last = debug::last_session(repository.folder());
  if (!last || !last->crashed) return;
  const auto bundle = debug::last_bundle(repository);
  if (bundle && bundle->find(last->id) != std::string::npos) return;
  (void)debug::pack(repository, last->id);
}

void EnvRecording::step(const Json& step) {
  if (!recorder_) return;
  const std::string name = string_at(step, "event");
  if (name.empty()) return;
  Json data = step;
  data.erase("event");
  (void)recorder_->event(name, data);
  if (name == "service.failed")
    (void)recorder_->anomaly({string_at(step, "code", "service_failed"),
                              "high",
                              string_at(step, "reason", "a service failed"),
                              {{"subject", string_at(step, "service")}}});
}

void EnvRecording::input(std::string_view text) {
  if (recorder_) (void)recorder_->input(text);
}

std::optional<std::string> EnvRecording::end(const EnvEnd& end) {
  if (!recorder_) return std::nullopt;
  const auto repository = session_.repository();
  if (!repository) return std::nullopt;
  if (const auto latest = (*repository)->latest(); latest && *latest)
    recorder_->belongs_to((*latest)->run_id);
  if (end.code == 1 && !is_usage(end.failure_class) && recorder_->anomalies() == 0)
    (void)recorder_->anomaly({end.failure_class.empty() ? "command_failed" : end.failure_class,
                              "high", end.why ? end.why->message : "the command failed",
                              Json::object()});
  (void)recorder_->end(end.code, end.failure_class);
  const auto session = debug::read_session((*repository)->folder(), recorder_->id());
  if (!session || !debug::wants_packing(auto_pack_, *session)) return std::nullopt;
  auto packed = debug::pack(**repository, recorder_->id());
  if (!packed) return std::nullopt;
  return std::move(packed->path);
}

}  // namespace muster::app
