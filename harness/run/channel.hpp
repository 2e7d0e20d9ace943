#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "run/frames.hpp"
#include "run/ring.hpp"

namespace muster::run {

/// Cuts a stream into frames, in any chunking.
class FrameSplitter {
 public:
  void feed(std::string_view bytes) {
    buffer_ += bytes;
    fed_ += bytes.size();
  }
  /// Feeds all that stands in a ring.
  void take_from(Ring& ring) { fed_ += ring.read(buffer_); }
  /// Bytes fed so far.
  std::size_t fed() const { return fed_; }
  /// The bytes of the next whole frame, valid until more is fed; an Error for bytes that are none.
  /// nullopt: more bytes are needed.
  std::optional<Result<std::string_view>> next();
  /// Bytes of a frame that never ended.
  std::size_t left_over() const { return buffer_.size() - begin_; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t fed_ = 0;
};

/// Where a worker's frames go; any thread may send.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void send(const Frame& frame) = 0;
};

/// The worker's way to the coordinator: frames go through the ring, orders come from the socket,
/// and a byte on the socket wakes the coordinator.
class Channel final : public FrameSink {
 public:
  Channel(UniqueFd socket, Ring& ring) : socket_(std::move(socket)), ring_(ring) {}
  /// Blocks while the ring is full. A group of programs is told at once: it must be known before
  /// the first of them runs.
  void send(const Frame& frame) override;
  /// Waits for an order; nullopt when the coordinator has no more.
  std::optional<Frame> receive();

 private:
  void ring_the_bell();

  UniqueFd socket_;
  Ring& ring_;
  std::mutex sending_;
  std::string bytes_;
  FrameSplitter orders_;
};

/// A pair of connected stream sockets (close-on-exec).
std::pair<UniqueFd, UniqueFd> stream_pair();
/// A pair of connected sockets that keep record boundaries (close-on-exec).
std::pair<UniqueFd, UniqueFd> record_pair();

/// One frame as one record, with at most four descriptors. Blocking. False, or nothing, when the
/// other end is gone.
bool send_record(int socket, const Frame& frame, const std::vector<int>& descriptors = {});
struct Record {
  Frame frame;
  std::vector<UniqueFd> descriptors;
};
std::optional<Record> receive_record(int socket);

}  // namespace muster::run
