#include "artifacts/repository.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "artifacts/runtime_map.hpp"
#include "base/redact.hpp"
#include "journal/append_file.hpp"
#include "journal/io_error.hpp"
#include "journal/location.hpp"

namespace muster::artifacts {
namespace {

constexpr const char* kLastState = ".last_state";
constexpr std::size_t kMaxStateBytes = 16 * 1024 * 1024;

std::string pretty(const Json& json) {
  return redacted_strings(json).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Error at_path(Error problem, const std::string& path) {
  problem.message = path + ": " + problem.message;
  return problem;
}

Result<Json> parse_artifact(const Result<std::string>& text, const std::string& path) {
  if (!text) return text.error();
  auto json = parse_json(*text);
  if (!json) return at_path(json.error(), path);
  return json;
}

/// The `seq` of the last whole line.
std::uint64_t last_seq(const std::string& lines) {
  std::size_t end = lines.rfind('\n');
  while (end != std::string::npos && end > 0) {
    const std::size_t before = lines.rfind('\n', end - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const auto line = parse_json(std::string_view(lines).substr(begin, end - begin));
    if (line && line->is_object()) {
      const auto seq = line->find("seq");
      if (seq != line->end() && seq->is_number_integer()) return seq->get<std::uint64_t>();
    }
    if (before == std::string::npos) break;
    end = before;
  }
  return 0;
}

}  // namespace

Result<Repository> Repository::open(const std::string& runtime_directory, const std::string& scope,
                                    bool make) {
  if (!journal::is_scope(scope)) return error("bad_scope", scope + " is no scope");
  auto root = journal::Directory::root(runtime_directory, make);
  if (!root) return std::move(root).error();
  auto folder = root->sub(scope, make);
  if (!folder) return std::move(folder).error();
  auto runs = folder->sub("runs", make);
  if (!runs) return std::move(runs).error();
  auto locks = folder->sub("locks", make);
  if (!locks) return std::move(locks).error();
  return Repository(std::move(*folder), std::move(*runs), std::move(*locks));
}

Result<void> Repository::mirror_in(const std::string& compat_root) {
  auto folder = journal::Directory::root(compat_root, true);
  if (!folder) return folder.error();
  mirror_ = std::move(*folder);
  return {};
}

Result<EventLog> Repository::begin(const std::string& run_id, const std::string& trace_id) {
  auto run = runs_.make_new(run_id);
  if (!run) return std::move(run).error();
  auto file = run->create(kEventsFile);
  if (!file) return std::move(file).error();
  if (auto shared = run->share(kEventsFile, scope_); !shared) return shared.error();
  return EventLog(journal::AppendFile(std::move(*file), run->path() + "/" + kEventsFile), 0,
                  trace_id);
}

Result<EventLog> Repository::continue_events(const std::string& run_id,
                                             const std::string& trace_id) {
  auto run = runs_.sub(run_id);
  if (!run) return std::move(run).error();
  const auto lines = run->read(kEventsFile);
  if (!lines && lines.error().code != "path_missing") return lines.error();
  auto file = run->open_to_append(kEventsFile);
  if (!file) return std::move(file).error();
  if (auto shared = run->share(kEventsFile, scope_); !shared) return shared.error();
  return EventLog(journal::AppendFile(std::move(*file), run->path() + "/" + kEventsFile),
                  lines ? last_seq(*lines) : 0, trace_id);
}

Result<void> Repository::publish(Publication& publication) {
  RunState& state = publication.state;
  auto run = runs_.sub(state.run_id, true);
  if (!run) return run.error();
  const std::pair<const char*, const char*> names[] = {
      {"run_state", kRunStateFile},   {"runtime_map", kRuntimeMapFile},
      {"ports_manifest", kPortsFile}, {"error_report", kErrorsFile},
      {"events", kEventsFile},        {"runtime_readiness_report", kReadinessFile},
  };
  for (const auto& [name, file] : names) state.pointers[name] = run->path() + "/" + file;

  const std::vector<std::pair<std::string, std::string>> documents{
      {kRuntimeMapFile, pretty(runtime_map(state))},
      {kPortsFile, pretty(to_json(publication.ports))},
      {kErrorsFile, pretty(to_json(publication.errors))},
      {kReadinessFile, pretty(to_json(publication.readiness))},
      {kRunStateFile, pretty(to_json(state))},
  };
  if (auto written = run->write_atomically(documents); !written) return written;
  if (mirror_) {
    if (auto copied = mirror_->write_atomically(documents); !copied) return copied;
  }
  for (const auto& [name, text] : documents) {
    if (auto shared = run->share(name, scope_); !shared) return shared;
  }
  Json pointers = Json::object();
  if (const auto before = read(scope_, kPointersFile); before && before->contains("pointers"))
    pointers = (*before)["pointers"];
  pointers[kLastState] = state.pointers["run_state"];
  pointers[std::string(kLastState) + "." + state.mode] = state.pointers["run_state"];
  return scope_.write_atomically(kPointersFile, pretty({{"schema_version", kStateSchema},
                                                        {"producer", kProducer},
                                                        {"pointers", std::move(pointers)}}));
}

Result<void> Repository::retire() {
  for (const char* name : {kPointersFile, kRunStateFile, kRuntimeMapFile, kPortsFile, kErrorsFile,
                           kReadinessFile, kEventsFile}) {
    if (auto removed = scope_.remove(name); !removed) return removed;
    if (!mirror_) continue;
    if (auto removed = mirror_->remove(name); !removed) return removed;
  }
  return {};
}

Result<std::optional<RunState>> Repository::latest(const std::string& mode) const {
  if (!mode.empty()) {
    const auto known = pointers();
    if (!known) return known.error();
    for (const Pointer& pointer : *known) {
      if (pointer.name != std::string(kLastState) + "." + mode || !pointer.valid) continue;
      auto state = state_of(std::filesystem::path(pointer.path).parent_path().filename().string());
      if (!state) return std::move(state).error();
      return std::optional(std::move(*state));
    }
    return std::optional<RunState>();
  }
  const auto json = read(scope_, kRunStateFile);
  if (!json) {
    if (json.error().code == "path_missing") return std::optional<RunState>();
    return json.error();
  }
  auto state = run_state_from_json(*json);
  if (!state) return at_path(state.error(), scope_.path() + "/" + kRunStateFile);
  return std::optional(std::move(*state));
}

Result<RunState> Repository::state_of(const std::string& run_id) const {
  const auto run = runs_.sub(run_id);
  if (!run) return run.error();
  const auto json = read(*run, kRunStateFile);
  if (!json) return json.error();
  auto state = run_state_from_json(*json);
  if (!state) return at_path(state.error(), run->path() + "/" + kRunStateFile);
  return state;
}

Result<PortsManifest> Repository::ports_of(const std::string& run_id) const {
  const auto run = runs_.sub(run_id);
  if (!run) return run.error();
  const auto json = read(*run, kPortsFile);
  if (!json) return json.error();
  return ports_manifest_from_json(*json);
}

Result<ErrorReport> Repository::errors_of(const std::string& run_id) const {
  const auto run = runs_.sub(run_id);
  if (!run) return run.error();
  const auto json = read(*run, kErrorsFile);
  if (!json) return json.error();
  return error_report_from_json(*json);
}

Result<std::vector<std::string>> Repository::runs() const {
  const auto names = runs_.names();
  if (!names) return names.error();
  std::vector<std::string> found;
  for (const std::string& name : *names) {
    const auto run = runs_.sub(name);
    if (run && run->open(kRunStateFile)) found.push_back(name);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

Result<std::vector<Pointer>> Repository::pointers() const {
  std::vector<Pointer> found;
  const auto json = read(scope_, kPointersFile);
  if (!json) {
    if (json.error().code == "path_missing") return found;
    return json.error();
  }
  const auto members = json->find("pointers");
  if (members == json->end() || !members->is_object()) return found;
  for (const auto& [name, path] : members->items()) {
    if (!path.is_string()) continue;
    Pointer pointer{name, path.get<std::string>(), false};
    const std::filesystem::path file(pointer.path);
    // only what lies in this scope's own history is followed
    if (file.parent_path().parent_path().string() == runs_.path()) {
      const auto run = runs_.sub(file.parent_path().filename().string());
      pointer.valid = run && run->open(file.filename().string());
    }
    found.push_back(std::move(pointer));
  }
  return found;
}

Result<Json> Repository::read(const journal::Directory& folder, const std::string& name) const {
  return parse_artifact(folder.read(name), folder.path() + "/" + name);
}

Result<StateFile> read_state_file(const std::string& path) {
  // the file of another user may be read: nothing is followed from it
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return journal::io_error("open", path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return journal::io_error("examine", path, errno);
  if (!S_ISREG(status.st_mode)) return error("file_irregular", path + " is not a regular file");
  if (static_cast<std::size_t>(status.st_size) > kMaxStateBytes)
    return error("file_too_large", fmt::format("{} is larger than {} bytes", path, kMaxStateBytes));
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  if (::pread(fd.get(), text.data(), text.size(), 0) != status.st_size)
    return journal::io_error("read", path, errno);
  const auto json = parse_artifact(text, path);
  if (!json) return json.error();
  auto state = run_state_from_json(*json);
  if (!state) return at_path(state.error(), path);
  return StateFile{std::move(*state), *json};
}

}  // namespace muster::artifacts
