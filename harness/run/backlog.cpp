#include "run/backlog.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace muster::run {
namespace {

UniqueFd nameless_file(const std::string& folder) {
  UniqueFd file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  // a file system that knows no O_TMPFILE
  if (!file) file = UniqueFd(memfd_create("muster-backlog", MFD_CLOEXEC));
  if (!file) throw std::system_error(errno, std::generic_category(), "a file for waiting results");
  return file;
}

}  // namespace

void Backlog::add(std::size_t index, std::string_view bytes) {
  waiting_[index].in_memory += bytes;
  held_ += bytes.size();
  if (held_ > limit_) spill();
}

void Backlog::spill() {
  if (!file_) file_ = nameless_file(folder_);
  for (auto& [index, waiting] : waiting_) {
    std::string_view left = waiting.in_memory;
    if (left.empty()) continue;
    waiting.in_file.push_back({end_, left.size()});
    while (!left.empty()) {
      const ssize_t n = pwrite(file_.get(), left.data(), left.size(), end_);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw std::system_error(errno, std::generic_category(), "results cannot wait");
      left.remove_prefix(static_cast<std::size_t>(n));
      end_ += n;
    }
    std::string().swap(waiting.in_memory);
  }
  held_ = 0;
}

void Backlog::release(std::size_t index, const std::function<void(std::string_view)>& take) {
  const auto found = waiting_.find(index);
  if (found == waiting_.end()) return;
  const Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  std::string chunk;
  for (const Piece& piece : waiting.in_file) {
    for (std::size_t done = 0; done < piece.size;) {
      chunk.resize(std::min<std::size_t>(piece.size - done, 256 * 1024));
      const ssize_t n = pread(file_.get(), chunk.data(), chunk.size(),
                              piece.offset + static_cast<std::int64_t>(done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw std::system_error(errno, std::generic_category(), "waiting results");
      take(std::string_view(chunk).substr(0, static_cast<std::size_t>(n)));
      done += static_cast<std::size_t>(n);
    }
  }
  if (!waiting.in_memory.empty()) take(waiting.in_memory);
  held_ -= waiting.in_memory.size();
}

}  // namespace muster::run
