#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "events/kahn.hpp"
#include "judge/peers_impl.hpp"
#include "net/sse.hpp"

namespace muster::judge {

namespace asio = boost::asio;
namespace kahn = events::kahn;

namespace {

constexpr int kPrompts = 4;

std::vector<std::string> lines_of(const std::string& run_id, Play play) {
  std::vector<std::string> lines;
  const auto add = [&](auto body) {
    lines.push_back(kahn::to_line(kahn::frame(system_clock().wall(), run_id, std::move(body))));
  };
  using kahn::NodeStatus;
  add(kahn::RunStart{kPrompts});
  if (play == Play::endless) return lines;
  for (int i = 1; i <= kPrompts; ++i) {
    const std::string node = "prompt-" + std::to_string(i);
    add(kahn::NodeTransition{node, NodeStatus::pending, NodeStatus::ready, {}, {}});
    add(kahn::NodeTransition{node, NodeStatus::ready, NodeStatus::running, 1, {}});
    add(kahn::NodeAttempt{node, 1, 0.01, true, {}, {}});
    if (play == Play::drifted && i == 2) {
      std::string& line = lines.back();
      line.replace(line.find("node_id"), std::string("node_id").size(), "nodeId");
    }
    add(kahn::NodeTransition{node, NodeStatus::running, NodeStatus::done, {}, {}});
  }
  add(kahn::RunEnd{kahn::Outcome::clean, kPrompts, 0, 0, 0.04, {}, {}, {}});
  return lines;
}

/// Sends what comes after `last`, up to `cut` (then the connection breaks), and keeps an endless
/// stream open with heartbeats.
asio::awaitable<void> send_frames(net::BodyWriter& body, std::vector<std::string> lines,
                                  std::size_t last, std::size_t cut, bool endless) {
  for (std::size_t i = last; i < lines.size(); ++i) {
    const std::string frame = net::sse_frame(std::to_string(i + 1), lines[i]);
    if (!co_await body.write(frame)) co_return;
    if (i + 1 == cut) throw std::runtime_error("cut");
  }
  asio::steady_timer beat(co_await asio::this_coro::executor);
  const std::string comment = net::sse_comment("beat");
  while (endless) {
    beat.expires_after(std::chrono::milliseconds(500));
    co_await beat.async_wait(asio::use_awaitable);
    if (!co_await body.write(comment)) co_return;
  }
}

}  // namespace

net::Address StandInRalph::address() const {
  return impl_->server->address();
}

std::vector<Call> StandInRalph::calls() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->calls;
}

void StandInRalph::play(Play what) {
  const std::lock_guard lock(impl_->mutex);
  impl_->play = what;
}

void StandInRalph::refuse(int status, const std::string& code) {
  const std::lock_guard lock(impl_->mutex);
  impl_->refused_status = status;
  impl_->refused_code = code;
}

void StandInRalph::cut_after(int frame) {
  const std::lock_guard lock(impl_->mutex);
  impl_->cut = frame;
}

std::size_t StandInRalph::frames() {
  return lines_of("run", Play::clean).size();
}

net::Response StandInRalph::Impl::stream(const net::Request& request, const std::string& run_id) {
  const std::vector<std::string> lines = lines_of(run_id, play);
  const auto last =
      static_cast<std::size_t>(std::atoi(request.headers.get("Last-Event-ID", "0").c_str()));
  net::Response response;
  if (play != Play::endless && last >= lines.size()) {
    response.status = 204;
    return response;
  }
  response.headers.set("Content-Type", "text/event-stream");
  const auto until = static_cast<std::size_t>(std::exchange(cut, 0));
  response.stream = [lines, last, until, endless = play == Play::endless](net::BodyWriter& body) {
    return send_frames(body, lines, last, until, endless);
  };
  return response;
}

net::Response StandInRalph::Impl::answer(const net::Request& request) {
  const std::lock_guard lock(mutex);
  if (request.path == "/healthz") return net::Response::json(200, {{"ok", true}});
  const std::string authorization = request.headers.get("Authorization");
  const auto reason = verifier.verify(authorization, request.method, request.target, request.body);
  calls.push_back({request.method, request.target, request.body, authorization,
                   reason ? std::string(net::to_string(*reason)) : "", record->count()});
  if (reason) {
    net::Response response;
    response.status = 401;
    response.headers.set("Content-Type", "application/json");
    response.body = net::bearer_refusal_body();
    return response;
  }
  const std::vector<std::string> path = split(request.path, '/');
  if (request.path == "/runs" && request.method == "POST") {
    if (refused_status != 0)
      return net::Response::error(refused_status, refused_code, "the judge refuses");
    return net::Response::json(202, {{"run_id", "run-" + std::to_string(++runs)}});
  }
  if (path.size() == 4 && path[1] == "runs" && path[3] == "stream") return stream(request, path[2]);
  if (path.size() == 4 && path[1] == "runs" && path[3] == "cancel") {
    cancelled.insert(path[2]);
    return net::Response::json(202, {{"run_id", path[2]}});
  }
  return net::Response::error(404, "not_found", "no such route");
}

}  // namespace muster::judge
