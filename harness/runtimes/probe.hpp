#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::process {
class Group;
}

namespace muster::runtimes {

/// What a probe may take.
struct ProbeLimits {
  std::chrono::milliseconds timeout{10'000};
  std::size_t output_bytes = 64 * 1024;  ///< of each stream; the rest is read and dropped
  std::size_t at_once = 16;              ///< probes that run at the same time
};

struct ProbeCall {
  std::string binary;  ///< absolute path
  std::vector<std::string> args;
};

/// How a probe ended.
struct ProbeOutcome {
  enum class End { exited, signalled, timeout, not_executable, not_started };
  End end = End::not_started;
  int exit_code = 0;    ///< when exited
  int term_signal = 0;  ///< when signalled
  std::string out;
  std::string err;
  std::string detail;  ///< why it was not started
  std::chrono::milliseconds took{};
};

/// Runs programs that nobody vouches for: with nothing on their standard input, in `/`, with an
/// environment of PATH, HOME=/ and LC_ALL=C.UTF-8 and the marks of their process group. Whatever a
/// probe has started is dead when its outcome is there; what escapes even that dies with the
/// prober.
class Prober {
 public:
  /// `search_path` is the PATH that probes get. Where there are no pid namespaces one prober lives
  /// at a time, and another thread's waits here. Errors of process::Group.
  static Result<std::unique_ptr<Prober>> make(boost::asio::any_io_executor executor,
                                              ProbeLimits limits, std::string search_path);
  ~Prober();

  boost::asio::awaitable<ProbeOutcome> run(ProbeCall call);

 private:
  Prober(boost::asio::any_io_executor executor, ProbeLimits limits, std::string search_path,
         std::unique_lock<std::mutex> turn, std::unique_ptr<process::Group> group);

  std::unique_lock<std::mutex> turn_;  ///< given back when the group is gone
  boost::asio::any_io_executor executor_;
  ProbeLimits limits_;
  std::string search_path_;
  std::unique_ptr<process::Group> group_;
};

/// The absolute folders of `path` (`a:b:c`): a relative one would mean another place in `/`.
std::string absolute_folders(const std::string& path);

}  // namespace muster::runtimes
