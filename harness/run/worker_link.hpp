#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "process/group_record.hpp"
#include "run/channel.hpp"
#include "run/schedule.hpp"
#include "run/worker.hpp"
#include "steps/pauses.hpp"

namespace muster::run {

/// One worker as the coordinator sees it.
struct WorkerLink {
  WorkerLink(boost::asio::io_context& context, std::uint32_t number, UniqueFd channel, int memory,
             UniqueFd output_end);

  /// What bodies printed that the worker had not told yet; for a worker that is gone.
  std::string last_output();
  /// Sends a signal to this very process, never to another that got its number.
  void signal(int number) const;
  void order(const Frame& frame);

  const std::uint32_t id;
  pid_t pid = -1;
  UniqueFd handle;  ///< pidfd
  boost::asio::local::stream_protocol::socket socket;
  WorkerMemory memory;
  UniqueFd output_end;
  FrameSplitter splitter;

  bool awake = false;  ///< its ring is looked at again and again; it need not ring the bell
  steps::Deadline expected{steps::Deadline::Clock::time_point::max()};  ///< it must speak till then
  boost::asio::steady_timer overdue;
  bool overdue_armed = false;

  std::optional<Schedule::Order> at_work;    ///< what it was told to do
  std::optional<Attempt> attempt;            ///< what it runs
  Status worst = Status::unknown;            ///< of that
  bool stuck = false;                        ///< its body thread hangs
  bool ending = false;                       ///< its case is past its last step
  bool gone = false;                         ///< it has ended; what it said is still being taken
  bool leaving = false;                      ///< told to end, its exit is no news
  bool timed_out = false;                    ///< it was ended because it was silent too long
  std::string why_ended;                     ///< when it was ended by us
  std::vector<process::GroupRecord> groups;  ///< of the case it runs
};

/// "died of signal 11 (Segmentation fault)", "ended with exit status 0".
std::string describe_end(int wait_status);

}  // namespace muster::run
