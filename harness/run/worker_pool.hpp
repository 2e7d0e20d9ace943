#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>

#include "run/worker_link.hpp"

namespace muster::run {

/// The workers of a run: takes their frames, and watches that they speak in time. While frames come
/// it looks into the rings every few milliseconds and nobody is woken; when none come it sleeps
/// until a worker rings.
class WorkerPool {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// `encoded` is the frame as it came, valid during the call.
    virtual void frame(WorkerLink& worker, const Frame& frame, std::string_view encoded) = 0;
    /// It has not spoken as expected.
    virtual void overdue(WorkerLink& worker) = 0;
    /// What it says is none: a body wrote into what is not its own.
    virtual void broken(WorkerLink& worker, const std::string& why) = 0;
    /// No worker has anything to say for the moment.
    virtual void quiet() = 0;
  };

  WorkerPool(boost::asio::io_context& context, Listener& listener);

  /// Adds a worker whose process does not exist yet, with what it is to be given. Throws
  /// std::system_error.
  WorkerLink& add(std::vector<UniqueFd>& descriptors);
  /// From now on its frames are taken.
  void listen(WorkerLink& worker);
  WorkerLink* find(std::uint32_t id);
  void remove(std::uint32_t id);
  std::list<WorkerLink>& all() { return workers_; }
  bool empty() const { return workers_.empty(); }

  /// Takes all that a worker has said so far.
  void drain(WorkerLink& worker);
  /// It has to say the next thing within this time.
  void expect(WorkerLink& worker, std::chrono::milliseconds within);
  void expect_nothing(WorkerLink& worker);

 private:
  void wait_for_bell(WorkerLink& worker);
  void poll();
  void watch(WorkerLink& worker);

  boost::asio::io_context& context_;
  Listener& listener_;
  std::list<WorkerLink> workers_;
  std::uint32_t next_ = 0;
  boost::asio::steady_timer poll_;
  bool polling_ = false;
};

}  // namespace muster::run
