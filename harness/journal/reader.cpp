#include "journal/reader.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.hpp"
#include "journal/io_error.hpp"
#include "journal/location.hpp"

namespace muster::journal {
namespace {

Result<Directory> scope_directory(const std::string& runtime_directory, const std::string& scope) {
  if (!is_scope(scope))
    return error("scope", "'" + scope.substr(0, 64) + "' is not a scope",
                 "scopes are repo-xxxxxxxxxxxx");
  Result<Directory> root = Directory::root(runtime_directory);
  if (!root) return root;
  return root->sub(scope);
}

/// The lock of a run that lasts is held by its coordinator and by nobody else.
bool is_locked(int fd) {
  if (::flock(fd, LOCK_SH | LOCK_NB) != 0) return errno == EWOULDBLOCK;
  ::flock(fd, LOCK_UN);
  return false;
}

Error at_line(Error made, const std::string& path, int line) {
  // parsers of one line call it line 1
  made.place.uri = path;
  made.place.line = line;
  return made;
}

}  // namespace

Result<RunRecord> RunRecord::open(const std::string& runtime_directory, const std::string& scope,
                                  const std::string& run_id) {
  Result<Directory> within = scope_directory(runtime_directory, scope);
  if (!within) return std::move(within).error();
  std::string id = run_id;
  if (id.empty()) {
    Result<std::string> latest = within->read("latest", 4096);
    if (!latest) return std::move(latest).error();
    id = std::string(trim(*latest));
  }
  if (!is_run_id(id)) return error("run_id", "'" + id.substr(0, 64) + "' is not a run id");
  Result<Directory> runs = within->sub("runs");
  if (!runs) return std::move(runs).error();
  Result<Directory> run = runs->sub(id);
  if (!run) return std::move(run).error();
  // asked before the manifest is read: a run that ends in between reads as finished, never as cut
  // off
  const bool locked = is_locked(run->fd());
  Result<std::string> text = run->read("manifest.json");
  if (!text) return std::move(text).error();
  Result<Json> json = parse_json(*text);
  if (!json) return at_line(std::move(json).error(), run->path() + "/manifest.json", 1);
  Result<Manifest> manifest = manifest_from_json(*json);
  if (!manifest) return at_line(std::move(manifest).error(), run->path() + "/manifest.json", 1);
  if (manifest->run_id != id || manifest->scope != scope)
    return error("manifest_foreign", fmt::format("the manifest in {} is that of the run {} of {}",
                                                 run->path(), manifest->run_id, manifest->scope));
  RunRecord record(std::move(*run), std::move(*manifest));
  if (locked && record.manifest_.state == Manifest::State::running)
    record.state_ = State::running;
  else
    record.judge();
  return record;
}

void RunRecord::judge() {
  if (manifest_.state == Manifest::State::running) {
    reason_ = "the run was cut off";
    return;
  }
  for (const auto& [name, extent] : manifest_.files) {
    Extent found;
    const Result<void> counted = lines(name, [&](std::string_view line) -> Result<void> {
      ++found.lines;
      found.bytes += line.size() + 1;
      return {};
    });
    if (!counted) {
      reason_ = counted.error().message;
      return;
    }
    if (found == extent) continue;
    reason_ = fmt::format("{} has {} of {} lines, {} of {} bytes", name, found.lines, extent.lines,
                          found.bytes, extent.bytes);
    return;
  }
  state_ = State::finished;
}

Result<void> RunRecord::lines(std::string_view file, const Line& take) const {
  Result<UniqueFd> fd = directory_.open(file);
  if (!fd) return std::move(fd).error();
  const std::string path = directory_.path() + "/" + std::string(file);
  std::string piece(256 * 1024, '\0');
  std::string rest;
  std::uint64_t offset = 0;
  while (true) {
    const ssize_t got = ::read(fd->get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read", path, errno);
    if (got == 0) break;
    std::string_view left(piece.data(), static_cast<std::size_t>(got));
    for (std::size_t end = left.find('\n'); end != left.npos; end = left.find('\n')) {
      rest += left.substr(0, end);
      if (Result<void> taken = take(rest); !taken) return taken;
      offset += rest.size() + 1;
      rest.clear();
      left.remove_prefix(end + 1);
    }
    rest += left;
  }
  if (rest.empty()) return {};
  return error("line_truncated",
               fmt::format("{} is cut off within the line that starts at byte {}", path, offset));
}

Result<void> RunRecord::messages(const std::function<void(messages::Envelope)>& take) const {
  int number = 0;
  return lines("messages.ndjson", [&](std::string_view line) -> Result<void> {
    ++number;
    Result<messages::Envelope> envelope = messages::from_ndjson(line);
    if (!envelope) return at_line(std::move(envelope).error(), path() + "/messages.ndjson", number);
    take(std::move(*envelope));
    return {};
  });
}

Result<void> RunRecord::observations(const std::function<void(Observation)>& take) const {
  int number = 0;
  return lines("observe.jsonl", [&](std::string_view line) -> Result<void> {
    ++number;
    Result<Json> json = parse_json(line);
    if (!json) return at_line(std::move(json).error(), path() + "/observe.jsonl", number);
    if (!json->is_object())
      return at_line(error("observation_shape", "an observation is not an object"),
                     path() + "/observe.jsonl", number);
    take(observation_from_json(*json));
    return {};
  });
}

Result<std::vector<std::string>> run_ids(const std::string& runtime_directory,
                                         const std::string& scope) {
  Result<Directory> within = scope_directory(runtime_directory, scope);
  if (!within && within.error().code == "path_missing") return std::vector<std::string>();
  if (!within) return std::move(within).error();
  Result<Directory> runs = within->sub("runs");
  if (!runs && runs.error().code == "path_missing") return std::vector<std::string>();
  if (!runs) return std::move(runs).error();
  Result<std::vector<std::string>> names = runs->names();
  if (!names) return names;
  names->erase(std::remove_if(names->begin(), names->end(),
                              [](const std::string& name) { return !is_run_id(name); }),
               names->end());
  return names;
}

}  // namespace muster::journal
