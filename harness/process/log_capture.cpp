#include "process/log_capture.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

#include "base/clock.hpp"
#include "process/latch.hpp"
#include "process/log_store.hpp"

namespace muster::process {
namespace asio = boost::asio;
namespace {

constexpr std::size_t read_bytes = 64 * 1024;
/// Reads before other work of the io_context gets its turn.
constexpr int reads_per_turn = 8;
/// What is still read of a stream that is closed from our side while its writer goes on.
constexpr int last_reads = 16;
/// A wish: the kernel's limit per user may not allow it.
constexpr int pipe_bytes = 256 * 1024;

/// One for all captures of a thread: it holds nothing between two calls.
char* read_buffer() {
  thread_local std::unique_ptr<char[]> buffer(new char[read_bytes]);
  return buffer.get();
}

}  // namespace

struct LogCapture::Impl {
  struct Source {
    Stream stream;
    std::optional<asio::posix::stream_descriptor> descriptor;
    std::string partial;  ///< of a line whose end has not come
  };

  Impl(asio::any_io_executor on, LogLimits limits)
      : executor(on), store(std::move(limits)), ended(on) {}

  asio::any_io_executor executor;
  std::string file;
  LogStore store;
  std::array<Source, 2> sources{Source{Stream::out, {}, {}}, Source{Stream::err, {}, {}}};
  Latch ended;
  std::map<int, std::shared_ptr<Listener>> listeners;
  std::vector<BlockListener> block_listeners;
  int next_listener = 1;

  void arm(const std::shared_ptr<LogCapture>& self, std::size_t index) {
    sources[index].descriptor->async_wait(asio::posix::stream_descriptor::wait_read,
                                          [this, self, index](boost::system::error_code failed) {
                                            if (failed || !sources[index].descriptor) return;
                                            if (read(index, reads_per_turn)) {
                                              arm(self, index);
                                            } else {
                                              end(index);
                                            }
                                          });
  }

  /// Reads what is there, at most `times` pieces. False at the end of the stream.
  bool read(std::size_t index, int times) {
    Source& source = sources[index];
    while (times-- > 0) {
      const ssize_t got = ::read(source.descriptor->native_handle(), read_buffer(), read_bytes);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno == EAGAIN;
      if (got == 0) return false;
      take(source, {read_buffer(), static_cast<std::size_t>(got)});
    }
    return true;
  }

  void take(Source& source, std::string_view bytes) {
    store.counts.bytes += bytes.size();
    const std::size_t last_end = bytes.rfind('\n');
    if (last_end != std::string_view::npos) {
      const std::string_view whole = bytes.substr(0, last_end + 1);
      if (source.partial.empty()) {
        deliver(source.stream, whole);
      } else {
        source.partial.append(whole);
        deliver(source.stream, std::exchange(source.partial, {}));
      }
      bytes.remove_prefix(last_end + 1);
    }
    source.partial.append(bytes);
    while (source.partial.size() >= store.limits().line_bytes) {
      const std::string cut = source.partial.substr(0, store.limits().line_bytes) + '\n';
      source.partial.erase(0, store.limits().line_bytes);
      deliver(source.stream, cut);
    }
  }

  void deliver(Stream stream, std::string_view block) {
    const std::int64_t now = mono_ns();
    store.add(stream, now, block);
    for (const BlockListener& listener : block_listeners) listener(stream, now, block);
    if (listeners.empty()) return;
    for_each_line(block, [&](std::string_view line) {
      // A listener may end its own subscription or another's.
      const auto current = listeners;
      for (const auto& [number, listener] : current) {
        if (listeners.contains(number)) (*listener)({stream, now, line});
      }
    });
  }

  void end(std::size_t index) {
    Source& source = sources[index];
    if (source.descriptor) {
      boost::system::error_code ignored;
      source.descriptor->close(ignored);
      source.descriptor.reset();
    }
    if (!source.partial.empty()) deliver(source.stream, std::exchange(source.partial, {}) + '\n');
    if (sources[0].descriptor || sources[1].descriptor) return;
    store.finish();
    ended.set();
  }
};

Result<std::shared_ptr<LogCapture>> LogCapture::make(asio::any_io_executor executor,
                                                     std::string file, LogLimits limits) {
  auto impl = std::make_unique<Impl>(std::move(executor), std::move(limits));
  impl->file = std::move(file);
  if (!impl->file.empty()) {
    if (Result<void> opened = impl->store.open(impl->file); !opened) return opened.error();
  }
  return std::shared_ptr<LogCapture>(new LogCapture(std::move(impl)));
}

LogCapture::LogCapture(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogCapture::~LogCapture() = default;

void LogCapture::start(UniqueFd out, UniqueFd err) {
  std::array<UniqueFd*, 2> ends{&out, &err};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const int fd = ends[i]->release();
    ::fcntl(fd, F_SETPIPE_SZ, pipe_bytes);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    impl_->sources[i].descriptor.emplace(impl_->executor, fd);
  }
  for (std::size_t i = 0; i < ends.size(); ++i) impl_->arm(shared_from_this(), i);
}

bool LogCapture::ended() const {
  return impl_->ended.is_set();
}
asio::awaitable<void> LogCapture::until_ended() {
  return impl_->ended.wait();
}
asio::awaitable<bool> LogCapture::until_ended(std::chrono::steady_clock::time_point deadline) {
  return impl_->ended.wait_until(deadline);
}

void LogCapture::close() {
  for (std::size_t i = 0; i < impl_->sources.size(); ++i) {
    if (!impl_->sources[i].descriptor) continue;
    impl_->read(i, last_reads);
    impl_->end(i);
  }
}

std::vector<std::string> LogCapture::tail(std::size_t count) const {
  return impl_->store.tail(count);
}
std::string LogCapture::text() const {
  return impl_->store.text();
}
const LogCounts& LogCapture::counts() const {
  return impl_->store.counts;
}
const std::string& LogCapture::file() const {
  return impl_->file;
}

int LogCapture::subscribe(Listener listener, bool replay) {
  if (replay) impl_->store.replay(listener);
  const int number = impl_->next_listener++;
  impl_->listeners.emplace(number, std::make_shared<Listener>(std::move(listener)));
  return number;
}

void LogCapture::unsubscribe(int number) {
  impl_->listeners.erase(number);
}

void LogCapture::on_block(BlockListener listener) {
  impl_->block_listeners.push_back(std::move(listener));
}

std::string log_file_name(std::string_view name) {
  std::string made;
  for (char c : name.substr(0, 100)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || (c == '.' && !made.empty());
    made += plain ? c : '_';
  }
  return made.empty() ? "program" : made;
}

}  // namespace muster::process
