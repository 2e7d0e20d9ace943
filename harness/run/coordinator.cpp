#include "run/coordinator.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <system_error>

#include "base/text.hpp"
#include "process/sweep.hpp"
#include "process/watchdog.hpp"
#include "run/chronicle.hpp"
#include "run/hook_telling.hpp"
#include "run/schedule.hpp"
#include "run/worker_pool.hpp"
#include "run/zygote_link.hpp"

namespace muster::run {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

std::string seconds(milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000.0);
}

class Coordinator final : ZygoteLink::Listener, WorkerPool::Listener {
 public:
  Coordinator(const RunContext& run, const RunOptions& options, const Surroundings& around,
              Schedule& schedule, Zygote zygote, process::Watchdog& watchdog)
      : run_(run),
        options_(options),
        around_(around),
        schedule_(schedule),
        watchdog_(watchdog),
        chronicle_(run.plan, around.next_id, around.emit,
                   run.run.logs.empty() ? run.run.scratch : run.run.logs),
        hooks_(run.plan, run.matching.library(), around),
        zygote_(context_, std::move(zygote), *this),
        workers_(context_, *this),
        signals_(context_, SIGINT, SIGTERM, SIGTSTP),
        children_(context_, SIGCHLD),
        run_timer_(context_) {}

  Outcome run() {
    hooks_.run_started();
    zygote_.listen();
    listen_to_signals();
    listen_to_children();
    reap_children();
    if (options_.timeouts.run.count() > 0) {
      run_deadline_.emplace(steps::Deadline::Clock::now() + options_.timeouts.run);
      watch_run();
    }
    context_.run();
    if (outcome_.problem.empty()) outcome_.problem = after_case_;
    if (hooks_.passed() && !all_done() && outcome_.problem.empty() && !outcome_.interrupted) {
      outcome_.problem = "the run ended before every scenario had run";
    }
    outcome_.passed = cases_passed_ && hooks_.passed() && outcome_.problem.empty() &&
                      !outcome_.interrupted && all_done();
    hooks_.run_finished(outcome_.passed, outcome_.problem);
    return outcome_;
  }

 private:
  bool all_done() const { return finished_ == run_.plan.cases.size(); }
  bool ending() const { return outcome_.interrupted || !outcome_.problem.empty(); }

  void fail(std::string problem) {
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
    } else if (const auto* forked_it = std::get_if<frame::Forked>(&record.frame)) {
      forked(*forked_it, record.descriptors);
    } else if (const auto* exited_it = std::get_if<frame::Exited>(&record.frame)) {
      exited(*exited_it);
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
    for (std::size_t i = 0; i < wanted; ++i) fork_worker();
    hooks_.cases_begin();
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
      if (cases[i].closed) not_run(i, *cases[i].closed);
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

  // ---- workers

  void fork_worker() {
    try {
      std::vector<UniqueFd> descriptors;
      const std::uint32_t id = workers_.add(descriptors).id;
      if (zygote_.tell(frame::Fork{id}, descriptors)) return;
      workers_.remove(id);
      fail("the zygote takes no orders");
    } catch (const std::system_error& failure) {
      fail(std::string("no worker can be made: ") + failure.what());
    }
    if (workers_.empty()) finish();
  }

  void forked(const frame::Forked& it, std::vector<UniqueFd>& descriptors) {
    WorkerLink* worker = workers_.find(it.worker);
    if (worker == nullptr) return;
    if (it.pid < 0 || descriptors.empty()) {
      fail("no worker could be forked");
      workers_.remove(it.worker);
      if (workers_.empty()) finish();
      return;
    }
    worker->pid = static_cast<pid_t>(it.pid);
    worker->handle = std::move(descriptors[0]);
    (void)watchdog_.add_process(worker->pid);
    if (ending()) end_worker(*worker, "interrupted");
    workers_.listen(*worker);
    give_work(*worker);
  }

  void give_work(WorkerLink& worker) {
    if (worker.gone || worker.leaving || worker.at_work) return;
    using Kind = Schedule::Order::Kind;
    const auto order = ending() ? Schedule::Order{} : schedule_.next();
    switch (order.kind) {
      case Kind::wait:
        return;
      case Kind::leave: {
        worker.leaving = true;
        error_code ignored;
        worker.socket.shutdown(asio::socket_base::shutdown_send, ignored);
        expect(worker, options_.timeouts.hook);
        return;
      }
      case Kind::one:
        worker.at_work = order;
        worker.order(frame::RunOne{order.one.index, order.one.number});
        break;
      case Kind::free:
        worker.at_work = order;
        worker.order(frame::RunFree{});
        break;
    }
    expect(worker, options_.timeouts.hook);
  }

  /// Something changed that others may have waited for.
  void give_work_to_all() {
    for (WorkerLink& worker : workers_.all()) {
      if (worker.pid > 0) give_work(worker);
    }
  }

  void frame(WorkerLink& worker, const Frame& frame, std::string_view encoded) override {
    if (const auto* seen = std::get_if<frame::Observed>(&frame)) {
      around_.observe(seen->json);
      return;
    }
    if (const auto* opened = std::get_if<frame::GroupOpened>(&frame)) {
      group_opened(worker, opened->record);
      return;
    }
    if (std::holds_alternative<frame::Idle>(frame)) {
      workers_.expect_nothing(worker);
      if (worker.at_work) schedule_.done(*worker.at_work);
      worker.at_work.reset();
      give_work_to_all();
      return;
    }
    if (const auto* leaving = std::get_if<frame::Leaving>(&frame)) {
      if (!leaving->problem.empty()) fixtures_failed(leaving->problem);
      return;
    }
    if (const auto* started = std::get_if<frame::CaseStarted>(&frame))
      case_started(worker, *started);
    if (!worker.attempt) return;
    if (const auto* step = std::get_if<frame::StepStarted>(&frame)) {
      expect(worker, milliseconds(step->timeout_ms));
    } else if (const auto* ended = std::get_if<frame::StepFinished>(&frame)) {
      worker.worst = worse(worker.worst, ended->status);
    } else if (const auto* last = std::get_if<frame::CaseEnding>(&frame)) {
      worker.ending = true;
      expect(worker, milliseconds(last->timeout_ms));
    } else if (std::holds_alternative<frame::Stuck>(frame)) {
      worker.stuck = true;
    }
    chronicle_.add(worker.attempt->index, frame, encoded);
    if (const auto* done = std::get_if<frame::CaseFinished>(&frame)) case_finished(worker, *done);
  }

  void case_started(WorkerLink& worker, const frame::CaseStarted& it) {
    if (it.index >= run_.plan.cases.size()) throw std::range_error("no such scenario");
    worker.attempt = Attempt{it.index, it.attempt};
    worker.worst = Status::unknown;
    worker.ending = false;
    worker.groups.clear();
    schedule_.started(it.index);
    expect(worker, options_.timeouts.hook);
  }

  void group_opened(WorkerLink& worker, const std::string& record) {
    const auto json = parse_json(record);
    if (!json) return;
    auto group = process::group_record_from_json(*json);
    if (!group) return;
    (void)watchdog_.add(*group);  // without its watchdog the run goes on
    worker.groups.push_back(std::move(group).value());
  }

  void case_finished(WorkerLink& worker, const frame::CaseFinished& it) {
    const Attempt attempt = *worker.attempt;
    close_attempt(worker, it.retried);
    if (worker.stuck) {
      if (it.retried) schedule_.again({attempt.index, attempt.number + 1});
      end_worker(worker, "its body hangs");
    } else {
      expect(worker, options_.timeouts.hook);  // the next case, or its idleness
    }
  }

  void close_attempt(WorkerLink& worker, bool retried) {
    for (const auto& group : worker.groups) watchdog_.forget(group.id);
    worker.groups.clear();
    const Attempt attempt = *worker.attempt;
    worker.attempt.reset();
    if (retried) return;
    if (!is_green(worker.worst)) {
      cases_passed_ = false;
      if (options_.fail_fast) schedule_.stop();
    }
    chronicle_.done(attempt.index);
    ++finished_;
  }

  void not_run(std::uint32_t index, const Closed& verdict) {
    chronicle_.add(index, frame::NotRun{system_clock().wall(), verdict.fails, verdict.reason});
    chronicle_.done(index);
    schedule_.started(index);
    cases_passed_ = cases_passed_ && !verdict.fails;
    ++finished_;
  }

  /// Ends the worker when it says nothing of its step's end for too long.
  void expect(WorkerLink& worker, milliseconds timeout) {
    workers_.expect(worker, timeout + kTakeOverAfter + kExplainTimeout + kWorkerGrace);
  }

  void overdue(WorkerLink& worker) override {
    if (worker.leaving) {
      fixtures_failed("timed out after " + seconds(options_.timeouts.hook));
    }
    end_worker(worker, worker.ending
                           ? "timed out while fixtures were destroyed and programs stopped"
                           : "timed out: the worker did not answer " + seconds(kWorkerGrace) +
                                 " after the deadline");
  }

  void broken(WorkerLink& worker, const std::string& why) override {
    end_worker(worker, "the worker's stream is broken: " + why);
  }

  void quiet() override { around_.quiet(); }

  void fixtures_failed(const std::string& why) {
    after_case_ = "while fixtures of the run were destroyed: " + why;
  }

  void end_worker(WorkerLink& worker, std::string why) {
    if (worker.why_ended.empty()) worker.why_ended = std::move(why);
    worker.signal(SIGKILL);
  }

  void exited(const frame::Exited& it) {
    WorkerLink* worker = workers_.find(it.worker);
    if (worker == nullptr) return;
    worker->gone = true;
    workers_.drain(*worker);  // what it said before it died
    workers_.expect_nothing(*worker);
    const bool dirty = !worker->leaving;
    std::string why = worker->why_ended;
    const int status = static_cast<int>(it.wait_status);
    if (!worker->attempt && status != 0 && why.empty()) {
      after_case_ = "a worker " + describe_end(status) + " after its last scenario had ended";
    }
    if (why.empty()) {
      why = "the worker " + describe_end(status);
      if (WIFEXITED(status)) why += ": the step's body ended its process";
    }
    lost(*worker, why);
    workers_.remove(it.worker);
    if (ending() || !schedule_.more()) {
      if (workers_.empty()) finish();
    } else if (dirty || workers_.empty()) {
      fork_worker();
    }
    give_work_to_all();
  }

  /// A worker is gone: its case ends, and what it had started.
  void lost(WorkerLink& worker, const std::string& why) {
    const process::SweepScope scope{true, {zygote_.pid(), watchdog_.pid()}};
    for (const auto& group : worker.groups) process::sweep(group, scope);
    watchdog_.forget_process(worker.pid);
    schedule_.worker_lost();
    if (worker.at_work) schedule_.done(*worker.at_work);
    worker.at_work.reset();
    if (!worker.attempt) return;
    const Attempt attempt = *worker.attempt;
    const bool retried = !ending() && attempt.number < run_.plan.cases[attempt.index].retries;
    const std::string output = valid_utf8(worker.last_output());
    std::string text = why;
    if (!output.empty()) {
      chronicle_.add(attempt.index, output_frame(output));
      text += "\nlast output:\n" + join(last_lines(output, 20), "\n");
    }
    chronicle_.add(attempt.index, frame::Abandoned{system_clock().wall(), text, retried});
    worker.worst = Status::failed;
    close_attempt(worker, retried);
    if (retried) schedule_.again({attempt.index, attempt.number + 1});
  }

  // ---- the end

  void finish() {
    if (after_all_asked_) return;
    after_all_asked_ = true;
    if (options_.fail_fast && schedule_.board().stopped() && !ending()) {
      for (std::uint32_t i = 0; i < run_.plan.cases.size(); ++i) {
        if (!schedule_.has_started(i)) not_run(i, kFailedFast);
      }
    }
    if (zygote_.tell(frame::RunAfterAll{})) return;
    fail("the zygote was gone before AFTER_ALL");
    end();
  }

  void end() {
    for (WorkerLink& worker : workers_.all()) lost(worker, outcome_.problem);
    workers_.all().clear();
    zygote_.end();
    error_code ignored;
    signals_.cancel(ignored);
    children_.cancel(ignored);
    run_timer_.cancel();
    ended_ = true;
  }

  /// Ends all workers and begins nothing more.
  void stop_all(const std::string& why) {
    for (WorkerLink& worker : workers_.all()) {
      if (worker.pid > 0) end_worker(worker, why);
    }
    if (workers_.empty()) finish();
  }

  void watch_run() {
    run_timer_.expires_at(run_deadline_->at());
    run_timer_.async_wait([this](error_code failure) {
      if (failure || ended_) return;
      if (!run_deadline_->passed()) {
        watch_run();
        return;
      }
      fail("the run timed out after " + seconds(options_.timeouts.run));
      stop_all(outcome_.problem);
    });
  }

  void listen_to_signals() {
    signals_.async_wait([this](error_code failure, int number) {
      if (failure || ended_) return;
      if (number == SIGTSTP) {
        pause();
      } else {
        if (outcome_.interrupted) _exit(2);  // the second time: at once; the watchdog sweeps
        outcome_.interrupted = true;
        around_.quiet();
        stop_all("interrupted");
      }
      listen_to_signals();
    });
  }

  /// Ctrl-Z: everything that counts time stops, and goes on where it was.
  void pause() {
    const auto begin = steps::Deadline::Clock::now();
    zygote_.signal_all(SIGSTOP);
    raise(SIGSTOP);
    schedule_.board().add_pause(steps::Deadline::Clock::now() - begin);
    zygote_.signal_all(SIGCONT);
  }

  void listen_to_children() {
    children_.async_wait([this](error_code failure, int) {
      if (failure || ended_) return;
      reap_children();
      if (!ended_) listen_to_children();
    });
  }

  /// As the subreaper this process gets what dead workers leave.
  void reap_children() {
    zygote_.reap();
    process::reap_adopted({zygote_.pid(), watchdog_.pid()});
  }

  const RunContext& run_;
  const RunOptions& options_;
  const Surroundings& around_;
  Schedule& schedule_;
  process::Watchdog& watchdog_;
  Chronicle chronicle_;
  HookTelling hooks_;
  asio::io_context context_{1};
  ZygoteLink zygote_;
  WorkerPool workers_;
  asio::signal_set signals_;
  asio::signal_set children_;
  asio::steady_timer run_timer_;
  std::optional<steps::Deadline> run_deadline_;
  std::size_t finished_ = 0;
  bool cases_passed_ = true;
  std::string after_case_;  ///< what went wrong between scenarios
  bool after_all_asked_ = false;
  bool ended_ = false;
  Outcome outcome_;
};

}  // namespace

Outcome coordinate(const Plan& plan, Matching& matching, const steps::RunInfo& run,
                   const RunOptions& options, const Surroundings& surroundings) {
  // a report whose reader is gone is an error of writing, not the end of the run
  signal(SIGPIPE, SIG_IGN);
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
