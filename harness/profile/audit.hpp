#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "profile/settings.hpp"

/// What could break a deployment and is named by no scenario of its runtime profile.
namespace muster::profile {

/// A step of a scenario, as the step library reads it.
struct StepUse {
  std::string definition;              ///< text of the step definition, `I import {string}`
  std::vector<std::string> arguments;  ///< without quotes
  Place place;                         ///< of the scenario
  std::size_t scenario = 0;            ///< steps of one scenario have the same
};

enum class SubjectKind { entry_point, module, script, config_key, migrations, proto };

/// `entry point`, `module`, `script`, `config key`, `migrations`, `proto`.
std::string_view name_of(SubjectKind kind);

/// Something that a deployment needs.
struct Subject {
  SubjectKind kind = SubjectKind::module;
  std::string name;  ///< `atelier-server = atelier.server:main`, `scripts/start.sh`, `server.port`
  Place place;       ///< where the project says it
  std::string covered_by;          ///< place of a scenario, and through what; empty: none
  std::string why;                 ///< what no scenario does, of an uncovered one
  std::vector<std::string> steps;  ///< that would cover it, without keywords
  std::vector<std::string> first;  ///< steps of its scenario that stand before them
  std::vector<std::string> last;   ///< and after all of its kind

  bool covered() const { return !covered_by.empty(); }
};

struct Audit {
  std::string project;
  std::vector<Subject> subjects;  ///< by kind, then by name
  std::vector<Error> problems;    ///< why something could not be listed: that is a failure, too

  std::size_t uncovered() const;
  /// At least one subject, all covered, no problem.
  bool ok() const;
};

/// Lists what the project ships and compares it with `steps`, those of the scenarios that are
/// played. Runs git and the interpreter of the project; blocks.
Audit audit(const Settings& settings, const std::vector<StepUse>& steps);

/// A tally for each kind, then what is not covered with the steps that would do it, then a line
/// `audit: …`.
std::string render(const Audit& audit);

/// `{project, subjects: [{kind, name, file?, line?, covered, by?, why?, steps?}], problems, total,
/// uncovered, ok}`.
Json to_json(const Audit& audit);

/// Scenarios for everything that is uncovered, as a feature or, with `more`, to be appended to one.
/// Empty when nothing is.
std::string scenarios_for(const Audit& audit, bool more);

/// Writes them to `file`: a new feature, or behind what stands there. Nothing is written when
/// nothing is uncovered. Returns the number of scenarios. Error `audit_unwritten`.
Result<std::size_t> write_scenarios(const Audit& audit, const std::string& file);

}  // namespace muster::profile
