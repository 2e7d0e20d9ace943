#pragma once

#include <string>
#include <utility>
#include <vector>

#include "messages/messages.hpp"
#include "report/colour.hpp"
#include "report/story.hpp"

namespace muster::report {

/// What stands at the end of a run: scenarios that did not pass with the command that runs them
/// again, snippets for undefined steps, counts of scenarios and steps by status, how long it took.
class Closing {
 public:
  /// `command` is how a run is started, e.g. `muster run`.
  Closing(const Story& story, Painter paint, std::string command)
      : story_(story), paint_(paint), command_(std::move(command)) {}

  /// Remembers the snippets that were suggested.
  void take(const messages::Envelope& envelope);
  std::string text(const messages::TestRunFinished& finished) const;
  /// The lines with the counts of scenarios and steps alone.
  std::string counts() const;

 private:
  std::string troubles(bool flaky) const;
  std::string again() const;
  std::string count_line(const Counts& counts, std::int64_t flaky, std::int64_t not_run,
                         const char* one) const;

  const Story& story_;
  Painter paint_;
  std::string command_;
  std::vector<std::string> snippets_;  // each once
};

/// Why the run as a whole failed; empty when it did not, or when scenarios tell why.
std::string problem_of_run(const Story& story, const messages::TestRunFinished& finished);

/// What a feature file or a step text has against itself.
std::string problem_of(const messages::ParseError& error);
std::string problem_of(const messages::UndefinedParameterType& type);

}  // namespace muster::report
