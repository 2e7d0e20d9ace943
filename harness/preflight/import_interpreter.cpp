#include "preflight/import_interpreter.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <thread>

#include "base/text.hpp"
#include "preflight/check_program.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view oldest_python = "3.8";

std::vector<std::string> strings_at(const Json& object, const char* key) {
  std::vector<std::string> list;
  if (!object.contains(key)) return list;
  for (const Json& item : object[key]) {
    if (item.is_string()) list.push_back(item.get<std::string>());
  }
  return list;
}

bool runs(const fs::path& file) {
  return ::access(file.c_str(), X_OK) == 0;
}

/// The interpreter as it is to be started: a path, or a name on PATH.
std::string find_python(const fs::path& project, const std::string& wanted) {
  if (!wanted.empty()) {
    if (wanted.find('/') == std::string::npos) return wanted;
    return (project / wanted).string();
  }
  for (const char* folder : {".venv", "venv"}) {
    for (const char* name : {"python3", "python"}) {
      const fs::path python = project / folder / "bin" / name;
      if (runs(python)) return python.string();
    }
  }
  return "python3";
}

/// Folders with an interpreter of their own below the project: nothing in them is the project's.
std::vector<std::string> environments_below(const fs::path& project) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(project, failed)) {
    if (fs::exists(entry.path() / "pyvenv.cfg", failed)) found.push_back(entry.path().string());
  }
  return found;
}

}  // namespace

Result<ImportInterpreter> ImportInterpreter::start(const std::string& project,
                                                   const ImportOptions& options) {
  ImportInterpreter made;
  made.project_ = project;
  made.options_ = options;
  made.start_.python = find_python(project, options.python);
  made.start_.environment =
      options.environment.empty() ? inherited_environment() : options.environment;
  made.start_.cwd = project;
  Result<std::unique_ptr<ImportChannel>> channel = ImportChannel::start(made.start_);
  if (!channel) return channel.error();
  made.channel_ = std::move(*channel);

  // The interpreter boots meanwhile.
  Result<PyProject> pyproject = read_pyproject(project);
  if (!pyproject) return pyproject.error();
  made.pyproject_ = std::move(*pyproject);
  if (options.search_paths.empty()) {
    made.search_paths_ = default_search_paths(project, made.pyproject_);
  } else {
    for (const std::string& path : options.search_paths)
      made.search_paths_.push_back((fs::path(project) / path).lexically_normal().string());
  }
  for (std::string& path : made.search_paths_) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
  }

  if (const Result<void> greeted = made.greet(); !greeted) return greeted.error();
  if (options.production_closure)
    made.closure_ = production_closure(made.pyproject_, made.facts_, options.extras);
  else
    made.closure_.reason = "switched off";
  std::vector<std::string> path = made.search_paths_;
  path.insert(path.end(), made.facts_.path.begin(), made.facts_.path.end());
  made.needs_.emplace(std::move(path), made.facts_.modules, made.facts_.stdlib);
  made.configure();
  return made;
}

Result<void> ImportInterpreter::greet() {
  const std::optional<std::string> line = channel_->receive(Deadline(options_.start_timeout));
  if (!line) {
    const bool gone = channel_->gone();
    return error(gone ? "python_failed" : "timeout",
                 start_.python + " does not start: " + channel_->last_words(),
                 "try " + start_.python + " -I -c pass");
  }
  const Result<Json> hello = parse_json(*line);
  if (!hello || !hello->is_object() || !hello->contains("markers"))
    return error("python_failed", start_.python + " answers with " + shorten(*line, 200),
                 "is it a Python 3?");
  facts_.version = string_at(*hello, "version");
  facts_.executable = string_at(*hello, "executable");
  if (compare_versions(facts_.version, oldest_python).value_or(-1) < 0)
    return error("python_failed", start_.python + " is Python " + facts_.version,
                 "imports are checked with Python " + std::string(oldest_python) + " or later");
  facts_.path = strings_at(*hello, "path");
  facts_.stdlib = strings_at(*hello, "stdlib");
  facts_.modules = strings_at(*hello, "modules");
  for (const auto& [name, value] : (*hello)["markers"].items()) {
    if (value.is_string()) facts_.markers[name] = value.get<std::string>();
  }
  if (!facts_.executable.empty()) start_.python = facts_.executable;
  return {};
}

void ImportInterpreter::configure() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> roots = search_paths_;
  roots.push_back(project_);
  const Json config{
      {"paths", search_paths_},
      {"roots", roots},
      {"environments", environments_below(project_)},
      {"stdlib", facts_.stdlib},
      {"gate", closure_.enforced ? gate_of(closure_) : Json()},
      {"jobs", options_.jobs == 0 ? cores : options_.jobs},
      {"timeout", static_cast<double>(options_.timeout.count()) / 1000.0},
      {"output", options_.output_bytes},
  };
  channel_->send(dump_json({{"config", config}}));
}

void ImportInterpreter::import(std::size_t id, const std::string& module,
                               const std::vector<std::string>& attributes) {
  orders_.push_back({{"id", id},
                     {"module", module},
                     {"attributes", attributes},
                     {"standard", needs_->standard_modules(module)}});
}

void ImportInterpreter::dispatch() {
  if (!orders_.empty()) channel_->send(dump_json({{"imports", std::move(orders_)}}));
  orders_ = Json::array();
}

std::optional<Json> ImportInterpreter::next(const Deadline& deadline) {
  for (;;) {
    const std::optional<std::string> line = channel_->receive(deadline);
    if (!line) return std::nullopt;
    Result<Json> ending = parse_json(*line);
    if (ending && ending->is_object()) return std::move(*ending);
    // A module that writes into the memory of its report spoils its own only.
    constexpr std::string_view head = "{\"id\":";
    std::size_t id = 0;
    if (line->starts_with(head) &&
        std::from_chars(line->data() + head.size(), line->data() + line->size(), id).ec ==
            std::errc())
      return Json{{"id", id},
                  {"said", {{"kind", "unreadable"}, {"message", ending.error().message}}}};
  }
}

std::string ImportInterpreter::last_words() {
  return channel_->last_words();
}

Result<void> ImportInterpreter::restart() {
  channel_.reset();
  orders_ = Json::array();
  Result<std::unique_ptr<ImportChannel>> channel = ImportChannel::start(start_);
  if (!channel) return channel.error();
  channel_ = std::move(*channel);
  if (const Result<void> greeted = greet(); !greeted) return greeted;
  configure();
  return {};
}

bool ImportInterpreter::has_regular_packages() const {
  if (!pyproject_.packages.empty()) return true;
  std::error_code failed;
  for (const std::string& root : search_paths_) {
    for (const auto& entry : fs::directory_iterator(root, failed)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(".") || fs::exists(entry.path() / "pyvenv.cfg", failed)) continue;
      if (fs::exists(entry.path() / "__init__.py", failed)) return true;
      for (const auto& below : fs::directory_iterator(entry.path(), failed)) {
        if (fs::exists(below.path() / "__init__.py", failed)) return true;
      }
    }
  }
  return false;
}

ImportReport failed_report(const std::string& project, const Error& why) {
  ImportReport report;
  report.context.project = project;
  CheckResult failure;
  failure.subject = project;
  failure.check = why.code;
  failure.status = Status::failed;
  failure.expected = "an interpreter that can import";
  failure.found = why.message;
  failure.place = why.place;
  failure.hint = why.hint;
  report.failures.push_back(std::move(failure));
  return report;
}

}  // namespace muster::preflight
