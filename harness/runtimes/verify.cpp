#include "runtimes/verify.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <exception>

#include "base/pattern.hpp"
#include "base/text.hpp"
#include "process/launcher.hpp"
#include "runtimes/names.hpp"
#include "runtimes/probe_cache.hpp"
#include "runtimes/version.hpp"

namespace muster::runtimes {
namespace asio = boost::asio;
namespace {

/// What the users' pattern says about a probe's output.
struct Match {
  Reason reason = Reason::ok;
  std::string detail;
  std::string version;
};

std::string first_line(const ProbeOutcome& outcome) {
  const std::string_view text = trim(outcome.out.empty() ? outcome.err : outcome.out);
  return printable(shorten(text.substr(0, text.find('\n')), 120));
}

std::string version_in(std::string_view text) {
  const std::optional<Version> found = find_version(text);
  return found ? to_string(*found) : std::string();
}

/// A version that a group of the pattern caught, else the first from the match on, else any.
std::string version_of_match(const std::string& text,
                             const std::vector<std::optional<Span>>& spans) {
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (!spans[i]) continue;
    const Result<Version> caught =
        parse_version(text.substr(spans[i]->begin, spans[i]->end - spans[i]->begin));
    if (caught.ok()) return to_string(*caught);
  }
  const std::string behind = version_in(std::string_view(text).substr(spans[0]->begin));
  return behind.empty() ? version_in(text) : behind;
}

Match match(const std::string& pattern, const ProbeOutcome& outcome) {
  if (pattern.empty()) {
    const std::string version = version_in(outcome.out);
    return {Reason::ok, {}, version.empty() ? version_in(outcome.err) : version};
  }
  const Result<Pattern> compiled = Pattern::compile(pattern);
  if (!compiled) return {Reason::bad_pattern, compiled.error().message, {}};
  for (const std::string* text : {&outcome.out, &outcome.err}) {
    const auto found = compiled->search(*text);
    if (!found) return {Reason::bad_pattern, found.error().message, {}};
    if (*found) return {Reason::ok, {}, version_of_match(*text, **found)};
  }
  return {Reason::pattern_mismatch,
          "'" + printable(pattern) + "' is not in what it prints: " + first_line(outcome),
          {}};
}

Match enough(Match found, const std::string& min_version) {
  if (found.reason != Reason::ok || min_version.empty()) return found;
  const Result<Version> least = parse_version(min_version);
  if (!least) return {Reason::no_metadata, "min_version: " + least.error().message, found.version};
  const Result<Version> version = parse_version(found.version);
  if (version.ok() && !(*version < *least)) return found;
  found.reason = Reason::below_min_version;
  found.detail = (version.ok() ? found.version + " is older than " : "no version is seen, and ") +
                 min_version + (version.ok() ? "" : " is the least");
  return found;
}

/// Fills in what a probe came to.
void judge(Verdict& verdict, const ProbeOutcome& outcome, const VerificationCommand& command,
           const std::string& min_version) {
  verdict.detail = outcome.detail;
  switch (outcome.end) {
    case ProbeOutcome::End::timeout:
      verdict.reason = Reason::timeout;
      return;
    case ProbeOutcome::End::signalled:
      verdict.reason = Reason::signalled;
      verdict.term_signal = outcome.term_signal;
      return;
    case ProbeOutcome::End::not_executable:
    case ProbeOutcome::End::not_started:
      verdict.reason = Reason::not_executable;
      return;
    case ProbeOutcome::End::exited:
      break;
  }
  verdict.exit_code = outcome.exit_code;
  if (outcome.exit_code != command.exit_code) {
    verdict.reason = Reason::exit_mismatch;
    verdict.detail = "exited " + std::to_string(outcome.exit_code) + " instead of " +
                     std::to_string(command.exit_code) + ": " + first_line(outcome);
    return;
  }
  const Match found = enough(match(command.pattern, outcome), min_version);
  verdict.reason = found.reason;
  verdict.detail = found.detail;
  verdict.version = found.version;
  verdict.available = found.reason == Reason::ok;
}

class Verifier {
 public:
  Verifier(Prober& prober, const VerifyOptions& options, const std::string& search_path)
      : prober_(prober), options_(options), search_path_(search_path) {}

  asio::awaitable<Verdict> row(const Runtime& runtime) {
    Verdict verdict;
    verdict.name = name_of(runtime);
    verdict.ref = runtime.ref;
    const Result<Verification> verification = verification_of(runtime.distributions);
    if (!verification) {
      verdict.detail = verification.error().message;
      co_return verdict;
    }
    if (verification->always_available) {
      verdict.available = true;
      verdict.reason = Reason::always_available;
      co_return verdict;
    }
    std::optional<Verdict> failed;
    bool failed_counts = false;
    std::chrono::milliseconds took{};
    for (const VerificationCommand& each : verification->commands) {
      Verdict tried = co_await command(verdict, each, verification->min_version);
      took += tried.duration;
      tried.duration = took;
      if (tried.available) co_return tried;
      const bool counts = !each.optional && tried.reason != Reason::binary_missing;
      if (!failed || (counts && !failed_counts)) {
        failed_counts = counts;
        failed = std::move(tried);
      }
    }
    failed->duration = took;
    co_return *failed;
  }

 private:
  asio::awaitable<Verdict> command(Verdict verdict, const VerificationCommand& command,
                                   const std::string& min_version) {
    std::vector<std::string> searched;
    const Result<std::string> path =
        process::find_program(command.binary, search_path_, "/", searched);
    if (!path) {
      const bool denied = path.error().code == "not_executable";
      verdict.reason = denied ? Reason::not_executable : Reason::binary_missing;
      verdict.detail = path.error().message;
      if (!denied && command.binary.find('/') == std::string::npos) {
        verdict.detail = "'" + printable(command.binary) + "' is in none of the " +
                         std::to_string(searched.size()) + " folders of PATH";
      }
      co_return verdict;
    }
    verdict.binary_path = *path;
    const ProbeCall call{*path, command.args};
    const std::optional<ProbeKey> key = options_.cache ? key_of(call) : std::nullopt;
    if (key && !options_.fresh) {
      if (const std::optional<ProbeOutcome> known = options_.cache->find(*key)) {
        verdict.cached = true;
        judge(verdict, *known, command, min_version);
        co_return verdict;
      }
    }
    const ProbeOutcome outcome = co_await prober_.run(call);
    if (key) options_.cache->store(*key, outcome);
    verdict.duration = outcome.took;
    judge(verdict, outcome, command, min_version);
    co_return verdict;
  }

  Prober& prober_;
  const VerifyOptions& options_;
  const std::string& search_path_;
};

/// Rows that are taken one by one by as many lanes as may run at once.
struct Work {
  const std::vector<Runtime>& rows;
  std::vector<Verdict> verdicts;
  std::size_t next = 0;
};

asio::awaitable<void> lane(Verifier& verifier, Work& work) {
  while (work.next < work.rows.size()) {
    const std::size_t mine = work.next++;
    work.verdicts[mine] = co_await verifier.row(work.rows[mine]);
  }
}

std::string search_path(const VerifyOptions& options) {
  if (!options.search_path.empty()) return absolute_folders(options.search_path);
  const char* path = std::getenv("PATH");
  return absolute_folders(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
}

}  // namespace

Result<std::vector<Verdict>> verify(const std::vector<Runtime>& rows,
                                    const VerifyOptions& options) {
  const std::string folders = search_path(options);
  Work work{rows, std::vector<Verdict>(rows.size()), 0};
  asio::io_context io(1);
  Result<std::unique_ptr<Prober>> prober = Prober::make(io.get_executor(), options.limits, folders);
  if (!prober) return prober.error();
  Verifier verifier(**prober, options, folders);
  const std::size_t lanes = std::max<std::size_t>(1, std::min(options.limits.at_once, rows.size()));
  std::size_t running = lanes;
  std::exception_ptr failed;
  for (std::size_t i = 0; i < lanes; ++i) {
    asio::co_spawn(io, lane(verifier, work), [&](std::exception_ptr thrown) {
      if (thrown) failed = thrown;
      if (--running == 0) io.stop();
    });
  }
  const std::stop_callback on_stop(options.stop, [&io] { io.stop(); });
  io.run();
  // Whatever still runs dies here, before that to which it writes.
  prober->reset();
  if (failed) std::rethrow_exception(failed);
  if (running > 0) return error("cancelled", "the verification was stopped");
  return std::move(work.verdicts);
}

}  // namespace muster::runtimes
