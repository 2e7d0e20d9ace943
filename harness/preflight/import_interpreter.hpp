#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "preflight/import_channel.hpp"
#include "preflight/import_check.hpp"
#include "preflight/import_closure.hpp"
#include "preflight/import_needs.hpp"

namespace muster::preflight {

/// The interpreter of a project, ready to import: found, started, told what production has.
class ImportInterpreter {
 public:
  ImportInterpreter() = default;
  /// `project`: absolute, without links. Errors as of ImportSession::start.
  static Result<ImportInterpreter> start(const std::string& project, const ImportOptions& options);

  const std::string& python() const { return start_.python; }
  const InterpreterFacts& facts() const { return facts_; }
  const PyProject& pyproject() const { return pyproject_; }
  const std::vector<std::string>& search_paths() const { return search_paths_; }
  const ProductionClosure& closure() const { return closure_; }

  /// Takes an order; `dispatch` hands over all that were taken, together.
  void import(std::size_t id, const std::string& module,
              const std::vector<std::string>& attributes);
  void dispatch();
  /// The next ending; none when the deadline is over or the interpreter is gone.
  std::optional<Json> next(const Deadline& deadline);
  std::string last_words();
  /// A new one in its place, without the orders of the old one. Errors as of `start`.
  Result<void> restart();
  /// A folder below the search paths has an `__init__.py`, or pyproject.toml names packages.
  bool has_regular_packages() const;

 private:
  Result<void> greet();
  void configure();

  std::string project_;
  ImportOptions options_;
  ImportChannel::Start start_;
  std::unique_ptr<ImportChannel> channel_;
  PyProject pyproject_;
  std::vector<std::string> search_paths_;
  InterpreterFacts facts_;
  ProductionClosure closure_;
  std::optional<ImportNeeds> needs_;
  Json orders_ = Json::array();  ///< not sent yet
};

/// The report of a check that could not begin.
ImportReport failed_report(const std::string& project, const Error& why);

}  // namespace muster::preflight
