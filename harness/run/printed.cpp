#include "run/printed.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace muster::run {
namespace {

constexpr std::size_t kHead = 16 * 1024;
constexpr std::size_t kTail = 48 * 1024;

}  // namespace

struct Printed::Layout {
  std::atomic<std::uint64_t> total;
  char head[kHead];
  char tail[kTail];  ///< byte n > kHead of the output stands at (n - kHead) % kTail
};

std::size_t Printed::size() {
  return sizeof(Layout);
}

Printed::Printed(void* memory) : layout_(static_cast<Layout*>(memory)) {}

void Printed::add(std::string_view bytes) {
  std::uint64_t total = layout_->total;
  if (total < kHead) {
    const std::string_view first = bytes.substr(0, kHead - total);
    std::memcpy(layout_->head + total, first.data(), first.size());
    total += first.size();
    bytes.remove_prefix(first.size());
  }
  if (bytes.size() > kTail) {
    total += bytes.size() - kTail;
    bytes.remove_prefix(bytes.size() - kTail);
  }
  while (!bytes.empty()) {
    const std::size_t at = (total - kHead) % kTail;
    const std::string_view part = bytes.substr(0, kTail - at);
    std::memcpy(layout_->tail + at, part.data(), part.size());
    total += part.size();
    bytes.remove_prefix(part.size());
  }
  layout_->total = total;
}

std::string Printed::text() const {
  const std::uint64_t total = layout_->total;
  std::string text(layout_->head, std::min<std::uint64_t>(total, kHead));
  if (total <= kHead) return text;
  const std::uint64_t behind = total - kHead;
  if (behind > kTail) text += fmt::format("\n[{} bytes are left out here]\n", behind - kTail);
  const std::uint64_t kept = std::min<std::uint64_t>(behind, kTail);
  const std::size_t at = (behind - kept) % kTail;
  const std::size_t first = std::min<std::size_t>(kept, kTail - at);
  text.append(layout_->tail + at, first);
  text.append(layout_->tail, kept - first);
  return text;
}

void Printed::clear() {
  layout_->total = 0;
}

void drain_into(Printed& printed, int pipe) {
  char bytes[16 * 1024];
  for (int i = 0; i < 16; ++i) {
    const ssize_t n = ::read(pipe, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    printed.add({bytes, static_cast<std::size_t>(n)});
  }
}

}  // namespace muster::run
