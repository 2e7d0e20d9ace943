#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash_chain.hpp"
#include "base/result.hpp"
#include "shard/problem.hpp"

namespace muster::shard {

/// Makes the footer of a file of lines: how many they are, how long, and the head of the hash chain
/// over them. A file without a footer was cut off; one whose footer does not fit was changed.
class Seal {
 public:
  /// A line without its end.
  void take(std::string_view line);
  /// Head of the chain: 64 lower-case hex digits.
  std::string digest() const { return chain_.head(); }
  /// The line that ends the file, with its end.
  std::string footer() const;

 private:
  HashChain chain_;
  std::uint64_t lines_ = 0;
  std::uint64_t bytes_ = 0;
};

/// A file whose footer fits: its lines without the footer and their ends, which point into `text`.
struct Sealed {
  std::shared_ptr<const std::string> text;
  std::vector<std::string_view> lines;  ///< at least one
  std::string digest;
};

/// The whole of a file. Error: that of opening or reading it (journal::io_error).
Result<std::string> read_whole(const std::string& path);

/// Judges a file's text; `path` names it in problems: empty, truncated, duplicate (the same file
/// follows once more), digest_mismatch.
std::variant<Sealed, Problem> unseal(std::string text, const std::string& path);

}  // namespace muster::shard
