#pragma once

#include <mutex>
#include <optional>

#include "base/observe.hpp"
#include "base/result.hpp"
#include "journal/append_file.hpp"

namespace muster::journal {

/// Writes observations to a file of a journal, one JSON line each (docs/formats/observe.md),
/// secrets redacted in every string, by the names of the members and the values. May be called from
/// several threads.
class FileObserver final : public Observer {
 public:
  /// `file` must outlive this object and be written by nobody else.
  explicit FileObserver(AppendFile& file) : file_(&file) {}

  void observe(Observation observation) override;

  /// Gives what waits to the system.
  Result<void> flush();
  /// The first error of writing; observing goes on without it.
  std::optional<Error> failure() const;

 private:
  mutable std::mutex mutex_;
  AppendFile* file_;
  std::optional<Error> failure_;
};

}  // namespace muster::journal
