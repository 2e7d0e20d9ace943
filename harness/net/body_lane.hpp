#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "net/timer.hpp"

namespace muster::net {

/// Lets one connection at a time hold a request body above its share, so that the bodies of all
/// peers together take their shares and one cap. First come, first served. While others wait, the
/// holder has `patience` to finish.
class BodyLane {
 public:
  using Deadline = SteadyClock::time_point;

  BodyLane(boost::asio::any_io_executor executor, std::chrono::milliseconds patience)
      : executor_(std::move(executor)), patience_(patience) {}

  /// A place in the lane: waiting, then holding, until it dies. The lane must outlive it.
  class Place {
   public:
    Place(BodyLane& lane, const boost::asio::any_io_executor& executor)
        : lane_(lane), turn_(executor) {}
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    /// When the holder has to be done; it may come nearer while it reads.
    Deadline deadline() const { return deadline_; }

    /// Gives `body` room for `bytes`. The lane has the room back when the place dies, so that those
    /// who never finish take it one after another; `body` must outlive the place.
    void make_room(std::string& body, std::size_t bytes);
    /// The body is complete and keeps its room.
    void completed() { body_ = nullptr; }

   private:
    friend class BodyLane;
    BodyLane& lane_;
    Timer turn_;
    Deadline deadline_ = Deadline::max();
    std::string* body_ = nullptr;  ///< that has the room
  };

  /// Waits for the lane until `deadline`; nullptr when it did not become free.
  boost::asio::awaitable<std::unique_ptr<Place>> enter(Deadline deadline);

 private:
  void leave(Place* place);
  /// Bounds the holder's time, as others wait.
  void hurry();

  boost::asio::any_io_executor executor_;
  std::chrono::milliseconds patience_;
  std::deque<Place*> places_;  ///< the first one holds
  std::string room_;           ///< of the last holder that did not finish
};

}  // namespace muster::net
