#include "sinks/file_tail.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "sinks/intake.hpp"

namespace muster::sinks {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kLineLimit = 1 << 20;

}  // namespace

struct FileTail::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor, std::string of, Sink& sink, Observer& observer,
        FileTailOptions with)
      : path(std::move(of)),
        options(with),
        intake(sink, observer),
        watch(executor),
        timer(executor) {}

  const std::string path;
  const FileTailOptions options;
  Intake intake;
  asio::posix::stream_descriptor watch;
  asio::steady_timer timer;
  std::string told = std::string(4096, '\0');  // of inotify; what it says does not matter
  UniqueFd file;
  ino_t inode = 0;
  off_t at = 0;
  std::string pending;    // half a line
  bool too_long = false;  // the rest of a line that was refused is still to come
  std::string program = "unknown";
  std::string chunk = std::string(kChunk, '\0');
  bool closed = false;

  bool open_file(bool at_end);
  void drain();
  void read_on();
  void take(std::string_view bytes);
  void await_news();
  void await_poll();
  void end_line();
};

bool FileTail::State::open_file(bool at_end) {
  UniqueFd opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!opened || ::fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  file = std::move(opened);
  inode = status.st_ino;
  at = at_end ? status.st_size : 0;
  return true;
}

void FileTail::State::take(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t line_end = bytes.find('\n');
    const bool whole = line_end != std::string_view::npos;
    pending += bytes.substr(0, line_end);
    bytes.remove_prefix(whole ? line_end + 1 : bytes.size());
    if (pending.size() > kLineLimit) {
      if (!too_long) intake.refused(program, "line_limit", "a line is longer than 1 MiB", pending);
      too_long = true;
      pending.clear();
    }
    if (!whole) return;
    // what is refused is told; the next line is read all the same
    if (!too_long && !trim(pending).empty()) static_cast<void>(intake.record(pending, program));
    too_long = false;
    pending.clear();
  }
}

void FileTail::State::read_on() {
  if (!file) return;
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && status.st_size < at) {
    intake.observer().observe(observation("sink", "tail_restarted", path,
                                          {{"was_at", static_cast<std::int64_t>(at)},
                                           {"size", static_cast<std::int64_t>(status.st_size)}},
                                          "the file was cut back"));
    at = 0;
    end_line();
  }
  while (true) {
    const ssize_t got = ::pread(file.get(), chunk.data(), chunk.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    at += got;
    take(std::string_view(chunk).substr(0, static_cast<std::size_t>(got)));
  }
}

// A line that will get no end any more.
void FileTail::State::end_line() {
  if (!trim(pending).empty()) intake.truncated(program, pending);
  pending.clear();
  too_long = false;
}

void FileTail::State::drain() {
  if (closed) return;
  if (!file) open_file(false);
  read_on();
  struct stat now {};
  if (::stat(path.c_str(), &now) != 0 || !file || now.st_ino == inode) return;
  // another file stands there: the old one has been read to its end
  end_line();
  if (open_file(false)) read_on();
}

void FileTail::State::await_news() {
  watch.async_read_some(asio::buffer(told), [weak = weak_from_this()](error_code ec, std::size_t) {
    const auto self = weak.lock();
    if (ec || !self || self->closed) return;
    self->drain();
    self->await_news();
  });
}

void FileTail::State::await_poll() {
  timer.expires_after(options.poll);
  timer.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (ec || !self || self->closed) return;
    self->drain();
    self->await_poll();
  });
}

Result<std::unique_ptr<FileTail>> FileTail::open(asio::any_io_executor executor, std::string path,
                                                 Sink& sink, Observer& observer,
                                                 FileTailOptions options) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string folder = parent.empty() ? "." : parent;
  auto state =
      std::make_shared<State>(std::move(executor), std::move(path), sink, observer, options);
  UniqueFd watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  // the directory, so that a file that is made or replaced is seen too
  const unsigned events = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR;
  if (!watch || ::inotify_add_watch(watch.get(), folder.c_str(), events) < 0)
    return error("tail_watch", "cannot watch " + folder + ": " + std::strerror(errno));
  state->watch.assign(watch.release());
  if (options.from_end) state->open_file(true);
  state->await_news();
  state->await_poll();
  // what is there already comes before anything that is appended
  state->drain();
  return std::unique_ptr<FileTail>(new FileTail(std::move(state)));
}

FileTail::FileTail(std::shared_ptr<State> state) : state_(std::move(state)) {}
FileTail::~FileTail() {
  close();
}

void FileTail::drain() {
  state_->drain();
}

void FileTail::close() {
  if (state_->closed) return;
  state_->drain();
  state_->end_line();
  state_->closed = true;
  error_code ignored;
  state_->watch.close(ignored);
  state_->timer.cancel();
}

}  // namespace muster::sinks
