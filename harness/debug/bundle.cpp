#include "debug/bundle.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/digest.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::debug {
namespace {

constexpr const char* kBundle = "muster-debug-bundle-";
constexpr const char* kContractFile = "bundle_contract.json";
constexpr const char* kManifestFile = "manifest.json";
constexpr std::size_t kLogTail = 64 * 1024;  // of each log

/// A file that a bundle has, or may have.
struct Part {
  const char* path;
  const char* format;
  const char* about;
  bool required;
};

constexpr std::array kParts{
    Part{kContractFile, "json", "what a bundle holds", true},
    Part{kManifestFile, "json", "every other file with its size and SHA-256", true},
    Part{"diagnostics.json", "json", "issues, probable causes, breakdown of the startup", true},
    Part{"timeline.jsonl", "jsonl", "events of the session and of its run by time", true},
    Part{kEventsFile, "jsonl", "what the session recorded", true},
    Part{kAnomaliesFile, "jsonl", "what it saw that should not be so", true},
    Part{kSessionFile, "json", "the session", true},
    Part{"summary.md", "markdown", "all of it for people", true},
    Part{"artifacts/", "json", "artifacts of the run, as they were when it was packed", false},
    Part{"logs/", "text", "the last 64 KiB of each log of the run", false},
};

Json contract() {
  Json files = Json::array();
  for (const Part& part : kParts)
    files.push_back({{"path", part.path},
                     {"format", part.format},
                     {"about", part.about},
                     {"required", part.required}});
  return {{"schema_version", kSchema},
          {"producer", artifacts::kProducer},
          {"kind", "muster-debug-bundle"},
          {"files", std::move(files)},
          {"redaction", "every text is redacted where it is written and again here"}};
}

std::string pretty(const Json& json) {
  return redacted_json(json).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string lines_of(const std::vector<Json>& lines) {
  std::string out;
  for (const Json& line : lines) out += dump_json(redacted_json(line)) + "\n";
  return out;
}

Json manifest_of(const std::vector<ArchivedFile>& files, const Session& session) {
  Json listed = Json::array();
  for (const ArchivedFile& file : files)
    listed.push_back({{"path", file.path},
                      {"bytes", file.content.size()},
                      {"sha256", sha256_hex(file.content)}});
  return {{"schema_version", kSchema},
          {"producer", artifacts::kProducer},
          {"session_id", session.id},
          {"files", std::move(listed)}};
}

std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> lines;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty()) continue;
    if (auto json = parse_json(line); json && json->is_object()) lines.push_back(std::move(*json));
  }
  return lines;
}

Result<journal::Directory> folder_of_run(const artifacts::Repository& repository,
                                         const std::string& run_id) {
  auto runs = repository.folder().sub("runs");
  if (!runs) return runs;
  return runs->sub(run_id);
}

/// The artifacts of a run, and the ends of its logs.
void add_run(const artifacts::Repository& repository, const std::string& run_id,
             std::vector<ArchivedFile>& files) {
  const auto run = folder_of_run(repository, run_id);
  if (!run) return;
  const auto names = run->names();
  if (!names) return;
  for (const std::string& name : *names) {
    const auto text = run->read(name);
    if (!text) continue;  // not a file, or too large to be of use
    if (name.ends_with(".json")) {
      const auto json = parse_json(*text);
      files.push_back({"artifacts/" + name, json ? pretty(*json) : redact(*text)});
    } else if (name.ends_with(".jsonl")) {
      files.push_back({"artifacts/" + name, lines_of(json_lines(*text))});
    } else if (name.ends_with(".log")) {
      std::string_view end = *text;
      if (end.size() > kLogTail) end.remove_prefix(end.size() - kLogTail);
      files.push_back({"logs/" + name, redact(valid_utf8(end))});
    }
  }
}

}  // namespace

AutoPack auto_pack_from(std::string_view word) {
  if (word == "crash") return AutoPack::crash;
  if (word == "anomaly") return AutoPack::anomaly;
  return word == "always" ? AutoPack::always : AutoPack::off;
}

bool wants_packing(AutoPack when, const Session& session) {
  switch (when) {
    case AutoPack::off:
      return false;
    case AutoPack::crash:
      return session.crashed;
    case AutoPack::anomaly:
      return session.crashed || !session.anomalies.empty();
    case AutoPack::always:
      return true;
  }
  return false;
}

Result<Case> gather(const artifacts::Repository& repository, const std::string& session) {
  auto read = session.empty() ? last_session(repository.folder())
                              : read_session(repository.folder(), session);
  if (!read) return read.error();
  Case made;
  made.session = std::move(*read);
  made.run_id = made.session.run_id;
  if (made.run_id.empty()) {
    if (const auto latest = repository.latest(); latest && *latest) made.run_id = (*latest)->run_id;
  }
  if (made.run_id.empty()) return made;
  if (auto state = repository.state_of(made.run_id)) made.state = std::move(*state);
  if (auto errors = repository.errors_of(made.run_id)) made.errors = std::move(*errors);
  if (const auto run = folder_of_run(repository, made.run_id)) {
    if (const auto text = run->read(artifacts::kEventsFile)) made.run_events = json_lines(*text);
  }
  return made;
}

std::vector<ArchivedFile> bundle_files(const artifacts::Repository& repository, const Case& what) {
  const Diagnosis diagnosis = diagnose(what);
  std::vector<ArchivedFile> files{
      {kContractFile, pretty(contract())},
      {"diagnostics.json", pretty(to_json(diagnosis))},
      {"timeline.jsonl", lines_of(timeline(what))},
      {kEventsFile, lines_of(what.session.events)},
      {kAnomaliesFile, lines_of(what.session.anomalies)},
      {kSessionFile, pretty(what.session.document)},
      {"summary.md", redact(summary(what, diagnosis))},
  };
  if (!what.run_id.empty()) add_run(repository, what.run_id, files);
  ArchivedFile manifest{kManifestFile, pretty(manifest_of(files, what.session))};
  files.insert(files.begin() + 1, std::move(manifest));
  return files;
}

Result<Packed> pack(const artifacts::Repository& repository, const std::string& session,
                    const std::string& folder) {
  const auto what = gather(repository, session);
  if (!what) return what.error();
  const auto started = parse_rfc3339(what->session.started_at);
  const auto bytes = make_tar_gz(bundle_files(repository, *what), started ? started->seconds : 0);
  if (!bytes) return bytes.error();
  auto target = folder.empty() ? repository.folder().sub(kFolder, true)
                               : journal::Directory::root(folder, true);
  if (!target) return target.error();
  const std::string name = kBundle + what->session.id + ".tar.gz";
  if (auto written = target->write_atomically(name, *bytes); !written) return written.error();
  return Packed{target->path() + "/" + name, bytes->size(), sha256_hex(*bytes), diagnose(*what)};
}

std::optional<std::string> last_bundle(const artifacts::Repository& repository) {
  const auto debug = repository.folder().sub(kFolder);
  if (!debug) return std::nullopt;
  const auto names = debug->names();
  if (!names) return std::nullopt;
  std::optional<std::string> last;
  for (const std::string& name : *names)
    if (name.starts_with(kBundle) && name.ends_with(".tar.gz")) last = debug->path() + "/" + name;
  return last;
}

Result<std::vector<ArchivedFile>> read_bundle(std::string_view bytes) {
  auto files = read_tar_gz(bytes);
  if (!files) return files;
  const auto find = [&](std::string_view path) -> const ArchivedFile* {
    const auto at = std::find_if(files->begin(), files->end(),
                                 [&](const ArchivedFile& file) { return file.path == path; });
    return at == files->end() ? nullptr : &*at;
  };
  const auto broken = [](const std::string& what) {
    return error("bundle_broken", "the bundle is broken: " + what);
  };
  for (const Part& part : kParts)
    if (part.required && find(part.path) == nullptr)
      return broken(std::string(part.path) + " is missing");
  const auto manifest = parse_json(find(kManifestFile)->content);
  if (!manifest || !manifest->is_object() || !manifest->contains("files"))
    return broken("its manifest cannot be read");
  std::set<std::string> listed{kManifestFile};
  for (const Json& entry : manifest->at("files")) {
    const std::string path = string_at(entry, "path");
    const ArchivedFile* file = find(path);
    if (file == nullptr) return broken(path + " is missing");
    if (string_at(entry, "sha256") != sha256_hex(file->content))
      return broken(path + " is not what its manifest says");
    listed.insert(path);
  }
  for (const ArchivedFile& file : *files)
    if (!listed.contains(file.path)) return broken(file.path + " is not in its manifest");
  return files;
}

}  // namespace muster::debug
