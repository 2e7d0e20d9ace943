#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash_chain.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::journal {

/// How far an append-only file of lines has come.
struct Extent {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

/// Appends whole lines. Lines wait in memory until `flush` or until 64 KiB are together. After a
/// failure (a full disk) the file ends after its last whole line, and every later call answers that
/// first error.
class AppendFile {
 public:
  AppendFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  AppendFile(AppendFile&&) = default;
  AppendFile& operator=(AppendFile&&) = default;
  /// Flushes; who wants to know of errors calls `close`.
  ~AppendFile();

  /// Appends lines that are ended by '\n' each (one is added when the last has none).
  Result<void> append(std::string_view lines);
  /// Gives what waits to the system: other processes see it, a crash of this one does not lose it.
  Result<void> flush();
  /// Flushes, syncs to the disk and closes.
  Result<void> close();

  /// From now on the lines are chained by their hashes (HashChain).
  void chain_lines() { chain_.emplace(); }
  /// The head of their chain; empty when they are not chained.
  std::string chain_head() const { return chain_ ? chain_->head() : std::string(); }

  /// What was appended, waiting lines included.
  Extent extent() const { return extent_; }
  const std::string& path() const { return path_; }

 private:
  UniqueFd fd_;
  std::string path_;
  std::string waiting_;
  Extent extent_;
  std::uint64_t written_ = 0;  // bytes that stand in the file
  std::optional<Error> failure_;
  std::optional<HashChain> chain_;
};

}  // namespace muster::journal
