#include "run/coordinator.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "process/sweep.hpp"
#include "process/watchdog.hpp"
#include "run/attention.hpp"
#include "run/crew.hpp"
#include "run/hook_telling.hpp"
#include "run/interrupts.hpp"
#include "run/ledger.hpp"
#include "run/nothing_ran.hpp"
#include "run/schedule.hpp"
#include "run/zygote_link.hpp"

namespace muster::run {
namespace {

/// Conducts a run: its hooks through the zygote, its cases through the crew, its end.
class Coordinator final : ZygoteLink::Listener, Crew::Listener, Interrupts::Listener {
 public:
  Coordinator(const RunContext& run, const RunOptions& options, const Surroundings& around,
              Schedule& schedule, Zygote zygote, process::Watchdog& watchdog)
      : run_(run),
        options_(options),
        around_(around),
        schedule_(schedule),
        watchdog_(watchdog),
        ledger_(run.plan, schedule, options.fail_fast,
                Chronicle(run.plan, around.next_id, around.emit,
                          run.run.logs.empty() ? run.run.scratch : run.run.logs)),
        hooks_(run.plan, run.matching.library(), around),
        zygote_(context_, std::move(zygote), *this),
        crew_(context_, {run, options, around, watchdog, zygote_, schedule, ledger_}, *this),
        interrupts_(context_, *this),
        attention_(context_, around.onlooker) {}

  Outcome run() {
    hooks_.run_started();
    zygote_.listen();
    interrupts_.listen(options_.timeouts.run);
    attention_.listen();
    child_ended();
    context_.run();
    if (outcome_.problem.empty()) outcome_.problem = crew_.after_case();
    if (!ending() && !options_.shard) outcome_.problem = nothing_ran(run_.plan);
    if (hooks_.passed() && !ledger_.all_done() && !ending()) {
      outcome_.problem = "the run ended before every scenario had run";
    }
    outcome_.passed = ledger_.passed() && hooks_.passed() && !ending() && ledger_.all_done();
    hooks_.run_finished(outcome_.passed, outcome_.problem);
    return outcome_;
  }

 private:
  bool ending() const override { return outcome_.interrupted || !outcome_.problem.empty(); }

  void fail(std::string problem) override {
    if (outcome_.problem.empty()) outcome_.problem = std::move(problem);
  }

  // ---- the zygote

  void record(Record& record) override {
    if (const auto* started = std::get_if<frame::HookStarted>(&record.frame)) {
      hooks_.on(*started);
      const auto& hook = run_.matching.library().hooks.at(started->hook).definition;
      zygote_.expect_hook(hook.timeout.value_or(options_.timeouts.hook));
    } else if (const auto* finished = std::get_if<frame::HookFinished>(&record.frame)) {
      zygote_.hook_done();
      hooks_.on(*finished);
    } else if (const auto* attached = std::get_if<frame::HookAttached>(&record.frame)) {
      hooks_.on(*attached);
    } else if (const auto* done = std::get_if<frame::HooksDone>(&record.frame)) {
      hooks_done(*done);
    } else if (const auto* forked = std::get_if<frame::Forked>(&record.frame)) {
      crew_.forked(*forked, record.descriptors);
    } else if (const auto* exited = std::get_if<frame::Exited>(&record.frame)) {
      crew_.exited(*exited);
    }
  }

  void hooks_done(const frame::HooksDone& done) {
    if (done.after) {
      end();
      return;
    }
    if (!done.problem.empty()) fail(done.problem);
    if (!hooks_.passed() || ending()) {
      finish();
      return;
    }
    const auto& cases = run_.plan.cases;
    const auto open =
        std::count_if(cases.begin(), cases.end(), [](const auto& it) { return !it.closed; });
    const std::size_t wanted =
        std::min<std::size_t>(std::max(1U, options_.jobs), static_cast<std::size_t>(open));
    // while they come up, the cases are told
    for (std::size_t i = 0; i < wanted; ++i) crew_.fork_worker();
    hooks_.cases_begin();
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
      if (cases[i].closed) ledger_.not_run(i, *cases[i].closed);
    }
    if (wanted == 0) finish();
  }

  void zygote_gone(const std::string& how) override {
    std::string why = how;
    if (const std::string hook = hooks_.running(); !hook.empty()) {
      hooks_.abandon(why);
      why = "hook " + hook + ": " + why;
    }
    fail(why);
    end();
  }

  // ---- from outside

  void interrupted() override {
    outcome_.interrupted = true;
    around_.quiet();
    stop_all("interrupted");
  }

  void pause() override {
    const auto begin = steps::Deadline::Clock::now();
    leave_at_once();
    zygote_.signal_all(SIGSTOP);
    raise(SIGSTOP);
    schedule_.board().add_pause(steps::Deadline::Clock::now() - begin);
    zygote_.signal_all(SIGCONT);
    attention_.listen_to_keys();
  }

  void leave_at_once() override {
    attention_.release();
    if (around_.onlooker != nullptr) around_.onlooker->leave();
  }

  /// As the subreaper this process gets what dead workers leave.
  void child_ended() override {
    zygote_.reap();
    process::reap_adopted({zygote_.pid(), watchdog_.pid()});
  }

  void run_timed_out() override {
    fail(fmt::format("the run timed out after {:g} s",
                     static_cast<double>(options_.timeouts.run.count()) / 1000.0));
    stop_all(outcome_.problem);
  }

  /// Ends all workers and begins nothing more.
  void stop_all(const std::string& why) {
    crew_.stop(why);
    if (crew_.empty()) finish();
  }

  // ---- the end

  void crew_gone() override { finish(); }

  void finish() {
    if (after_all_asked_) return;
    after_all_asked_ = true;
    if (options_.fail_fast && schedule_.board().stopped() && !ending()) {
      ledger_.not_run_the_rest();
    }
    if (zygote_.tell(frame::RunAfterAll{})) return;
    fail("the zygote was gone before AFTER_ALL");
    end();
  }

  void end() {
    crew_.abandon(outcome_.problem);
    zygote_.end();
    interrupts_.end();
    attention_.end();
  }

  const RunContext& run_;
  const RunOptions& options_;
  const Surroundings& around_;
  Schedule& schedule_;
  process::Watchdog& watchdog_;
  Ledger ledger_;
  HookTelling hooks_;
  boost::asio::io_context context_{1};
  ZygoteLink zygote_;
  Crew crew_;
  Interrupts interrupts_;
  Attention attention_;
  bool after_all_asked_ = false;
  Outcome outcome_;
};

}  // namespace

Outcome coordinate(const Plan& plan, Matching& matching, const steps::RunInfo& run,
                   const RunOptions& options, const Surroundings& surroundings) {
  // a report whose reader is gone is an error of writing, not the end of the run
  signal(SIGPIPE, SIG_IGN);
  // who asks all of a process group what happens must not end zygote and workers, which inherit
  // this
  signal(SIGUSR1, SIG_IGN);
  if (const auto reaper = process::become_subreaper(); !reaper) {
    return broken_run(plan, matching.library(), surroundings, reaper.error());
  }
  auto watchdog = process::start_watchdog(run.run_id, run.scratch);
  if (!watchdog) return broken_run(plan, matching.library(), surroundings, watchdog.error());
  std::optional<Schedule> schedule;
  std::optional<RunContext> context;
  std::optional<Coordinator> coordinator;
  pid_t zygote_pid = -1;
  try {
    schedule.emplace(plan, options.jobs);
    context.emplace(
        RunContext{plan, matching, run, schedule->board(), options.timeouts, options.fail_fast});
    // before the fork: the deadlines of workers and of their hooks count pauses as well
    steps::count_pauses(&schedule->board().paused_ns());
    Zygote zygote = fork_zygote(*context);
    zygote_pid = zygote.pid;
    (void)watchdog->add_process(zygote_pid);
    coordinator.emplace(*context, options, surroundings, *schedule, std::move(zygote), *watchdog);
  } catch (const std::exception& failure) {  // no process, no descriptor is left for it
    if (zygote_pid > 0 && kill(zygote_pid, SIGKILL) == 0) waitpid(zygote_pid, nullptr, 0);
    steps::count_pauses(nullptr);
    watchdog->done();
    return broken_run(plan, matching.library(), surroundings, error("cannot_run", failure.what()));
  }
  Outcome outcome = coordinator->run();
  steps::count_pauses(nullptr);
  watchdog->done();
  return outcome;
}

}  // namespace muster::run
