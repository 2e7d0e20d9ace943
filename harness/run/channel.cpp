#include "run/channel.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace muster::run {
namespace {

constexpr std::size_t kRecordLimit = 64 * 1024;
constexpr std::size_t kFrameLimit = std::size_t{1} << 30;

std::pair<UniqueFd, UniqueFd> pair_of(int type) {
  int ends[2];
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

std::optional<Result<std::string_view>> FrameSplitter::next() {
  if (begin_ > 0 && (begin_ == buffer_.size() || begin_ > 1 << 20)) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  std::uint32_t size = 0;
  if (buffer_.size() - begin_ < sizeof size) return std::nullopt;
  std::memcpy(&size, buffer_.data() + begin_, sizeof size);
  if (size > kFrameLimit) return error("bad_frame", "a frame is too large");
  if (buffer_.size() - begin_ - sizeof size < size) return std::nullopt;
  const auto frame = std::string_view(buffer_).substr(begin_ + sizeof size, size);
  begin_ += sizeof size + size;
  return frame;
}

void Channel::send(const Frame& frame) {
  const bool at_once = std::holds_alternative<frame::GroupOpened>(frame);
  const std::lock_guard lock(sending_);
  bytes_.clear();
  append_framed(bytes_, frame);
  std::string_view left = bytes_;
  while (true) {
    left.remove_prefix(ring_.write(left));
    if (ring_.reader_sleeps() || at_once || !left.empty()) ring_the_bell();
    if (left.empty()) break;
    ring_.wait_for_room();
  }
  if (bytes_.capacity() > 1 << 20) bytes_ = {};
}

void Channel::ring_the_bell() {
  const char bell = 1;
  // a full socket holds bells enough
  while (::send(socket_.get(), &bell, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EINTR) {
  }
}

std::optional<Frame> Channel::receive() {
  char bytes[4096];
  while (true) {
    if (const auto frame = orders_.next()) {
      if (!*frame) return std::nullopt;
      auto order = decode(**frame);
      return order ? std::optional(std::move(order).value()) : std::nullopt;
    }
    const ssize_t n = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    orders_.feed({bytes, static_cast<std::size_t>(n)});
  }
}

std::pair<UniqueFd, UniqueFd> stream_pair() {
  return pair_of(SOCK_STREAM);
}
std::pair<UniqueFd, UniqueFd> record_pair() {
  return pair_of(SOCK_SEQPACKET);
}

bool send_record(int socket, const Frame& frame, const std::vector<int>& descriptors) {
  std::string bytes = encode(frame);
  iovec data{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 4)] = {};
  if (!descriptors.empty()) {
    const std::size_t size = sizeof(int) * descriptors.size();
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), descriptors.data(), size);
  }
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(bytes.size());
}

std::optional<Record> receive_record(int socket) {
  std::string bytes(kRecordLimit, '\0');
  iovec data{bytes.data(), bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 4)] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do {
    got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return std::nullopt;

  Record record;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
      record.descriptors.emplace_back(fd);
    }
  }
  bytes.resize(static_cast<std::size_t>(got));
  auto frame = decode(bytes);
  if (!frame) return std::nullopt;
  record.frame = std::move(frame).value();
  return record;
}

}  // namespace muster::run
