#pragma once

#include <deque>
#include <string>
#include <utility>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"
#include "report/scenario_text.hpp"
#include "report/summary.hpp"

namespace muster::report {

/// `pretty`: features, scenarios and steps as they finish, with what was attached and what went
/// wrong, then a summary. Scenarios that run at once are told one after another.
class PrettyReporter final : public Reporter {
 public:
  /// `story` has been told each message before `on` is called; `command` is how a run is started,
  /// e.g. `muster run`.
  PrettyReporter(const Story& story, LineWriter out, bool colour,
                 std::string command = "muster run")
      : story_(story),
        out_(std::move(out)),
        text_(story, Painter(colour)),
        closing_(story, Painter(colour), std::move(command)) {}

  void on(const messages::Envelope& envelope) override;
  void quiet() override { out_.flush(); }
  Result<void> finish() override { return out_.finish(); }

 private:
  /// A scenario that runs: what is told of it waits until it is its turn.
  struct Telling {
    std::string started_id;
    std::string text;
    ScenarioText::Columns columns;
    bool ended = false;
  };

  void on_started(const messages::TestCaseStarted& started);
  void on_step(const messages::TestStepFinished& finished);
  void on_ended(const messages::TestCaseFinished& finished);
  void on_run_ended(const messages::TestRunFinished& finished);

  Telling* telling(const std::string& started_id);
  void release();
  std::string headings(const messages::Pickle& pickle);

  const Story& story_;
  LineWriter out_;
  ScenarioText text_;
  Closing closing_;
  std::deque<Telling> tellings_;  // in the order of starting; the first is told live
  const Document* document_ = nullptr;
  const DocumentIndex::Rule* rule_ = nullptr;
};

}  // namespace muster::report
