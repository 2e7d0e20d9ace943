#include "journal/journal.hpp"

#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "journal/io_error.hpp"
#include "journal/location.hpp"

namespace muster::journal {
namespace {

std::string absolute_path(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, failure);
  return failure ? path : whole.string();
}

Result<AppendFile> create_file(const Directory& directory, const char* name) {
  Result<UniqueFd> fd = directory.create(name);
  if (!fd) return std::move(fd).error();
  return AppendFile(std::move(*fd), directory.path() + "/" + name);
}

}  // namespace

Journal::Journal(Directory directory, Directory logs, AppendFile messages, AppendFile observations,
                 AppendFile hatch, Manifest manifest, const Clock& clock)
    : directory_(std::move(directory)),
      logs_(std::move(logs)),
      messages_(std::move(messages)),
      observations_(std::move(observations)),
      hatch_(std::move(hatch)),
      manifest_(std::move(manifest)),
      clock_(&clock) {}

Result<Journal> Journal::begin(RunStart start, const Clock& clock) {
  Manifest manifest;
  manifest.run_id = start.run_id.empty() ? make_run_id(clock.wall()) : start.run_id;
  if (!is_run_id(manifest.run_id))
    return error("run_id", "'" + manifest.run_id.substr(0, 64) + "' is not a run id",
                 "run ids are YYYYMMDDTHHMMSSZ-xxxxxxxx");
  manifest.project = absolute_path(start.project);
  manifest.scope = scope_of(start.project);
  manifest.version = std::move(start.version);
  manifest.plan_digest = std::move(start.plan_digest);
  manifest.started_at = to_rfc3339(clock.wall());
  manifest.pid = ::getpid();

  Result<Directory> root = Directory::root(start.runtime_directory, true);
  if (!root) return std::move(root).error();
  Result<Directory> scope = root->sub(manifest.scope, true);
  if (!scope) return std::move(scope).error();
  Result<Directory> runs = scope->sub("runs", true);
  if (!runs) return std::move(runs).error();
  Result<Directory> run = runs->make_new(manifest.run_id);
  if (!run) return std::move(run).error();
  // nobody but a reader that looks at this very moment can hold it
  while (::flock(run->fd(), LOCK_EX) != 0)
    if (errno != EINTR) return io_error("lock", run->path(), errno);
  // first of all: whatever is cut off from here on has a manifest that says so
  if (Result<void> written =
          run->write_atomically("manifest.json", dump_json(to_json(manifest)) + "\n");
      !written)
    return written.error();
  Result<Directory> logs = run->make_new("logs");
  if (!logs) return std::move(logs).error();
  Result<AppendFile> messages = create_file(*run, "messages.ndjson");
  if (!messages) return std::move(messages).error();
  Result<AppendFile> observations = create_file(*run, "observe.jsonl");
  if (!observations) return std::move(observations).error();
  Result<AppendFile> hatch = create_file(*run, "hatch.jsonl");
  if (!hatch) return std::move(hatch).error();
  hatch->chain_lines();
  if (Result<void> pointed = scope->write_atomically("latest", manifest.run_id + "\n"); !pointed)
    return pointed.error();
  return Journal(std::move(*run), std::move(*logs), std::move(*messages), std::move(*observations),
                 std::move(*hatch), std::move(manifest), clock);
}

Result<void> Journal::append(const messages::Envelope& envelope) {
  line_.clear();
  messages::append_ndjson(line_, envelope);
  return messages_.append(line_);
}

Result<AppendFile> Journal::log(std::string_view name) {
  const std::string safe = safe_file_name(name);
  for (int number = 1;; ++number) {
    const std::string file = number == 1 ? safe : safe + "." + std::to_string(number);
    Result<UniqueFd> fd = logs_.create(file);
    if (fd) return AppendFile(std::move(*fd), logs_.path() + "/" + file);
    if (fd.error().code != "path_exists" || number == 10'000) return std::move(fd).error();
  }
}

Result<void> Journal::flush() {
  for (AppendFile* file : {&messages_, &observations_, &hatch_})
    if (Result<void> flushed = file->flush(); !flushed) return flushed;
  return {};
}

Result<void> Journal::finish(const RunEnd& end) {
  if (manifest_.state == Manifest::State::finished)
    return error("journal_finished", "the run " + manifest_.run_id + " is already finished");
  const std::pair<const char*, AppendFile*> files[] = {
      {"messages.ndjson", &messages_}, {"observe.jsonl", &observations_}, {"hatch.jsonl", &hatch_}};
  for (const auto& [name, file] : files) {
    if (Result<void> closed = file->close(); !closed) return closed;
    manifest_.files[name] = file->extent();
  }
  manifest_.hatch_head = hatch_.chain_head();
  Manifest finished = manifest_;
  finished.state = Manifest::State::finished;
  finished.finished_at = to_rfc3339(clock_->wall());
  finished.verdict = end.verdict;
  finished.exit_code = end.exit_code;
  finished.scenarios = end.scenarios;
  finished.steps = end.steps;
  Result<void> written =
      directory_.write_atomically("manifest.json", dump_json(to_json(finished)) + "\n");
  if (!written) return written;
  manifest_ = std::move(finished);
  ::flock(directory_.fd(), LOCK_UN);
  return {};
}

}  // namespace muster::journal
