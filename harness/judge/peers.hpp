#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "events/event.hpp"
#include "net/address.hpp"
#include "net/bearer.hpp"

namespace muster::net {
class IoThread;
}

namespace muster::judge {

/// A request that came to a stand-in.
struct Call {
  std::string method, target, body;
  std::string authorization;
  std::string refused;        ///< why the bearer was; empty when it was genuine or not needed
  std::size_t events_before;  ///< how many events were on record when it came
};

/// The HATCH events that the console has written, with the door through which it does.
class Record {
 public:
  struct Impl;
  explicit Record(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  std::string address() const;
  std::vector<events::Event> events() const;
  std::vector<std::string> names() const;
  std::vector<events::Event> named(const std::string& name) const;
  /// Waits until an event of that name is there; whether it came.
  bool await(const std::string& name, std::chrono::milliseconds within) const;
  void refuse_next(std::size_t count);
  /// What is missing or doubled per source, in words; empty when nothing is.
  std::vector<std::string> continuity() const;

 private:
  std::shared_ptr<Impl> impl_;
};

/// Answers as a hearth that has every workspace ready at once.
class StandInHearth {
 public:
  struct Impl;
  explicit StandInHearth(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  net::Address address() const;
  std::vector<Call> calls() const;
  /// Every verb from now on is answered so.
  void refuse(int status, const std::string& code);

 private:
  std::shared_ptr<Impl> impl_;
};

/// What a stand-in for ralph streams.
enum class Play {
  clean,    ///< four prompts, each done at its first attempt
  drifted,  ///< the same, with `nodeId` for `node_id` in one frame of prompt-2
  endless   ///< run_start alone; the stream stays open until the run is cancelled
};

/// Answers as a worker that has nothing to do: a run of four prompts is over at once.
class StandInRalph {
 public:
  struct Impl;
  explicit StandInRalph(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  net::Address address() const;
  std::vector<Call> calls() const;
  void play(Play what);
  /// Every submit from now on is answered so.
  void refuse(int status, const std::string& code);
  /// The stream is cut after that frame, once.
  void cut_after(int frame);
  /// How many frames a whole stream of four prompts has.
  static std::size_t frames();

 private:
  std::shared_ptr<Impl> impl_;
};

/// The neighbours of the program under judgement. Made and destroyed by a thread that is not io's.
class Peers {
 public:
  Peers(net::IoThread& io, const std::string& folder, const net::KeyRing& keys);
  ~Peers();
  Peers(const Peers&) = delete;
  Peers& operator=(const Peers&) = delete;
  StandInHearth& hearth() { return hearth_; }
  StandInRalph& ralph() { return ralph_; }
  Record& record() { return record_; }

 private:
  net::IoThread& io_;
  std::shared_ptr<Record::Impl> record_impl_;
  std::shared_ptr<StandInHearth::Impl> hearth_impl_;
  std::shared_ptr<StandInRalph::Impl> ralph_impl_;
  Record record_;
  StandInHearth hearth_;
  StandInRalph ralph_;
};

}  // namespace muster::judge
