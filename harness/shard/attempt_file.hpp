#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "journal/append_file.hpp"
#include "messages/messages.hpp"
#include "shard/attempt_name.hpp"
#include "shard/sealed.hpp"

namespace muster::shard {

/// The version of docs/formats/shard.md that is written and read.
inline constexpr int kShardSchema = 1;

/// Who writes an attempt.
struct AttemptStart {
  std::string folder;     ///< made when it is not there
  std::string plan;       ///< digest of the plan
  std::size_t shard = 1;  ///< from 1
  std::size_t shards = 1;
  std::size_t cases = 0;  ///< how many the shard has
  std::string version;    ///< of muster
  std::string run_id;     ///< of the run in its journal
  std::string host;
  std::string started_at;  ///< RFC 3339
};

/// The record of one attempt of one shard, as it is written: a head, the run's messages from
/// testRunStarted on, a footer. It grows under the name of a partial file; only a whole one gets
/// its name (fsync, link, fsync of the directory), so that nobody takes a part for the whole.
class AttemptFile {
 public:
  /// Whether an attempt of the shard (from 1) may begin in the folder, which need not be there.
  /// Error `attempt_whole`: it has a whole one already.
  static Result<void> may_begin(const std::string& folder, std::size_t shard);

  /// Takes the first free number of an attempt. Errors: journal::io_error, that of may_begin.
  static Result<AttemptFile> begin(const AttemptStart& start);

  /// A message of the run with its line; those before testRunStarted stand in the plan.
  void take(const messages::Envelope& envelope, std::string_view line);
  /// Gives what waits to the system.
  void flush() { (void)file_.flush(); }

  /// The run is over. Whole: it was not interrupted, and every scenario of the shard has its
  /// result or a hook of the run failed before the first of them. Answers whether it is; a part is
  /// left under its partial name. Error: journal::io_error.
  Result<bool> finish(bool interrupted);

  /// Where it stands once it is whole.
  const std::string& path() const { return path_; }
  std::size_t attempt() const { return name_.attempt; }
  std::size_t done() const { return done_.size(); }

 private:
  AttemptFile(journal::AppendFile file, std::string folder, AttemptName name, std::size_t cases);
  void append(std::string_view line);

  journal::AppendFile file_;
  std::string folder_;
  AttemptName name_;
  std::string path_;
  Seal seal_;
  std::size_t cases_;
  bool running_ = false;
  bool cases_told_ = false;
  bool hook_failed_ = false;
  std::set<std::string> done_;  ///< of those that were the last
};

}  // namespace muster::shard
