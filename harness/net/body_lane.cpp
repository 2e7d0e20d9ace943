#include "net/body_lane.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace muster::net {
namespace asio = boost::asio;

BodyLane::Place::~Place() {
  if (body_ != nullptr) {
    lane_.room_ = std::move(*body_);
    body_->clear();
  }
  lane_.leave(this);
}

void BodyLane::Place::make_room(std::string& body, std::size_t bytes) {
  body_ = &body;
  std::string room = std::move(lane_.room_);
  room.reserve(bytes);
  room.assign(body);
  body = std::move(room);
}

void BodyLane::hurry() {
  if (places_.size() < 2 || places_.front()->deadline_ != Deadline::max()) return;
  places_.front()->deadline_ = SteadyClock::now() + patience_;
}

void BodyLane::leave(Place* place) {
  std::erase(places_, place);
  if (places_.empty()) return;
  places_.front()->turn_.cancel();
  hurry();
}

asio::awaitable<std::unique_ptr<BodyLane::Place>> BodyLane::enter(Deadline deadline) {
  auto place = std::make_unique<Place>(*this, executor_);
  places_.push_back(place.get());
  hurry();
  place->turn_.expires_at(deadline);
  while (places_.front() != place.get()) {
    auto [failed] = co_await place->turn_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!failed) co_return nullptr;  // the deadline; a turn is told by cancelling the timer
  }
  co_return place;
}

}  // namespace muster::net
