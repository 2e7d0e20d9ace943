#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifacts/event_log.hpp"
#include "artifacts/ports_manifest.hpp"
#include "artifacts/reports.hpp"
#include "artifacts/run_state.hpp"
#include "journal/directory.hpp"

namespace muster::artifacts {

inline constexpr const char* kRunStateFile = "run_state.json";
inline constexpr const char* kRuntimeMapFile = "runtime_map.json";
inline constexpr const char* kPortsFile = "ports_manifest.json";
inline constexpr const char* kErrorsFile = "error_report.json";
inline constexpr const char* kReadinessFile = "runtime_readiness_report.json";
inline constexpr const char* kEventsFile = "events.jsonl";
inline constexpr const char* kPointersFile = "pointer_manifest.json";

/// All that is published of a run at once; the runtime map follows from the state.
struct Publication {
  RunState state;
  PortsManifest ports;
  ErrorReport errors;
  ReadinessReport readiness;
};

/// Where a pointer leads, and whether anything is there.
struct Pointer {
  std::string name;  ///< `.last_state`, `.last_state.<mode>`
  std::string path;
  bool valid = false;
};

/// The artifacts of one scope, `<runtime directory>/<scope>/`: the latest run's in the folder
/// itself, every run's in `runs/<run id>/` (docs/formats/environment.md). What stands at a name is
/// whole at any moment. Who writes holds the lock `environment`.
class Repository {
 public:
  /// `make` makes the folders that are missing. Errors: those of journal::Directory.
  static Result<Repository> open(const std::string& runtime_directory, const std::string& scope,
                                 bool make = true);

  /// Also keeps a copy of the latest artifacts in the folder `compat_root`, where tools that know
  /// only that one look.
  Result<void> mirror_in(const std::string& compat_root);

  /// Makes the folder of a new run with its events, which are the latest from now on.
  Result<EventLog> begin(const std::string& run_id, const std::string& trace_id);
  /// Goes on with the events of a run that is there.
  Result<EventLog> continue_events(const std::string& run_id, const std::string& trace_id);

  /// Writes the run's artifacts and makes them the latest, the state last, so that who finds the
  /// state finds all it points to. Fills the state's pointers.
  Result<void> publish(Publication& publication);

  /// Takes the latest artifacts and the pointers away; the run's own stay.
  Result<void> retire();

  /// The latest state, of `mode` where one is named; nullopt: there is none. Errors: those of
  /// run_state_from_json, with the path.
  Result<std::optional<RunState>> latest(const std::string& mode = {}) const;
  Result<RunState> state_of(const std::string& run_id) const;
  Result<PortsManifest> ports_of(const std::string& run_id) const;
  Result<ErrorReport> errors_of(const std::string& run_id) const;

  /// The runs that have a state, the newest first.
  Result<std::vector<std::string>> runs() const;
  Result<std::vector<Pointer>> pointers() const;

  const journal::Directory& folder() const { return scope_; }
  const journal::Directory& locks() const { return locks_; }
  std::string run_path(const std::string& run_id) const { return runs_.path() + "/" + run_id; }

 private:
  Repository(journal::Directory scope, journal::Directory runs, journal::Directory locks)
      : scope_(std::move(scope)), runs_(std::move(runs)), locks_(std::move(locks)) {}
  Result<Json> read(const journal::Directory& folder, const std::string& name) const;

  journal::Directory scope_;
  journal::Directory runs_;
  journal::Directory locks_;
  std::optional<journal::Directory> mirror_;
};

/// A state that a user names by its path, in whatever folder. Errors: those of run_state_from_json
/// and of reading, with the path.
struct StateFile {
  RunState state;
  Json document;  ///< as it stands in the file
};
Result<StateFile> read_state_file(const std::string& path);

}  // namespace muster::artifacts
