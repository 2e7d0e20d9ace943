#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "run/narrator.hpp"
#include "run/service_thread.hpp"
#include "steps/extension.hpp"
#include "steps/host.hpp"

namespace muster::run {

/// What a worker gives the scenario it runs.
class WorkerHost final : public steps::Host, private Observer {
 public:
  WorkerHost(const steps::RunInfo& run, ServiceThread& service, Narrator& narrator)
      : run_(run), service_(service), narrator_(narrator) {}

  const steps::RunInfo& run() const override { return run_; }
  boost::asio::any_io_executor service() override { return service_.executor(); }
  Observer& observer() override { return *this; }
  void attach(const Attachment& attachment) override { narrator_.attach(attachment); }
  std::chrono::steady_clock::time_point deadline() const override { return deadline_.load(); }
  void announce_group(const Json& record) override {
    narrator_.send(frame::GroupOpened{dump_json(record)});
  }
  steps::Extension* extension(std::type_index type) override;
  void wait_on_service(std::function<boost::asio::awaitable<void>()> work) override {
    service_.wait(std::move(work), deadline());
  }

  void set_deadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }
  void set_extension(steps::Extension* extension) { extension_ = extension; }

 private:
  void observe(Observation observation) override {
    narrator_.send(frame::Observed{dump_json(to_json(observation))});
  }

  const steps::RunInfo& run_;
  ServiceThread& service_;
  Narrator& narrator_;
  std::atomic<std::chrono::steady_clock::time_point> deadline_{
      std::chrono::steady_clock::time_point::max()};
  steps::Extension* extension_ = nullptr;
};

}  // namespace muster::run
