#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/observe.hpp"
#include "base/result.hpp"
#include "net/address.hpp"
#include "net/http.hpp"
#include "net/tap_fault.hpp"

namespace muster::net {

/// One SSE event as it went through a tap.
struct TapFrame {
  std::string id;
  std::int64_t t_ns = 0;
  std::uint64_t offset = 0;  ///< bytes of the response body before it
  std::string raw;           ///< its first 400 bytes, redacted
};

/// One exchange as a tap saw it. Texts are redacted; bodies are cut at 4 KiB.
struct TapExchange {
  std::uint64_t number = 0;  ///< from 1, per tap
  std::int64_t t_begin_ns = 0;
  std::int64_t t_end_ns = 0;      ///< 0 while it is open
  std::int64_t last_byte_ns = 0;  ///< when upstream last sent anything, a heartbeat too; 0: nothing
  std::string method, target;
  int status = 0;  ///< that the client got; 0: none; 502: upstream could not be reached
  Headers request_headers, response_headers;
  std::string request_body, response_body;
  std::uint64_t request_bytes = 0, response_bytes = 0;
  std::string bearer_kid, bearer_t,
      bearer_nonce;   ///< of an m1 bearer in the request: not secret, and the cause of many a 401
  std::string fault;  ///< kinds of the faults that met it, by comma
  std::string error;  ///< what broke it, e.g. the errno text of an upstream that is down
  std::vector<TapFrame> frames;
};

Json to_json(const TapExchange& exchange);

/// Where a tap stands between two programs.
struct TapOptions {
  std::string name;  ///< e.g. `console → ralph`
  Address listen;    ///< TCP (port 0 allowed) or unix
  Address upstream;  ///< may be set later by set_upstream
  std::size_t max_exchanges =
      100'000;  ///< recorded; later ones are relayed, and go to the observer alone
  std::size_t max_frames = 10'000;  ///< recorded per exchange
};

/// A recording, fault-injecting HTTP proxy between two programs. Target, headers (but for the
/// hop-by-hop ones and Connection) and body bytes pass unchanged, so that signatures stay valid;
/// response bodies pass piece by piece as they come. When upstream cannot be reached, 502 is
/// recorded with the errno text and the client's connection is reset, as if there were no tap.
///
/// It runs on one executor; every method may be called from any thread, but listen, stop and the
/// destructor. To the observer it says: lane `http` kind `exchange` (at the end of each, data =
/// to_json), lane `sse` kind `frame`
/// ({exchange, id, offset, raw}), lane `fault` kind `injected`; subject is the tap's name.
class Tap {
 public:
  static Result<std::unique_ptr<Tap>> listen(boost::asio::any_io_executor executor,
                                             TapOptions options, Observer& observer);
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;
  ~Tap();

  const std::string& name() const;
  /// Where it listens.
  Address address() const;
  void set_upstream(Address upstream);

  /// Exchanges whose method and path (target without query) match the globs; open ones count.
  std::size_t calls(std::string_view method, std::string_view path_glob) const;
  /// The same as records.
  std::vector<TapExchange> exchanges(std::string_view method = "*",
                                     std::string_view path_glob = "*") const;
  /// Exchanges that have no end yet.
  std::size_t open_requests() const;
  /// When anything last went through (CLOCK_MONOTONIC); 0: never.
  std::int64_t last_activity_ns() const;

  /// Faults meet exchanges that begin later. Several may meet the same one.
  void inject(FaultMatch match, Fault fault);
  void clear_faults();

  /// Cuts what is open, and emits it with the error `still open when the tap closed`.
  boost::asio::awaitable<void> stop();

  class State;

 private:
  explicit Tap(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace muster::net
