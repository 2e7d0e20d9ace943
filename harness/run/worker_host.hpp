#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "run/narrator.hpp"
#include "run/program_table.hpp"
#include "run/service_thread.hpp"
#include "run/timeline_recorder.hpp"
#include "steps/extension.hpp"
#include "steps/host.hpp"

namespace muster::run {

/// What a worker gives the scenario it runs.
class WorkerHost final : public steps::Host, private Observer {
 public:
  WorkerHost(const steps::RunInfo& run, ServiceThread& service, Narrator& narrator,
             muster::detail::FixtureStore& fixtures)
      : run_(run), service_(service), narrator_(narrator), fixtures_(fixtures) {}

  const steps::RunInfo& run() const override { return run_; }
  boost::asio::any_io_executor service() override { return service_.executor(); }
  Observer& observer() override { return *this; }
  void attach(const Attachment& attachment) override { narrator_.attach(attachment); }
  std::chrono::steady_clock::time_point deadline() const override {
    const std::lock_guard lock(mutex_);
    return deadline_.at();
  }
  void announce_group(const Json& record) override {
    narrator_.send(frame::GroupOpened{dump_json(record)});
  }
  void announce_engine(const std::string& address) override {
    narrator_.send(frame::GroupOpened{dump_json({{"engine", address}})});
  }
  muster::detail::FixtureStore& run_fixtures() override { return fixtures_; }
  std::uint64_t observed() const override;
  void wait_observed(std::uint64_t seen, std::chrono::steady_clock::time_point until) override;
  steps::Extension* extension(std::type_index type) override;
  void wait_on_service(std::function<boost::asio::awaitable<void>()> work) override {
    service_.wait(std::move(work), steps::Deadline(deadline()));
  }

  void set_deadline(steps::Deadline deadline) {
    const std::lock_guard lock(mutex_);
    deadline_ = deadline;
  }
  void set_extension(steps::Extension* extension) { extension_ = extension; }
  /// Who else takes all observations; it outlives this.
  void set_recorder(TimelineRecorder* recorder) { recorder_ = recorder; }
  /// The programs that were observed so far.
  const ProgramTable& programs() const { return programs_; }
  /// What observations are told to belong to, before any is made.
  void set_case(std::string name) { case_ = std::move(name); }

 private:
  void observe(Observation observation) override;

  const steps::RunInfo& run_;
  ServiceThread& service_;
  Narrator& narrator_;
  muster::detail::FixtureStore& fixtures_;
  mutable std::mutex mutex_;
  steps::Deadline deadline_{std::chrono::steady_clock::time_point::max()};
  std::condition_variable observation_;
  std::uint64_t observed_ = 0;
  steps::Extension* extension_ = nullptr;
  TimelineRecorder* recorder_ = nullptr;
  ProgramTable programs_;
  std::string case_;
};

}  // namespace muster::run
