#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "journal/append_file.hpp"

namespace muster::journal {

/// The version of docs/formats/journal.md that is written and read.
inline constexpr int kJournalSchema = 1;

/// The head of a run directory (docs/formats/journal.md). While a run lasts its state is `running`;
/// only its orderly end makes it `finished`, so that whatever is cut off reads as incomplete.
struct Manifest {
  enum class State { running, finished };

  std::string run_id;
  std::string scope;
  std::string project;  ///< absolute path of the repository
  std::string version;  ///< of muster
  State state = State::running;
  std::string started_at;   ///< RFC 3339
  std::string finished_at;  ///< RFC 3339; empty while running
  std::int64_t pid = 0;     ///< of the coordinator
  std::string plan_digest;  ///< empty when the run had no plan
  std::string verdict;      ///< `passed`, `failed` or `interrupted`; empty while running
  int exit_code = 0;        ///< meaningful when finished
  std::map<std::string, std::int64_t> scenarios;  ///< counts by status, in lower case
  std::map<std::string, std::int64_t> steps;      ///< likewise
  std::map<std::string, Extent> files;            ///< how long each artifact is, when finished
  std::string hatch_head;  ///< of the hash chain over hatch.jsonl; empty while running
};

Json to_json(const Manifest& manifest);

/// Errors: `manifest_schema` (another version or producer), `manifest_shape` (names the member).
Result<Manifest> manifest_from_json(const Json& json);

}  // namespace muster::journal
