#include "shard/attempt_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/json.hpp"
#include "journal/io_error.hpp"
#include "shard/files.hpp"

namespace muster::shard {
namespace {

namespace fs = std::filesystem;

/// Opens the partial file of the first number that nobody has.
Result<UniqueFd> reserve(const AttemptStart& start, AttemptName& name) {
  while (true) {
    if (const auto may = AttemptFile::may_begin(start.folder, start.shard); !may)
      return may.error();
    const std::string path = start.folder + "/" + name.text();
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
    if (!fd && errno != EEXIST) return journal::io_error("write", path, errno);
    // somebody may have got its name between the look and the opening
    if (fd && AttemptFile::may_begin(start.folder, start.shard)) return fd;
    if (fd) ::unlink(path.c_str());
    ++name.attempt;
  }
}

}  // namespace

AttemptFile::AttemptFile(journal::AppendFile file, std::string folder, AttemptName name,
                         std::size_t cases)
    : file_(std::move(file)), folder_(std::move(folder)), name_(name), cases_(cases) {
  AttemptName whole = name_;
  whole.partial = false;
  path_ = folder_ + "/" + whole.text();
}

Result<void> AttemptFile::may_begin(const std::string& folder, std::size_t shard) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const auto name = AttemptName::parse(entry.path().filename().string());
    if (name && !name->partial && name->shard == shard)
      return error(
          "attempt_whole",
          fmt::format("shard {} has a whole attempt already: {}", shard, entry.path().string()),
          "a second attempt completes a lost one; an output directory is for one plan");
  }
  return {};
}

Result<AttemptFile> AttemptFile::begin(const AttemptStart& start) {
  std::error_code failure;
  fs::create_directories(start.folder, failure);
  if (failure) return journal::io_error("make the directory", start.folder, failure.value());
  AttemptName name{start.shard, start.shards, 1, true};
  auto fd = reserve(start, name);
  if (!fd) return std::move(fd).error();
  AttemptFile made(journal::AppendFile(std::move(*fd), start.folder + "/" + name.text()),
                   start.folder, name, start.cases);
  made.append(dump_json(Json{{"muster", "shard"},
                             {"schema_version", kShardSchema},
                             {"version", start.version},
                             {"plan", start.plan},
                             {"shard", start.shard},
                             {"shards", start.shards},
                             {"attempt", name.attempt},
                             {"cases", start.cases},
                             {"run_id", start.run_id},
                             {"host", start.host},
                             {"started_at", start.started_at}}));
  if (const auto written = made.file_.flush(); !written) return written.error();
  return made;
}

void AttemptFile::append(std::string_view line) {
  seal_.take(line);
  (void)file_.append(line);  // the first error is kept for the end
}

void AttemptFile::take(const messages::Envelope& envelope, std::string_view line) {
  if (std::holds_alternative<messages::TestRunStarted>(envelope)) running_ = true;
  if (!running_) return;
  if (line.ends_with('\n')) line.remove_suffix(1);
  append(line);
  cases_told_ = cases_told_ || std::holds_alternative<messages::TestCase>(envelope);
  if (const auto* finished = std::get_if<messages::TestCaseFinished>(&envelope)) {
    if (!finished->will_be_retried) done_.insert(finished->test_case_started_id);
  } else if (const auto* hook = std::get_if<messages::TestRunHookFinished>(&envelope)) {
    hook_failed_ = hook_failed_ || hook->result.status != messages::Status::passed;
  }
}

Result<bool> AttemptFile::finish(bool interrupted) {
  const bool whole = !interrupted && (done_.size() == cases_ || (hook_failed_ && !cases_told_));
  if (whole) (void)file_.append(seal_.footer());
  if (const auto closed = file_.close(); !closed) return closed.error();
  if (!whole) return false;
  const std::string partial = folder_ + "/" + name_.text();
  if (::link(partial.c_str(), path_.c_str()) != 0) {
    // a file system without links; the number is this attempt's own all the same
    if (errno == EEXIST || ::rename(partial.c_str(), path_.c_str()) != 0)
      return journal::io_error("name", path_, errno);
  } else {
    ::unlink(partial.c_str());
  }
  if (const auto synced = sync_directory(folder_); !synced) return synced.error();
  return true;
}

}  // namespace muster::shard
