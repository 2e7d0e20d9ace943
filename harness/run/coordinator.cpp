#include "run/coordinator.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <system_error>

#include "base/text.hpp"
#include "process/sweep.hpp"
#include "process/watchdog.hpp"
#include "run/channel.hpp"
#include "run/defaults.hpp"
#include "run/hook_telling.hpp"
#include "run/in_order.hpp"
#include "run/worker_link.hpp"
#include "run/zygote.hpp"

namespace muster::run {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

UniqueFd output_file() {
  UniqueFd file(memfd_create("muster-worker-output", MFD_CLOEXEC));
  fcntl(file.get(), F_SETFL, O_APPEND);
  return file;
}

class Coordinator {
 public:
  Coordinator(const Plan& plan, const steps::Library& library, const RunOptions& options,
              const Surroundings& around, Zygote zygote, process::Watchdog& watchdog)
      : plan_(plan),
        library_(library),
        options_(options),
        around_(around),
        in_order_(around.emit),
        hooks_(plan, library, around),
        zygote_(std::move(zygote)),
        watchdog_(watchdog),
        control_(context_, dup(zygote_.control.get())),
        signals_(context_, SIGINT, SIGTERM),
        children_(context_, SIGCHLD),
        hook_deadline_(context_) {}

  Outcome run() {
    hooks_.run_started();
    listen_to_zygote();
    listen_to_signals();
    listen_to_children();
    reap_children();
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
  bool all_done() const { return finished_ == plan_.cases.size(); }

  // ---- the zygote

  void listen_to_zygote() {
    control_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code failure) {
      if (failure || ended_) return;
      if (auto record = receive_record(control_.native_handle())) {
        take_record(*record);
      } else {
        zygote_gone();
      }
      if (!ended_) listen_to_zygote();
    });
  }

  void take_record(const Record& record) {
    std::visit(Overloaded{[&](const frame::HookStarted& it) { hook_started(it); },
                          [&](const frame::HookFinished& it) { hook_finished(it); },
                          [&](const frame::HookAttached& it) { hooks_.on(it); },
                          [&](const frame::HooksDone& it) { hooks_done(it); },
                          [&](const frame::Forked& it) { forked(it); },
                          [&](const frame::Exited& it) { exited(it); }, [](const auto&) {}},
               record.frame);
  }

  /// The zygote was reaped: what it said before is still in its socket, which a child of a hook may
  /// hold open.
  void drain_zygote() {
    pollfd waiting{control_.native_handle(), POLLIN, 0};
    while (!ended_ && poll(&waiting, 1, 0) > 0) {
      const auto record = receive_record(control_.native_handle());
      if (!record) break;
      take_record(*record);
    }
    zygote_gone();
  }

  void hook_started(const frame::HookStarted& it) {
    hooks_.on(it);
    const auto timeout = library_.hooks.at(it.hook).definition.timeout.value_or(kHookTimeout);
    hook_deadline_.expires_after(timeout + kTakeOverAfter);
    hook_deadline_.async_wait([this, timeout](error_code failure) {
      if (failure || ended_) return;
      zygote_ended_for_ =
          fmt::format("timed out after {:g} s", static_cast<double>(timeout.count()) / 1000.0);
      if (!zygote_status_) kill(zygote_.pid, SIGKILL);
    });
  }

  void hook_finished(const frame::HookFinished& it) {
    hook_deadline_.cancel();
    hooks_.on(it);
  }

  void hooks_done(const frame::HooksDone& done) {
    if (done.after) {
      end();
      return;
    }
    if (!done.problem.empty()) outcome_.problem = done.problem;
    if (!hooks_.passed() || !outcome_.problem.empty() || outcome_.interrupted) {
      finish();
      return;
    }
    hooks_.cases_begin();
    const std::size_t wanted = std::min<std::size_t>(std::max(1U, options_.jobs), open_cases());
    if (wanted == 0) (void)next_open();
    for (std::size_t i = 0; i < wanted; ++i) fork_worker();
    if (wanted == 0) finish();
  }

  void zygote_gone() {
    if (ended_) return;
    hook_deadline_.cancel();
    end_zygote();
    std::string why = !zygote_ended_for_.empty() ? zygote_ended_for_
                      : zygote_status_           ? "the zygote " + describe_end(*zygote_status_)
                                                 : std::string("the zygote is gone");
    if (const std::string hook = hooks_.running(); !hook.empty()) {
      hooks_.abandon(why);
      why = "hook " + hook + ": " + why;
    }
    if (outcome_.problem.empty()) outcome_.problem = why;
    end();
  }

  // ---- workers

  void fork_worker() {
    try {
      auto [ours, theirs] = stream_pair();
      UniqueFd output = output_file();
      const auto id = next_worker_++;
      if (send_record(control_.native_handle(), frame::Fork{id}, {theirs.get(), output.get()})) {
        workers_.emplace_back(context_, id, std::move(ours), std::move(output));
        return;
      }
      outcome_.problem = "the zygote takes no orders";
    } catch (const std::system_error& failure) {
      outcome_.problem = std::string("no worker can be made: ") + failure.what();
    }
    if (workers_.empty()) finish();
  }

  WorkerLink* find(std::uint32_t id) {
    const auto found = std::find_if(workers_.begin(), workers_.end(),
                                    [&](const WorkerLink& worker) { return worker.id == id; });
    return found == workers_.end() ? nullptr : &*found;
  }

  void forked(const frame::Forked& it) {
    WorkerLink* worker = find(it.worker);
    if (worker == nullptr) return;
    if (it.pid < 0) {
      outcome_.problem = "no worker could be forked";
      workers_.remove_if([&](const WorkerLink& other) { return other.id == it.worker; });
      if (workers_.empty()) finish();
      return;
    }
    worker->pid = static_cast<pid_t>(it.pid);
    (void)watchdog_.add_process(worker->pid);
    if (outcome_.interrupted) end_worker(*worker, "interrupted");
    assign(*worker);
    receive(*worker);
  }

  std::size_t open_cases() const {
    return static_cast<std::size_t>(std::count_if(plan_.cases.begin(), plan_.cases.end(),
                                                  [](const auto& it) { return !it.closed; }));
  }

  /// Tells the cases that a gate closed, up to the next one that runs. False when there is none.
  bool next_open() {
    for (; next_case_ < plan_.cases.size() && plan_.cases[next_case_].closed; ++next_case_) {
      const std::size_t index = next_case_;
      const Closed& verdict = *plan_.cases[index].closed;
      CaseTelling(plan_.cases[index], around_.started_id(index), "", [&](const auto& it) {
        in_order_.add(index, it);
      }).close(verdict);
      cases_passed_ = cases_passed_ && !verdict.fails;
      in_order_.done(index);
      ++finished_;
    }
    return next_case_ < plan_.cases.size();
  }

  void assign(WorkerLink& worker) {
    if (worker.gone) return;
    if (outcome_.interrupted || !outcome_.problem.empty() || !next_open()) {
      dismiss(worker);
      return;
    }
    const std::size_t index = next_case_++;
    worker.assigned = index;
    worker.groups.clear();
    worker.ending = false;
    worker.telling.emplace(
        plan_.cases[index], around_.started_id(index), std::to_string(worker.id),
        [this, index](const messages::Envelope& it) { in_order_.add(index, it); });
    const std::string bytes = on_stream(frame::Assign{static_cast<std::uint32_t>(index), 0});
    error_code failure;
    asio::write(worker.socket, asio::buffer(bytes), failure);  // a few bytes into an empty socket
    expect_within(worker, kHookTimeout);
  }

  void dismiss(WorkerLink& worker) {
    worker.leaving = true;
    error_code ignored;
    worker.socket.shutdown(asio::socket_base::shutdown_send, ignored);
  }

  void receive(WorkerLink& worker) {
    worker.socket.async_wait(asio::socket_base::wait_read,
                             [this, id = worker.id](error_code failure) {
                               WorkerLink* link = find(id);
                               if (failure || link == nullptr) return;
                               // at its end the stream says nothing more: the worker's death is the
                               // zygote's to tell
                               if (drain(*link)) receive(*link);
                             });
  }

  /// Reads and takes what is there now; waiting and reading stand apart, so that nothing is in
  /// flight. False at the stream's end.
  bool drain(WorkerLink& worker) {
    char bytes[16 * 1024];
    ssize_t n = 0;
    do {
      n = recv(worker.socket.native_handle(), bytes, sizeof bytes, MSG_DONTWAIT);
      if (n > 0) worker.splitter.feed({bytes, static_cast<std::size_t>(n)});
    } while (n > 0 || (n < 0 && errno == EINTR));
    const bool more_may_come = n < 0 && errno == EAGAIN;
    take_frames(worker);
    return more_may_come;
  }

  void take_frames(WorkerLink& worker) {
    while (auto frame = worker.splitter.next()) {
      try {
        take(worker, std::move(*frame).value_or_throw());
      } catch (const std::exception& broken) {  // a body that writes into the worker's descriptors
        end_worker(worker, std::string("the worker's stream is broken: ") + broken.what());
        return;
      }
    }
  }

  void take(WorkerLink& worker, const Frame& frame) {
    if (const auto* it = std::get_if<frame::Observed>(&frame)) {
      around_.observe(it->json);
      return;
    }
    if (const auto* it = std::get_if<frame::GroupOpened>(&frame)) {
      group_opened(worker, it->record);
      return;
    }
    if (!worker.telling) return;
    CaseTelling& telling = *worker.telling;
    std::visit(Overloaded{[&](const frame::CaseStarted& it) { telling.on(it); },
                          [&](const frame::StepStarted& it) {
                            expect_within(worker, milliseconds(it.timeout_ms));
                            telling.on(it);
                          },
                          [&](const frame::Attached& it) { telling.on(it); },
                          [&](const frame::StepFinished& it) { telling.on(it); },
                          [&](const frame::CaseEnding& it) {
                            worker.ending = true;
                            expect_within(worker, milliseconds(it.timeout_ms));
                          },
                          [&](const frame::Stuck&) { worker.stuck = true; },
                          [&](const frame::CaseFinished& it) { case_finished(worker, it); },
                          [](const auto&) {}},
               frame);
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
    worker.telling->attach_output(worker.take_output());
    worker.telling->on(it);
    close_case(worker);
    if (worker.stuck) {
      end_worker(worker, "its body hangs");
    } else {
      assign(worker);
    }
  }

  void close_case(WorkerLink& worker) {
    worker.deadline.cancel();
    for (const auto& group : worker.groups) watchdog_.forget(group.id);
    const Status status = worker.telling->status();
    if (status != Status::passed && status != Status::skipped) cases_passed_ = false;
    worker.telling.reset();
    in_order_.done(*worker.assigned);
    worker.assigned.reset();
    ++finished_;
  }

  /// Ends the worker when it says nothing of its step's end for too long.
  void expect_within(WorkerLink& worker, milliseconds timeout) {
    worker.deadline.expires_after(timeout + kTakeOverAfter + kExplainTimeout + kWorkerGrace);
    worker.deadline.async_wait([this, id = worker.id, timeout](error_code failure) {
      WorkerLink* link = find(id);
      if (failure || link == nullptr || !link->telling) return;
      end_worker(*link,
                 link->ending
                     ? "timed out while fixtures were destroyed and programs stopped"
                     : fmt::format("timed out: the worker did not answer {:g} s after the deadline",
                                   static_cast<double>(kWorkerGrace.count()) / 1000.0));
    });
  }

  void end_worker(WorkerLink& worker, std::string why) {
    if (worker.why_ended.empty()) worker.why_ended = std::move(why);
    if (worker.pid > 0) kill(worker.pid, SIGKILL);
  }

  void exited(const frame::Exited& it) {
    WorkerLink* worker = find(it.worker);
    if (worker == nullptr) return;
    worker->gone = true;
    worker->pid = -1;
    drain(*worker);  // what it said before it died
    const bool dirty = !worker->leaving;
    std::string why = worker->why_ended;
    const int status = static_cast<int>(it.wait_status);
    if (!worker->telling && status != 0 && why.empty()) {
      cases_passed_ = false;
      after_case_ = "a worker " + describe_end(status) + " after its last scenario had ended";
    }
    if (why.empty()) {
      why = "the worker " + describe_end(status);
      if (WIFEXITED(status)) why += ": the step's body ended its process";
    }
    lost(*worker, why);
    workers_.remove_if([&](const WorkerLink& other) { return other.id == it.worker; });
    if (outcome_.interrupted || !outcome_.problem.empty() || !next_open()) {
      if (workers_.empty()) finish();
    } else if (dirty) {
      fork_worker();
    } else if (workers_.empty()) {
      finish();
    }
  }

  /// A worker is gone: its case ends, and what it had started.
  void lost(WorkerLink& worker, const std::string& why) {
    const process::SweepScope scope{true, {zygote_.pid, watchdog_.pid()}};
    for (const auto& group : worker.groups) {
      process::sweep(group, scope);
      watchdog_.forget(group.id);
    }
    watchdog_.forget_process(worker.pid);
    if (!worker.telling) return;
    const std::string output = worker.take_output();
    worker.telling->attach_output(output);
    std::string text = why;
    if (!output.empty()) text += "\nlast output:\n" + join(last_lines(output, 20), "\n");
    worker.telling->abandon(text);
    close_case(worker);
  }

  // ---- the end

  void finish() {
    if (after_all_asked_) return;
    after_all_asked_ = true;
    if (send_record(control_.native_handle(), frame::RunAfterAll{})) return;
    if (outcome_.problem.empty()) outcome_.problem = "the zygote was gone before AFTER_ALL";
    end();
  }

  void end() {
    ended_ = true;
    for (auto& worker : workers_) lost(worker, outcome_.problem);
    workers_.clear();
    error_code ignored;
    control_.close(ignored);
    zygote_.control.reset();
    signals_.cancel(ignored);
    children_.cancel(ignored);
    hook_deadline_.cancel();
    end_zygote();
  }

  /// It has said its last word, or must not say more.
  void end_zygote() {
    if (zygote_status_) return;
    kill(zygote_.pid, SIGKILL);
    int status = 0;
    if (waitpid(zygote_.pid, &status, 0) == zygote_.pid) zygote_status_ = status;
  }

  void listen_to_signals() {
    signals_.async_wait([this](error_code failure, int) {
      if (failure || ended_) return;
      if (outcome_.interrupted) _exit(2);  // the second time: at once; the watchdog sweeps
      outcome_.interrupted = true;
      for (WorkerLink& worker : workers_) end_worker(worker, "interrupted");
      if (workers_.empty()) finish();
      listen_to_signals();
    });
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
    int status = 0;
    if (!zygote_status_ && waitpid(zygote_.pid, &status, WNOHANG) == zygote_.pid) {
      zygote_status_ = status;
      drain_zygote();
    }
    process::reap_adopted({zygote_.pid, watchdog_.pid()});
  }

  const Plan& plan_;
  const steps::Library& library_;
  const RunOptions& options_;
  const Surroundings& around_;
  InOrder in_order_;
  HookTelling hooks_;
  Zygote zygote_;
  process::Watchdog& watchdog_;
  asio::io_context context_{1};
  asio::posix::stream_descriptor control_;
  asio::signal_set signals_;
  asio::signal_set children_;
  asio::steady_timer hook_deadline_;
  std::string zygote_ended_for_;  ///< why we ended it
  std::list<WorkerLink> workers_;
  std::uint32_t next_worker_ = 0;
  std::size_t next_case_ = 0;
  std::size_t finished_ = 0;
  bool cases_passed_ = true;
  std::string after_case_;  ///< a worker died between scenarios
  bool after_all_asked_ = false;
  bool ended_ = false;
  std::optional<int> zygote_status_;
  Outcome outcome_;
};

}  // namespace

Outcome coordinate(const Plan& plan, const steps::Library& library, const steps::RunInfo& run,
                   const RunOptions& options, const Surroundings& surroundings) {
  signal(SIGPIPE,
         SIG_IGN);  // a report whose reader is gone is an error of writing, not the end of the run
  if (const auto reaper = process::become_subreaper(); !reaper) {
    return broken_run(plan, library, surroundings, reaper.error());
  }
  auto watchdog = process::start_watchdog(run.run_id, run.scratch);
  if (!watchdog) return broken_run(plan, library, surroundings, watchdog.error());
  std::optional<Coordinator> coordinator;
  pid_t zygote_pid = -1;
  try {
    Zygote zygote = fork_zygote(plan, library, run);
    zygote_pid = zygote.pid;
    (void)watchdog->add_process(zygote_pid);
    coordinator.emplace(plan, library, options, surroundings, std::move(zygote), *watchdog);
  } catch (const std::exception& failure) {  // no process, no descriptor is left for it
    if (zygote_pid > 0 && kill(zygote_pid, SIGKILL) == 0) waitpid(zygote_pid, nullptr, 0);
    watchdog->done();
    return broken_run(plan, library, surroundings, error("cannot_run", failure.what()));
  }
  Outcome outcome = coordinator->run();
  watchdog->done();
  return outcome;
}

}  // namespace muster::run
