#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "run/frames.hpp"

namespace muster::run {

/// A frame as it stands on a stream: 32-bit length, bytes.
std::string on_stream(const Frame& frame);

/// Cuts a stream into frames, in any chunking.
class FrameSplitter {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  /// The next whole frame; an Error for bytes that are none. nullopt: more bytes are needed.
  std::optional<Result<Frame>> next();
  /// Bytes of a frame that never ended.
  std::size_t left_over() const { return buffer_.size() - begin_; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
};

/// Where a worker's frames go; any thread may send.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  /// False when nobody takes frames any more.
  virtual bool send(const Frame& frame) = 0;
};

/// The worker's end of its stream to the coordinator: blocking.
class Channel final : public FrameSink {
 public:
  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}
  bool send(const Frame& frame) override;
  /// Waits for a frame; nullopt when the other end is gone.
  std::optional<Frame> receive();
  int fd() const { return socket_.get(); }

 private:
  UniqueFd socket_;
  std::mutex sending_;
  FrameSplitter splitter_;
};

/// A pair of connected stream sockets (close-on-exec).
std::pair<UniqueFd, UniqueFd> stream_pair();
/// A pair of connected sockets that keep record boundaries (close-on-exec).
std::pair<UniqueFd, UniqueFd> record_pair();

/// One frame as one record, with descriptors. Blocking. False, or nothing, when the other end is
/// gone.
bool send_record(int socket, const Frame& frame, const std::vector<int>& descriptors = {});
struct Record {
  Frame frame;
  std::vector<UniqueFd> descriptors;
};
std::optional<Record> receive_record(int socket);

}  // namespace muster::run
