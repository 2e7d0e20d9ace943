#include "run/crew.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <stdexcept>
#include <system_error>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "process/group_record.hpp"
#include "process/sweep.hpp"

namespace muster::run {

using std::chrono::milliseconds;

namespace {

/// So many workers may be lost in a row before a scenario begins: what ends all of them would end
/// the next one too.
constexpr unsigned kIdleLosses = 3;

std::string seconds(milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000.0);
}

}  // namespace

Crew::Crew(boost::asio::io_context& context, const Parts& parts, Listener& listener)
    : parts_(parts), listener_(listener), workers_(context, *this) {}

// ---- their processes

void Crew::fork_worker() {
  try {
    std::vector<UniqueFd> descriptors;
    const std::uint32_t id = workers_.add(descriptors).id;
    if (parts_.zygote.tell(frame::Fork{id}, descriptors)) return;
    workers_.remove(id);
    listener_.fail("the zygote takes no orders");
  } catch (const std::system_error& failure) {
    listener_.fail(std::string("no worker can be made: ") + failure.what());
  }
  if (workers_.empty()) listener_.crew_gone();
}

void Crew::forked(const frame::Forked& it, std::vector<UniqueFd>& descriptors) {
  WorkerLink* worker = workers_.find(it.worker);
  if (worker == nullptr) return;
  if (it.pid < 0 || descriptors.empty()) {
    listener_.fail("no worker could be forked");
    workers_.remove(it.worker);
    if (workers_.empty()) listener_.crew_gone();
    return;
  }
  worker->pid = static_cast<pid_t>(it.pid);
  worker->handle = std::move(descriptors[0]);
  (void)parts_.watchdog.add_process(worker->pid);
  if (listener_.ending()) end_worker(*worker, "interrupted");
  workers_.listen(*worker);
  give_work(*worker);
}

void Crew::exited(const frame::Exited& it) {
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
  if (!worker->attempt && dirty && why.empty()) lost_idle(*worker, describe_end(status));
  if (why.empty()) {
    why = "the worker " + describe_end(status);
    if (WIFEXITED(status)) why += ": the step's body ended its process";
  }
  if (parts_.around.onlooker != nullptr) parts_.around.onlooker->gone(it.worker);
  lost(*worker, why);
  workers_.remove(it.worker);
  if (listener_.ending() || !parts_.schedule.more()) {
    if (workers_.empty()) listener_.crew_gone();
  } else if (dirty || workers_.empty()) {
    fork_worker();
  }
  give_work_to_all();
}

void Crew::lost(WorkerLink& worker, const std::string& why) {
  const process::SweepScope scope{true, {parts_.zygote.pid(), parts_.watchdog.pid()}};
  for (const auto& group : worker.groups) process::sweep(group, scope);
  parts_.watchdog.forget_process(worker.pid);
  parts_.schedule.worker_lost();
  if (worker.at_work) parts_.schedule.done(*worker.at_work);
  worker.at_work.reset();
  if (!worker.attempt) return;
  const Attempt attempt = *worker.attempt;
  const bool retried =
      !listener_.ending() && attempt.number < parts_.run.plan.cases[attempt.index].retries;
  const std::string output = valid_utf8(worker.last_output());
  std::string text = why;
  if (!output.empty()) {
    parts_.ledger.add(attempt.index, output_frame(output));
    text += "\nlast output:\n" + join(last_lines(output, 20), "\n");
  }
  parts_.ledger.add(attempt.index,
                    frame::Abandoned{system_clock().wall(), text, retried, worker.timed_out});
  worker.worst = Status::failed;
  close_attempt(worker, retried);
  if (retried) parts_.schedule.again({attempt.index, attempt.number + 1});
}

void Crew::lost_idle(WorkerLink& worker, const std::string& how) {
  if (++idle_losses_ < kIdleLosses) return;
  std::string problem = fmt::format("no worker gets to its work: {} in a row {} before a scenario",
                                    idle_losses_, how);
  const std::string output = valid_utf8(worker.last_output());
  if (!output.empty()) problem += "\nlast output:\n" + join(last_lines(output, 5), "\n");
  listener_.fail(std::move(problem));
}

void Crew::end_worker(WorkerLink& worker, std::string why) {
  if (worker.why_ended.empty()) worker.why_ended = std::move(why);
  worker.signal(SIGKILL);
}

void Crew::stop(const std::string& why) {
  for (WorkerLink& worker : workers_.all()) {
    if (worker.pid > 0) end_worker(worker, why);
  }
}

void Crew::abandon(const std::string& why) {
  for (WorkerLink& worker : workers_.all()) lost(worker, why);
  workers_.all().clear();
}

// ---- their work

void Crew::give_work(WorkerLink& worker) {
  if (worker.gone || worker.leaving || worker.at_work) return;
  using Kind = Schedule::Order::Kind;
  const auto order = listener_.ending() ? Schedule::Order{} : parts_.schedule.next();
  switch (order.kind) {
    case Kind::wait:
      return;
    case Kind::leave: {
      worker.leaving = true;
      boost::system::error_code ignored;
      worker.socket.shutdown(boost::asio::socket_base::shutdown_send, ignored);
      expect(worker, parts_.options.timeouts.hook);
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
  expect(worker, parts_.options.timeouts.hook);
}

/// Something changed that others may have waited for.
void Crew::give_work_to_all() {
  for (WorkerLink& worker : workers_.all()) {
    if (worker.pid > 0) give_work(worker);
  }
}

void Crew::frame(WorkerLink& worker, const Frame& frame, std::string_view encoded) {
  if (parts_.around.onlooker != nullptr) parts_.around.onlooker->frame(worker.id, frame);
  if (const auto* seen = std::get_if<frame::Observed>(&frame)) {
    parts_.around.observe(seen->json);
    return;
  }
  if (const auto* opened = std::get_if<frame::GroupOpened>(&frame)) {
    group_opened(worker, opened->record);
    return;
  }
  if (std::holds_alternative<frame::Idle>(frame)) {
    workers_.expect_nothing(worker);
    if (worker.at_work) parts_.schedule.done(*worker.at_work);
    worker.at_work.reset();
    give_work_to_all();
    return;
  }
  if (const auto* leaving = std::get_if<frame::Leaving>(&frame)) {
    if (!leaving->problem.empty()) fixtures_failed(leaving->problem);
    return;
  }
  if (const auto* started = std::get_if<frame::CaseStarted>(&frame)) case_started(worker, *started);
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
  parts_.ledger.add(worker.attempt->index, frame, encoded);
  if (const auto* done = std::get_if<frame::CaseFinished>(&frame)) case_finished(worker, *done);
}

void Crew::case_started(WorkerLink& worker, const frame::CaseStarted& it) {
  if (it.index >= parts_.run.plan.cases.size()) throw std::range_error("no such scenario");
  worker.attempt = Attempt{it.index, it.attempt};
  worker.worst = Status::unknown;
  worker.ending = false;
  worker.groups.clear();
  parts_.schedule.started(it.index);
  idle_losses_ = 0;
  expect(worker, parts_.options.timeouts.hook);
}

void Crew::group_opened(WorkerLink& worker, const std::string& record) {
  const auto json = parse_json(record);
  if (!json) return;
  if (json->contains("engine")) (void)parts_.watchdog.add_engine(string_at(*json, "engine"));
  auto group = process::group_record_from_json(*json);
  if (!group) return;
  (void)parts_.watchdog.add(*group);  // without its watchdog the run goes on
  worker.groups.push_back(std::move(group).value());
}

void Crew::case_finished(WorkerLink& worker, const frame::CaseFinished& it) {
  const Attempt attempt = *worker.attempt;
  close_attempt(worker, it.retried);
  if (worker.stuck) {
    if (it.retried) parts_.schedule.again({attempt.index, attempt.number + 1});
    end_worker(worker, "its body hangs");
  } else {
    expect(worker, parts_.options.timeouts.hook);  // the next case, or its idleness
  }
}

void Crew::close_attempt(WorkerLink& worker, bool retried) {
  for (const auto& group : worker.groups) parts_.watchdog.forget(group.id);
  worker.groups.clear();
  const Attempt attempt = *worker.attempt;
  worker.attempt.reset();
  if (!retried) parts_.ledger.closed(attempt.index, worker.worst);
}

// ---- their silence

/// Ends the worker when it says nothing of its step's end for too long.
void Crew::expect(WorkerLink& worker, milliseconds timeout) {
  workers_.expect(worker, timeout + kTakeOverAfter + kExplainTimeout + kWorkerGrace);
}

void Crew::overdue(WorkerLink& worker) {
  worker.timed_out = true;
  if (worker.leaving) {
    fixtures_failed("timed out after " + seconds(parts_.options.timeouts.hook));
  }
  end_worker(worker, worker.ending ? "timed out while fixtures were destroyed and programs stopped"
                                   : "timed out: the worker did not answer " +
                                         seconds(kWorkerGrace) + " after the deadline");
}

void Crew::broken(WorkerLink& worker, const std::string& why) {
  end_worker(worker, "the worker's stream is broken: " + why);
}

void Crew::fixtures_failed(const std::string& why) {
  after_case_ = "while fixtures of the run were destroyed: " + why;
}

}  // namespace muster::run
