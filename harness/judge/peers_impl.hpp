#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

#include "judge/peers.hpp"
#include "net/io_thread.hpp"
#include "net/server.hpp"
#include "sinks/memory_sink.hpp"
#include "sinks/unix_door.hpp"

namespace muster::judge {

struct Record::Impl {
  class Nobody : public Observer {
   public:
    void observe(Observation) override {}
  };

  void subscribe() {
    subscription = sink.subscribe([this](const auto& event) {
      const std::lock_guard lock(mutex);
      recorded.push_back(*event);
      changed.notify_all();
    });
  }
  std::size_t count() const { return sink.size(); }

  Nobody nobody;
  sinks::MemorySink sink;
  std::unique_ptr<sinks::UnixDoor> door;
  std::string address;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::vector<events::Event> recorded;
  sinks::MemorySink::Subscription subscription;
};

struct StandInHearth::Impl {
  net::Response answer(const net::Request& request);

  Record::Impl* record = nullptr;
  std::unique_ptr<net::Server> server;
  std::mutex mutex;
  std::vector<Call> calls;
  std::set<std::string> torn_down;
  int refused_status = 0;
  std::string refused_code;
};

struct StandInRalph::Impl {
  explicit Impl(const net::KeyRing& keys) : verifier(keys, net::BearerMode::m1) {}

  net::Response answer(const net::Request& request);
  net::Response stream(const net::Request& request, const std::string& run_id);

  Record::Impl* record = nullptr;
  std::unique_ptr<net::Server> server;
  std::mutex mutex;
  net::Verifier verifier;
  std::vector<Call> calls;
  Play play = Play::clean;
  int refused_status = 0;
  std::string refused_code;
  int cut = 0;
  int runs = 0;
  std::set<std::string> cancelled;
};

}  // namespace muster::judge
