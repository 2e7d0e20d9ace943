#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "preflight/check.hpp"
#include "preflight/import_project.hpp"

/// Are the modules of a Python project importable where it is deployed. One interpreter of the
/// project is started isolated and forks for each module: nothing of the project or of what is
/// installed is cached between modules, and a crash costs one of them.
namespace muster::preflight {

/// What is wrong with an import.
enum class ImportKind {
  none,                ///< nothing
  target_missing,      ///< the module itself is not there
  dependency_missing,  /// a module that it imports is not there
  name_missing,        ///< `from x import y`: x has no y
  circular,            ///< needs a module that is still being imported; its `loop` is named
  exception,           ///< the code of a module raised
  exited,              ///< sys.exit, os._exit or a plain end of the process
  signalled,           ///< the process died of a signal
  stub_missing,        ///< generated code (`*_pb2`) is not there
  stub_stale,          ///< generated code is not what its .proto says
  missing_init,        ///< a folder without `__init__.py` where a package was meant
  timeout,             ///< still importing when its time was over
  dev_only,            ///< installed, but not among what pyproject.toml declares for production
  attribute_missing,   ///< imported, but it lacks the attribute that was asked for
  not_callable,        ///< an entry point that can not be called
  interpreter,         ///< the interpreter itself failed
};

/// `target-missing`, `dependency-missing`, …; `import` for none.
std::string_view name_of(ImportKind kind);

/// A statement on the way from the module that was asked for to the one that failed.
struct ImportLink {
  std::string module;    ///< dotted; a package's own file as `package/__init__`
  std::string file;      ///< below the project where it is, else absolute
  int line = 0;          ///< from 1
  std::string function;  ///< `<module>`, or the function in which the import stands
  std::string imports;   ///< the module or name that it went on to; empty in the last of a crash
  std::string text;      ///< the source line
};

/// An import that failed and was caught: what the module offers less of in this environment.
struct SoftMissing {
  std::string name;        ///< `ujson`, or `package.name` for a name that is not in its module
  std::string module;      ///< who tried
  Place place;             ///< of the statement
  std::string blocked_by;  ///< the distribution that is installed but not declared; else empty
  bool in_project = true;  ///< tried by the project, not by something it depends on
};

/// `MODULE.NAME` after the import; dots in the name go deeper.
struct ImportAttribute {
  std::string name;
  bool found = false;
  bool callable = false;
  std::string type;     ///< of the value, e.g. `str`
  std::string value;    ///< its repr, at most 200 bytes
  std::string nearest;  ///< of what is there instead, the most similar name; or empty
};

/// What became of one module.
struct ImportResult {
  std::string module;
  Status status = Status::passed;
  ImportKind kind = ImportKind::none;
  std::vector<ImportLink> chain;  ///< of a failure: from the module itself to the last statement
  std::string missing;            ///< the module, name or attribute that is not there
  std::vector<std::string> loop;  ///< of a circular import: `a`, `b`, `a`
  std::string message;            ///< the interpreter's own words: `ImportError: …`
  std::string expected;
  std::string found;
  std::string hint;
  Place place;  ///< the last statement of the project in the chain, else the last one at all
  std::chrono::nanoseconds duration{};
  std::vector<ImportAttribute> attributes;  ///< those asked for, and `__version__` if there
  std::vector<SoftMissing> soft_missing;
  std::vector<std::string> warnings;
  std::string out;  ///< what it printed, as far as kept
  std::string err;

  /// `app.gateway:7 → fa/__init__:1 → pyd.core:2 ✗ ann_types`; empty when nothing failed.
  std::string chain_text() const;
};

struct ImportOptions {
  /// A path below the project or absolute, or a name on PATH. Empty: `.venv` or `venv` of the
  /// project, else `python3`.
  std::string python;
  /// Below the project or absolute, put before the interpreter's own. Empty: `src` or the project
  /// itself, by what pyproject.toml and the folders say.
  std::vector<std::string> search_paths;
  /// Blocks what pyproject.toml does not declare for production. Without effect, and said so, when
  /// it declares nothing.
  bool production_closure = true;
  std::vector<std::string> extras;  ///< optional dependencies of the project that are deployed
  /// Folders without `__init__.py` that are meant so, dotted; `*` for all.
  std::vector<std::string> namespace_packages;
  unsigned jobs = 0;                                ///< imports at once; 0: as many as cores
  std::chrono::milliseconds timeout{30'000};        ///< for one module
  std::chrono::milliseconds start_timeout{20'000};  ///< for the interpreter
  std::vector<std::string> environment;  ///< `NAME=value`, complete; empty: that of this process
  std::size_t output_bytes = 65536;      ///< kept of each stream of a module
};

/// What the modules are imported with.
struct ImportContext {
  std::string project;                    ///< absolute, without links
  std::string interpreter;                ///< the path that was started
  std::string version;                    ///< `3.11.2`
  std::vector<std::string> search_paths;  ///< of the project, absolute
  std::vector<std::string> allowed;       ///< distributions of the production closure, sorted
  bool closure = false;                   ///< it is in force
  std::string closure_reason;             ///< why not
  std::vector<CheckResult> declarations;  ///< declared but not installed, unreadable, …
};

/// Everything that was found.
struct ImportReport {
  ImportContext context;
  std::vector<ImportResult> results;      ///< in the order asked for
  std::vector<SoftMissing> soft_missing;  ///< of all of them, each statement once
  std::vector<CheckResult> failures;      ///< what stopped the check as a whole, or has no module
  std::chrono::nanoseconds duration{};

  bool ok() const;  ///< at least one result, no failure
};

/// `{interpreter, version, search_paths, closure: {enforced, reason?, distributions}, results: […],
/// soft_missing: […], failures: […], ok, duration_ms}`.
Json to_json(const ImportReport& report);
Json to_json(const ImportResult& result);

/// A line for each module that passed, for each other the chain, what was expected and found and
/// the hint; then what is softly missing, and a tally.
std::string render(const ImportReport& report);
std::string render(const ImportResult& result);

/// The failures as a whole, then one result for each module; softly missing imports of the project
/// follow as warnings.
std::vector<CheckResult> check_results(const ImportReport& report);
CheckResult check_result(const ImportResult& result);

/// A running interpreter of a project. To be used by the thread that started it (where there are no
/// pid namespaces it dies with that thread); everything it started is gone with it.
class ImportSession {
 public:
  /// Starts the interpreter: about 20 ms, of which `begin` need not be kept waiting. Errors
  /// `no_project`, `python_missing`, `python_failed`, `pyproject` (unreadable), `timeout`.
  static Result<ImportSession> start(const std::string& project, const ImportOptions& options = {});
  ImportSession(ImportSession&&) noexcept;
  ImportSession& operator=(ImportSession&&) noexcept;
  ~ImportSession();

  /// Orders an import of `module` and returns at once. Once per module and set of attributes.
  void begin(const std::string& module, const std::vector<std::string>& attributes = {});
  /// Has all that was ordered imported, side by side; whatever waits for an outcome does so too.
  /// The code of the standard library that several of them need runs once for all.
  void dispatch();
  /// The outcome of `module`, begun now if it was not; blocks up to its timeout.
  const ImportResult& wait(const std::string& module);
  /// The outcomes of all that was begun, in that order.
  std::vector<ImportResult> results();
  /// `module.name` after an import of `module`; not found when that fails. Blocks.
  ImportAttribute attribute(const std::string& module, const std::string& name);
  /// Waits for all and reports.
  ImportReport report();
  /// The same of some modules, begun now if they were not.
  ImportReport report(const std::vector<std::string>& modules);

  const ImportContext& context() const;

 private:
  struct Impl;
  explicit ImportSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Imports each of `modules`. None at all is a failure. Blocks.
ImportReport check_imports(const std::string& project, const std::vector<std::string>& modules,
                           const ImportOptions& options = {});

/// The entry points of pyproject.toml: the module imports, the object is there, scripts can be
/// called. None at all is a failure. The `module` of a result is `module:object`.
ImportReport check_entry_points(const std::string& project, const ImportOptions& options = {});

/// Every .proto of the project has its generated modules, they say what the .proto says, and
/// import. No .proto at all is a failure.
ImportReport check_stubs(const std::string& project, const ImportOptions& options = {});

/// The same without the imports, in a few milliseconds: a result for each .proto and each generated
/// module. Empty without any.
std::vector<ImportResult> compare_stubs(const std::string& project,
                                        const ImportOptions& options = {});

}  // namespace muster::preflight
