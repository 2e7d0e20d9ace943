#include "process/log_store.hpp"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace muster::process {
namespace {

/// What a block costs beside its text, so that a million short ones are bounded too.
constexpr std::size_t block_overhead = 96;

std::size_t index_of(Stream stream) {
  return stream == Stream::out ? 0 : 1;
}

/// Writes all of it: 0 or errno.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return put < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

}  // namespace

Result<void> LogStore::open(const std::string& file) {
  file_.reset(::open(file.c_str(),
                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK,
                     0600));
  if (file_) return {};
  return error("log_failed", "cannot open the log " + file + ": " + ::strerror(errno));
}

void LogStore::add(Stream stream, std::int64_t t_mono_ns, std::string_view block) {
  counts.lines += static_cast<std::uint64_t>(std::count(block.begin(), block.end(), '\n'));
  write(stream, block);
  if (head_size_ < limits_.head_bytes && tail_.empty()) {
    // As many whole lines as fit; the first one in any case.
    const std::size_t room = limits_.head_bytes - head_size_;
    std::size_t fits = block.size();
    if (fits > room) {
      const std::size_t end = block.rfind('\n', room - 1);
      fits = end != std::string_view::npos ? end + 1 : head_.empty() ? block.find('\n') + 1 : 0;
    }
    if (fits > 0) head_.push_back({stream, t_mono_ns, std::string(block.substr(0, fits))});
    head_size_ += fits + block_overhead;
    block.remove_prefix(fits);
  }
  keep(stream, t_mono_ns, block);
}

void LogStore::keep(Stream stream, std::int64_t t_mono_ns, std::string_view block) {
  if (block.empty()) return;
  tail_.push_back({stream, t_mono_ns, std::string(block)});
  tail_size_ += block.size() + block_overhead;
  while (tail_.size() > 1 &&
         tail_size_ - tail_.front().text.size() - block_overhead >= limits_.tail_bytes) {
    left_out_ += tail_.front().text.size();
    tail_size_ -= tail_.front().text.size() + block_overhead;
    tail_.pop_front();
  }
}

void LogStore::write(Stream stream, std::string_view block) {
  if (!file_) return;
  if (counts.dropped_bytes > 0 || counts.file_bytes + block.size() > limits_.file_bytes) {
    counts.dropped_bytes += block.size();
    return;
  }
  const std::string filtered =
      limits_.filter ? limits_.filter(block) : redacted_[index_of(stream)].pass(block);
  counts.file_error = write_all(file_.get(), filtered);
  (counts.file_error == 0 ? counts.file_bytes : counts.dropped_bytes) += block.size();
}

void LogStore::finish() {
  for (RedactedStream& stream : redacted_) {
    const std::string held = stream.finish();
    if (file_ && counts.file_error == 0) counts.file_error = write_all(file_.get(), held);
  }
  if (file_ && counts.dropped_bytes > 0) {
    const std::string reason = counts.file_error != 0
                                   ? ::strerror(counts.file_error)
                                   : "the file may hold " + std::to_string(limits_.file_bytes);
    write_all(file_.get(),
              "... " + std::to_string(counts.dropped_bytes) + " bytes left out: " + reason + "\n");
  }
  file_.reset();
}

void LogStore::replay(const LogCapture::Listener& listener) const {
  const auto give = [&listener](const Block& block) {
    for_each_line(block.text, [&](std::string_view line) {
      listener({block.stream, block.t_mono_ns, line});
    });
  };
  for (const Block& block : head_) give(block);
  for (const Block& block : tail_) give(block);
}

std::vector<std::string> LogStore::tail(std::size_t count) const {
  std::vector<std::string> lines;
  const auto take = [&](const Block& block) {
    std::vector<std::string> of_block;
    for_each_line(block.text, [&](std::string_view line) { of_block.emplace_back(line); });
    while (!of_block.empty() && lines.size() < count) {
      lines.push_back(std::move(of_block.back()));
      of_block.pop_back();
    }
  };
  for (auto block = tail_.rbegin(); block != tail_.rend() && lines.size() < count; ++block)
    take(*block);
  if (left_out_ == 0) {
    for (auto block = head_.rbegin(); block != head_.rend() && lines.size() < count; ++block)
      take(*block);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

std::string LogStore::text() const {
  std::string text;
  for (const Block& block : head_) text += block.text;
  if (left_out_ > 0) text += "... " + std::to_string(left_out_) + " bytes left out ...\n";
  for (const Block& block : tail_) text += block.text;
  return text;
}

}  // namespace muster::process
