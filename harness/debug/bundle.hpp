#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifacts/repository.hpp"
#include "base/result.hpp"
#include "debug/archive.hpp"
#include "debug/diagnosis.hpp"

namespace muster::debug {

/// When a session packs its own bundle at its end.
enum class AutoPack { off, crash, anomaly, always };
/// Of `off`, `crash`, `anomaly`, `always`; anything else is off.
AutoPack auto_pack_from(std::string_view word);
/// Whether `session` is to be packed: a crash is a session without an end.
bool wants_packing(AutoPack when, const Session& session);

/// Collects what is known of a session: its record and the artifacts of the run it belongs to, else
/// of the latest. Errors: those of reading the session.
Result<Case> gather(const artifacts::Repository& repository, const std::string& session);

/// The files of a bundle (docs/formats/debug.md), redacted, each listed in its manifest.json.
std::vector<ArchivedFile> bundle_files(const artifacts::Repository& repository, const Case& what);

/// Where a bundle lies, and what it says.
struct Packed {
  std::string path;
  std::size_t bytes = 0;
  std::string sha256;
  Diagnosis diagnosis;
};

/// Writes `muster-debug-bundle-<session>.tar.gz` into `folder`, else into `debug/` of the scope.
/// Errors: those of gather, `bundle_failed`.
Result<Packed> pack(const artifacts::Repository& repository, const std::string& session,
                    const std::string& folder = {});

/// The newest bundle in `debug/` of the scope.
std::optional<std::string> last_bundle(const artifacts::Repository& repository);

/// Checks a bundle against its own manifest and contract. Error `bundle_broken`, which names the
/// file; else its files.
Result<std::vector<ArchivedFile>> read_bundle(std::string_view bytes);

}  // namespace muster::debug
