#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "process/watchdog.hpp"
#include "run/coordinator.hpp"
#include "run/ledger.hpp"
#include "run/schedule.hpp"
#include "run/worker_pool.hpp"
#include "run/zygote_link.hpp"

namespace muster::run {

/// The workers of a run and what each is at: has the zygote fork them, gives them cases, takes what
/// they tell, ends those that hang, replaces those that are gone and sweeps what they leave.
class Crew final : WorkerPool::Listener {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// Nothing more is to begin.
    virtual bool ending() const = 0;
    /// The run as a whole fails for this.
    virtual void fail(std::string problem) = 0;
    /// The last worker is gone, and none is to come.
    virtual void crew_gone() = 0;
  };

  /// What it works with, each of which outlives it.
  struct Parts {
    const RunContext& run;
    const RunOptions& options;
    const Surroundings& around;
    process::Watchdog& watchdog;
    ZygoteLink& zygote;
    Schedule& schedule;
    Ledger& ledger;
  };

  Crew(boost::asio::io_context& context, const Parts& parts, Listener& listener);

  /// One more worker.
  void fork_worker();
  /// What the zygote says of them.
  void forked(const frame::Forked& it, std::vector<UniqueFd>& descriptors);
  void exited(const frame::Exited& it);

  /// Ends them all; those that are gone already count as such.
  void stop(const std::string& why);
  /// Nobody will tell of their end any more: the cases they run are lost.
  void abandon(const std::string& why);

  bool empty() const { return workers_.empty(); }
  /// What went wrong between scenarios, or after the last one; empty if nothing did.
  const std::string& after_case() const { return after_case_; }

 private:
  void frame(WorkerLink& worker, const Frame& frame, std::string_view encoded) override;
  void overdue(WorkerLink& worker) override;
  void broken(WorkerLink& worker, const std::string& why) override;
  void quiet() override { parts_.around.quiet(); }

  void give_work(WorkerLink& worker);
  void give_work_to_all();
  void case_started(WorkerLink& worker, const frame::CaseStarted& it);
  void case_finished(WorkerLink& worker, const frame::CaseFinished& it);
  void close_attempt(WorkerLink& worker, bool retried);
  void group_opened(WorkerLink& worker, const std::string& record);
  void expect(WorkerLink& worker, std::chrono::milliseconds timeout);
  void end_worker(WorkerLink& worker, std::string why);
  void lost(WorkerLink& worker, const std::string& why);
  void lost_idle(WorkerLink& worker, const std::string& how);
  void fixtures_failed(const std::string& why);

  const Parts parts_;
  Listener& listener_;
  WorkerPool workers_;
  std::string after_case_;
  unsigned idle_losses_ = 0;  ///< workers in a row that were lost before a scenario began
};

}  // namespace muster::run
