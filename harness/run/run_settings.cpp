#include "run/run_settings.hpp"

#include <filesystem>
#include <utility>

namespace muster::run {
namespace {

/// Reads one key after the other; what went wrong first is kept.
class Reader {
 public:
  explicit Reader(const config::Config& config) : config_(config) {}

  template <class T>
  void read(const char* key, T& into) {
    auto found = config_.find<T>(key);
    if (!found) {
      fail(found.error());
    } else if (*found) {
      into = std::move(**found);
    }
  }

  /// A text that is read further; an error of that stands at the value.
  template <class T>
  void parse(const char* key, T& into, auto parser) {
    std::optional<std::string> text;
    auto found = config_.find<std::string>(key);
    if (!found) return fail(found.error());
    if (!*found) return;
    auto parsed = parser(**found);
    if (!parsed) {
      const Error& why = parsed.error();
      return fail(config_.error_at(key, why.code, why.message, why.hint));
    }
    into = std::move(parsed).value();
  }

  const std::optional<Error>& failure() const { return failure_; }

 private:
  void fail(const Error& why) {
    if (!failure_) failure_ = why;
  }

  const config::Config& config_;
  std::optional<Error> failure_;
};

/// A path of the file stands relative to the file's folder, all others to the current one.
void place(const config::Config& config, const char* key, std::string& path) {
  namespace fs = std::filesystem;
  const config::Layer layer = config.origin(key).layer;
  if (layer != config::Layer::file && layer != config::Layer::profile) return;
  const std::size_t begin = path.starts_with('@') ? 1 : 0;
  std::error_code failure;
  if (path.size() == begin || fs::path(path.substr(begin)).is_absolute() ||
      fs::equivalent(config.folder(), ".", failure)) {
    return;
  }
  path.insert(begin, config.folder() + "/");
}

}  // namespace

Result<RunSettings> read_run_settings(const config::Config& config) {
  RunSettings settings;
  Reader reader(config);
  reader.read("run.paths", settings.paths);
  reader.parse("run.tags", settings.tags, expressions::TagExpression::parse);
  reader.read("run.name", settings.names);
  reader.read("run.rerun", settings.rerun);
  for (std::string& path : settings.paths) place(config, "run.paths", path);
  place(config, "run.rerun", settings.rerun);
  reader.read("run.last-failed", settings.last_failed);
  reader.parse("run.shard", settings.shard,
               [](const std::string& text) { return Shard::parse(text); });
  reader.parse("run.tier", settings.tier, Tier::parse);
  reader.read("run.strict-capabilities", settings.strict_capabilities);
  reader.read("run.keyword-bound", settings.keyword_bound);
  reader.parse("run.order", settings.order, Order::parse);
  std::int64_t jobs = -1;
  reader.read("run.jobs", jobs);
  if (jobs >= 0) settings.jobs = static_cast<unsigned>(jobs);
  reader.read("run.dry-run", settings.dry_run);
  reader.read("run.fail-fast", settings.fail_fast);
  std::int64_t retry = 0;
  reader.read("run.retry", retry);
  settings.retry = static_cast<unsigned>(retry);
  reader.parse("run.retry-tags", settings.retry_tags, expressions::TagExpression::parse);
  reader.read("run.step-timeout", settings.timeouts.step);
  reader.read("run.hook-timeout", settings.timeouts.hook);
  reader.read("run.scenario-timeout", settings.timeouts.scenario);
  reader.read("run.run-timeout", settings.timeouts.run);
  const auto read_limit = [&](const char* key, std::size_t& limit) {
    auto value = static_cast<std::int64_t>(limit);
    reader.read(key, value);
    limit = static_cast<std::size_t>(value);
  };
  read_limit("run.max-file-bytes", settings.limits.file_bytes);
  read_limit("run.max-line-bytes", settings.limits.line_bytes);
  read_limit("run.max-pickles", settings.limits.pickles);
  reader.read("run.format", settings.formats);
  reader.read("run.color", settings.color);
  reader.read("run.show-progress", settings.show_progress);
  reader.read("run.progress-interval", settings.progress_interval);
  reader.read("run.output", settings.output);
  reader.read("run.slow-step", settings.slow_step);
  reader.read("run.slow-scenario", settings.slow_scenario);
  reader.read("run.allow-no-steps", settings.allow_no_steps);
  reader.read("run.taps", settings.taps);
  if (reader.failure()) return *reader.failure();
  return settings;
}

}  // namespace muster::run
