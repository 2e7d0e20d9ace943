#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace muster::gherkin {

/// Memory for one parse: handed out piece by piece, freed all at once. What it holds is never
/// destroyed, so it holds trivial types only.
class Arena {
 public:
  /// `expected`: bytes that are likely to be asked for in total.
  explicit Arena(std::size_t expected = 0)
      : next_chunk_(expected < kSmallest  ? kSmallest
                    : expected > kLargest ? kLargest
                                          : expected) {}

  /// A copy of `text` that lives as long as the arena.
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// Text that is put together in the arena: nothing else may be asked for between the first
  /// `append` and `take`.
  class Text {
   public:
    explicit Text(Arena& arena) : arena_(arena) {}
    void append(std::string_view piece) {
      if (piece.size() > static_cast<std::size_t>(arena_.end_ - arena_.at_) - size_) {
        arena_.add_chunk(2 * (size_ + piece.size()), {arena_.at_, size_});
      }
      if (!piece.empty()) std::memcpy(arena_.at_ + size_, piece.data(), piece.size());
      size_ += piece.size();
    }
    std::string_view take() {
      const std::string_view made(arena_.at_, size_);
      arena_.at_ += size_;
      size_ = 0;
      return made;
    }

   private:
    Arena& arena_;
    std::size_t size_ = 0;
  };

  /// A copy of `items` that lives as long as the arena.
  template <class T>
  std::span<T> copy(std::span<const T> items) {
    const std::span<T> to = make<T>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) to[i] = items[i];  // few: no call for them
    return to;
  }

  /// Room for `count` items, whose values are not set.
  template <class T>
  std::span<T> make(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    if (count == 0) return {};
    return {static_cast<T*>(allocate(count * sizeof(T), alignof(T))), count};
  }

  /// One item.
  template <class T>
  T* make_one(const T& value) {
    T* to = make<T>(1).data();
    std::memcpy(static_cast<void*>(to), &value, sizeof value);
    return to;
  }

 private:
  static constexpr std::size_t kSmallest = 4 << 10;
  static constexpr std::size_t kLargest = 1 << 20;

  void* allocate(std::size_t bytes, std::size_t alignment) {
    const std::size_t skipped = -reinterpret_cast<std::size_t>(at_) & (alignment - 1);
    if (skipped + bytes > static_cast<std::size_t>(end_ - at_)) {
      add_chunk(bytes + alignment);
      return allocate(bytes, alignment);
    }
    char* const made = at_ + skipped;
    at_ = made + bytes;
    return made;
  }

  /// A chunk that begins with a copy of `begin`.
  void add_chunk(std::size_t at_least, std::string_view begin = {}) {
    const std::size_t size = at_least > next_chunk_ ? at_least : next_chunk_;
    chunks_.emplace_back(new char[size]);
    at_ = chunks_.back().get();
    if (!begin.empty()) std::memcpy(at_, begin.data(), begin.size());
    end_ = at_ + size;
    if (next_chunk_ < kLargest) next_chunk_ *= 2;
  }

  std::size_t next_chunk_;
  char* at_ = nullptr;
  char* end_ = nullptr;
  std::vector<std::unique_ptr<char[]>> chunks_;
};

/// Items of lists that are not complete yet. Lists nest as what they belong to nests: the one that
/// was begun last is taken first.
template <class T>
class Growing {
 public:
  std::size_t begin() const { return items_.size(); }
  void add(const T& item) { items_.push_back(item); }
  /// The items since `begun`, as long as nothing is added or taken.
  std::span<T> since(std::size_t begun) { return std::span<T>(items_).subspan(begun); }
  /// Moves the items since `begun` to the arena.
  std::span<const T> take(std::size_t begun, Arena& arena) {
    const std::span<T> kept = arena.copy(std::span<const T>(since(begun)));
    items_.resize(begun);
    return kept;
  }

 private:
  std::vector<T> items_;
};

}  // namespace muster::gherkin
