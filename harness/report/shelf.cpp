#include "report/shelf.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace muster::report {
namespace {

constexpr std::size_t board_bytes = 256 << 10;

}  // namespace

struct Shelf::Board {
  explicit Board(std::size_t bytes) : size(bytes) {
    void* const mapped =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    begin = static_cast<char*>(mapped);
    // Where it is refused, forked processes get it like all other memory.
    ::madvise(begin, size, MADV_DONTFORK);
  }
  ~Board() { ::munmap(begin, size); }
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  char* begin = nullptr;
  std::size_t size;
  std::size_t used = 0;
};

Shelf::Item Shelf::put(std::string_view bytes) {
  Item item;
  if (bytes.empty()) return item;
  if (!open_ || open_->size - open_->used < bytes.size())
    open_ = std::make_shared<Board>(std::max(board_bytes, bytes.size()));
  char* const at = open_->begin + open_->used;
  std::memcpy(at, bytes.data(), bytes.size());
  open_->used += bytes.size();
  item.board_ = open_;
  item.bytes_ = {at, bytes.size()};
  return item;
}

}  // namespace muster::report
