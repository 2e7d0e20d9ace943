#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "preflight/import_check.hpp"
#include "preflight/import_facts.hpp"
#include "preflight/import_generator.hpp"
#include "preflight/import_interpreter.hpp"
#include "preflight/import_proto.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

/// A generated module.
struct Stub {
  std::string path;  ///< below the project
  std::string module;
  std::optional<ProtoFile> descriptor;
  std::string problem;  ///< why it has none
};

struct Sources {
  std::vector<std::string> protos;  ///< below the project, sorted
  std::vector<std::string> stubs;   ///< `*_pb2.py`
  std::set<std::string> services;   ///< `*_grpc.py`
};

bool is_passed_over(const fs::path& folder) {
  static const std::set<std::string> names{"node_modules", "build",  "dist",        "third_party",
                                           "thirdparty",   "vendor", "__pycache__", "googleapis"};
  const std::string name = folder.filename().string();
  std::error_code failed;
  return name.starts_with(".") || names.count(name) != 0 ||
         fs::exists(folder / "pyvenv.cfg", failed);
}

Sources find_sources(const fs::path& project) {
  Sources found;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(project, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->is_directory(failed)) {
      if (is_passed_over(at->path())) at.disable_recursion_pending();
      continue;
    }
    const std::string path = at->path().lexically_relative(project).string();
    if (path.ends_with(".proto")) found.protos.push_back(path);
    if (path.ends_with("_pb2.py")) found.stubs.push_back(path);
    if (path.ends_with("_grpc.py")) found.services.insert(path);
  }
  std::sort(found.protos.begin(), found.protos.end());
  std::sort(found.stubs.begin(), found.stubs.end());
  return found;
}

/// `protos/hearth-api.proto` → `hearth_api`, as protoc names the module.
std::string stub_stem(const std::string& proto) {
  std::string stem = fs::path(proto).stem().string();
  std::replace(stem.begin(), stem.end(), '-', '_');
  return stem;
}

bool is_path_end(const std::string& path, const std::string& end) {
  return path == end || path.ends_with("/" + end);
}

class StubCheck {
 public:
  StubCheck(std::string project, const ImportOptions& options)
      : project_(std::move(project)), options_(options), sources_(find_sources(project_)) {
    setting_.project = project_;
    const Result<PyProject> pyproject = read_pyproject(project_);
    setting_.search_paths =
        options.search_paths.empty()
            ? default_search_paths(project_, pyproject ? *pyproject : PyProject{})
            : absolute(options.search_paths);
    for (const std::string& path : sources_.stubs) stubs_.push_back(read_stub(path));
  }

  ImportReport check() {
    ImportReport report;
    if (sources_.protos.empty()) {
      report.context.project = project_;
      report.failures.push_back(nothing_checked("stubs", "at least one .proto in the project",
                                                "name the folder of the project that has them"));
      return report;
    }
    std::vector<ImportResult> results = compare();
    // Only what is as it should be can tell more by being imported.
    std::vector<std::string> modules;
    for (const ImportResult& result : results) {
      if (result.status == Status::passed) modules.push_back(result.module);
    }
    if (modules.empty()) {
      report.context.project = project_;
      report.context.search_paths = setting_.search_paths;
      report.results = std::move(results);
      return report;
    }
    report = check_imports(project_, modules, options_);
    merge(results, report);
    return report;
  }

  /// What the files say, without an import.
  std::vector<ImportResult> compare() {
    generator_ = find_generator(project_);
    std::vector<ImportResult> results;
    for (const std::string& proto : sources_.protos) check_proto(proto, results);
    for (const Stub& stub : stubs_) {
      if (claimed_.count(stub.path) == 0) results.push_back(orphan(stub));
    }
    return results;
  }

 private:
  std::vector<std::string> absolute(const std::vector<std::string>& paths) const {
    std::vector<std::string> list;
    for (const std::string& path : paths) {
      std::string normal = (fs::path(project_) / path).lexically_normal().string();
      while (normal.size() > 1 && normal.back() == '/') normal.pop_back();
      list.push_back(std::move(normal));
    }
    return list;
  }

  Stub read_stub(const std::string& path) const {
    Stub stub;
    stub.path = path;
    stub.module = module_of_file(project_ + "/" + path, setting_);
    const std::optional<std::string> text = read_source(project_ + "/" + path);
    if (!text) {
      stub.problem = "can not be read";
      return stub;
    }
    const Result<std::string> bytes = embedded_descriptor(*text);
    if (!bytes) {
      stub.problem = bytes.error().message;
      return stub;
    }
    Result<ProtoFile> descriptor = read_descriptor(*bytes);
    if (descriptor)
      stub.descriptor = std::move(*descriptor);
    else
      stub.problem = descriptor.error().message;
    return stub;
  }

  ImportResult start(const std::string& module, const std::string& file, int line) const {
    ImportResult result;
    result.module = module;
    result.place = Place{file, line, 0};
    return result;
  }

  void fail(ImportResult& result, ImportKind kind, std::string expected, std::string found) const {
    result.status = Status::failed;
    result.kind = kind;
    result.expected = std::move(expected);
    result.found = std::move(found);
    result.hint = generator_.empty() ? "run the generator: " + result.hint
                                     : "run the generator: " + generator_;
  }

  /// The command that makes a module of `proto`, where nobody wrote one down.
  static std::string command_for(const std::string& proto, const std::string& stub, bool services) {
    std::string root = fs::path(proto).parent_path().string();
    std::string out = fs::path(stub).parent_path().string();
    if (root.empty()) root = ".";
    if (out.empty()) out = ".";
    if (services)
      return "python3 -m grpc_tools.protoc -I " + root + " --python_out=" + out +
             " --grpc_python_out=" + out + " " + proto;
    return "protoc -I " + root + " --python_out=" + out + " " + proto;
  }

  void check_proto(const std::string& proto, std::vector<ImportResult>& results) {
    const std::optional<std::string> text = read_source(project_ + "/" + proto);
    const Result<ProtoFile> said =
        text ? parse_proto(*text) : Result<ProtoFile>(error("proto", "can not be read"));
    const std::string name = stub_stem(proto) + "_pb2";
    if (!said) {
      ImportResult result = start(proto, proto, said.error().place.line);
      result.missing = proto;
      fail(result, ImportKind::stub_stale, "a .proto that can be read", said.error().message);
      result.hint = "correct it";
      results.push_back(std::move(result));
      return;
    }
    const std::vector<const Stub*> stubs = stubs_of(proto, name);
    if (stubs.empty()) {
      ImportResult result = start(name, proto, 0);
      result.missing = name;
      result.hint = command_for(proto, proto, said->services);
      fail(result, ImportKind::stub_missing, "generated module " + name,
           "no " + name + ".py in the project");
      results.push_back(std::move(result));
    }
    for (const Stub* stub : stubs) {
      claimed_.insert(stub->path);
      check_stub(proto, *said, *stub, results);
    }
  }

  /// Those whose descriptor names this file; else those that are named like it.
  std::vector<const Stub*> stubs_of(const std::string& proto, const std::string& name) const {
    std::vector<const Stub*> named;
    std::vector<const Stub*> meant;
    for (const Stub& stub : stubs_) {
      if (fs::path(stub.path).stem() != name) continue;
      named.push_back(&stub);
      if (stub.descriptor && is_path_end(proto, stub.descriptor->name)) meant.push_back(&stub);
    }
    if (!meant.empty()) return meant;
    // One with another's descriptor belongs to the other, if there is another.
    std::erase_if(named, [&](const Stub* stub) {
      return stub->descriptor && std::any_of(sources_.protos.begin(), sources_.protos.end(),
                                             [&](const std::string& other) {
                                               return other != proto &&
                                                      is_path_end(other, stub->descriptor->name);
                                             });
    });
    return named;
  }

  void check_stub(const std::string& proto, const ProtoFile& said, const Stub& stub,
                  std::vector<ImportResult>& results) const {
    ImportResult result = start(stub.module, proto, 0);
    result.hint = command_for(proto, stub.path, said.services);
    result.missing = fs::path(stub.path).filename().string();
    if (!stub.descriptor) {
      result.place = Place{stub.path, 0, 0};
      fail(result, ImportKind::stub_stale, "generated module of " + proto, stub.problem);
    } else if (const auto differences = compare_protos(said, *stub.descriptor);
               !differences.empty()) {
      const ProtoDifference& first = differences.front();
      result.place.line = first.line;
      const std::string more =
          differences.size() == 1
              ? ""
              : " (and " + std::to_string(differences.size() - 1) + " more differences)";
      fail(result, ImportKind::stub_stale, first.what + ": " + first.expected,
           stub.path + " has: " + first.found + more);
    } else if (said.services && !check_services(said, stub, result)) {
      // Said by check_services.
    } else {
      result.missing.clear();
      result.hint.clear();
    }
    results.push_back(std::move(result));
  }

  /// `*_pb2_grpc.py`, or the `*_grpc.py` of grpclib, beside the stub with every method.
  bool check_services(const ProtoFile& said, const Stub& stub, ImportResult& result) const {
    const std::string base =
        stub.path.substr(0, stub.path.size() - std::string_view("_pb2.py").size());
    for (const char* ending : {"_pb2_grpc.py", "_grpc.py"}) {
      const std::string path = base + ending;
      if (sources_.services.count(path) == 0) continue;
      const std::string text = read_source(project_ + "/" + path).value_or("");
      for (const std::string& method : said.methods) {
        if (text.find(method + "'") != std::string::npos ||
            text.find(method + "\"") != std::string::npos)
          continue;
        result.missing = method;
        result.place = Place{path, 0, 0};
        fail(result, ImportKind::stub_stale, method + " in " + path, "no such method in it");
        return false;
      }
      return true;
    }
    result.missing = base + "_pb2_grpc.py";
    fail(result, ImportKind::stub_missing,
         "generated module " + result.missing + " of the services", "only " + stub.path);
    return false;
  }

  ImportResult orphan(const Stub& stub) const {
    ImportResult result = start(stub.module, stub.path, 0);
    const std::string name = stub.descriptor ? stub.descriptor->name : proto_of_stub(stub.module);
    result.missing = name;
    fail(result, ImportKind::stub_stale, "its .proto in the project", "no " + name);
    result.status = Status::warned;
    result.hint = "add the .proto, or remove what was made of it";
    return result;
  }

  /// The imports of `report` into the results that passed so far, in the order of the protos.
  void merge(std::vector<ImportResult>& results, ImportReport& report) const {
    for (ImportResult& result : results) {
      if (result.status != Status::passed) continue;
      const auto import =
          std::find_if(report.results.begin(), report.results.end(),
                       [&result](const ImportResult& r) { return r.module == result.module; });
      if (import == report.results.end()) continue;
      result = *import;
      if (result.kind != ImportKind::stub_missing) continue;
      // protoc writes imports from the root of the .proto files, wherever it puts the modules.
      const std::string file = result.missing.substr(result.missing.rfind('.') + 1) + ".py";
      for (const Stub& stub : stubs_) {
        if (is_path_end(stub.path, file))
          result.hint = stub.path +
                        " is there, but imports of generated modules start at the root "
                        "of the .proto files: put " +
                        fs::path(stub.path).parent_path().string() +
                        " on the search path, or lay the .proto files out like the packages";
      }
    }
    report.results = std::move(results);
  }

  std::string project_;
  const ImportOptions& options_;
  Sources sources_;
  VerdictSetting setting_;
  std::vector<Stub> stubs_;
  std::set<std::string> claimed_;
  std::string generator_;
};

}  // namespace

ImportReport check_stubs(const std::string& project, const ImportOptions& options) {
  std::error_code failed;
  const fs::path folder = fs::canonical(project, failed);
  if (failed)
    return failed_report(
        project, error("no_project", "no folder " + project, "name the folder of the project"));
  const auto begun = std::chrono::steady_clock::now();
  ImportReport report = StubCheck(folder.string(), options).check();
  report.duration = std::chrono::steady_clock::now() - begun;
  return report;
}

std::vector<ImportResult> compare_stubs(const std::string& project, const ImportOptions& options) {
  std::error_code failed;
  const fs::path folder = fs::canonical(project, failed);
  if (failed) return {};
  return StubCheck(folder.string(), options).compare();
}

}  // namespace muster::preflight
