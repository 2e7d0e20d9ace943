#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "process/group_record.hpp"
#include "run/case_telling.hpp"
#include "run/channel.hpp"

namespace muster::run {

/// One worker as the coordinator sees it.
struct WorkerLink {
  WorkerLink(boost::asio::io_context& context, std::uint32_t number, UniqueFd channel,
             UniqueFd captured);

  /// What the bodies printed since the last call, at most `limit` bytes, the end of it.
  std::string take_output(std::size_t limit = 64 * 1024);

  const std::uint32_t id;
  pid_t pid = -1;
  boost::asio::local::stream_protocol::socket socket;
  boost::asio::steady_timer deadline;
  FrameSplitter splitter;
  UniqueFd output;
  std::int64_t output_read = 0;
  std::optional<std::size_t> assigned;  ///< case index
  std::optional<CaseTelling> telling;
  bool stuck = false;                        ///< its body thread hangs
  bool ending = false;                       ///< its case is past its last step
  bool gone = false;                         ///< it has ended; what it said is still being taken
  bool leaving = false;                      ///< told to end, its exit is no news
  std::string why_ended;                     ///< when it was ended by us
  std::vector<process::GroupRecord> groups;  ///< of the case it runs
};

/// "died of signal 11 (Segmentation fault)", "ended with exit status 0".
std::string describe_end(int wait_status);

}  // namespace muster::run
