#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "net/address.hpp"
#include "process/process.hpp"

namespace muster::process {

/// One way in which a program shows that it is ready.
struct ReadyNotify {};  ///< READY=1 to its NOTIFY_SOCKET
struct ReadyUnixSocket {
  std::string path;  ///< it accepts connections there, and nobody else does
};
struct ReadyHttp {
  net::Address address;
  std::string target = "/healthz";  ///< GET of it answers 200
  /// What a program that speaks for itself gives back in the header `Muster-Nonce`, so that one
  /// which was there before is never taken for it. An answer with another is not the program's.
  std::string nonce{};
  bool nonce_needed = false;  ///< an answer without is not the program's either
};
struct ReadyLogLine {
  std::string text;  ///< part of a line on either stream
};
struct ReadyTcp {
  std::uint16_t port = 0;  ///< 127.0.0.1 accepts connections there
};
/// The harness listens and has handed the descriptor on: connections wait from the beginning, so
/// the program is ready once exec has succeeded.
struct ReadyListener {};
/// A command that succeeds once the program is ready.
struct ReadyExec {
  std::string name;  ///< what it is called when it is told of
  /// Runs it once; the error says why it is not ready yet.
  std::function<boost::asio::awaitable<Result<void>>()> attempt;
};

using Probe = std::variant<ReadyNotify, ReadyUnixSocket, ReadyHttp, ReadyLogLine, ReadyTcp,
                           ReadyListener, ReadyExec>;

/// Ready as soon as any of the probes says so. `{{ReadyNotify{}, ReadyHttp{address}}}`: by notify
/// when the program speaks it, else by HTTP.
struct Ready {
  std::vector<Probe> any;
};

/// `notify`, `unix socket /run/h.sock`, `GET http://…`, …
std::string to_string(const Probe& probe);

/// How it came to be ready.
struct Readiness {
  std::string by;  ///< the probe, as to_string names it
  std::int64_t t_mono_ns = 0;
  std::chrono::nanoseconds after_start{};
};

/// Returns as soon as `process` is ready. Errors: `died_before_ready` at once when the program ends
/// (the message says how, the hint holds its last 20 lines), `not_ready` when `within` is over (the
/// hint holds what each probe saw and the last lines), `bad_readiness` for a probe that cannot
/// work.
boost::asio::awaitable<Result<Readiness>> until_ready(Process& process, Ready ready,
                                                      std::chrono::milliseconds within);

}  // namespace muster::process
