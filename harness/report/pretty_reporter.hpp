#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/colour.hpp"
#include "report/line_writer.hpp"
#include "report/reporter.hpp"
#include "report/story.hpp"

namespace muster::report {

/// `pretty`: features, scenarios and steps as they finish, with what was attached and what went
/// wrong, then a summary. Scenarios that run at once are told one after another. All text of
/// programs and features is made neutral.
class PrettyReporter final : public Reporter {
 public:
  /// `story` has been told each message before `on` is called; `command` is how a run is started,
  /// e.g. `muster run`.
  PrettyReporter(const Story& story, LineWriter out, bool colour,
                 std::string command = "muster run")
      : story_(story), out_(std::move(out)), paint_(colour), command_(std::move(command)) {}

  void on(const messages::Envelope& envelope) override;
  Result<void> finish() override { return out_.finish(); }

 private:
  /// A scenario that runs: what is told of it waits until it is its turn.
  struct Telling {
    std::string started_id;
    std::string text;
    std::size_t margin = 2;    // blanks before the scenario
    std::size_t comments = 0;  // the column where places stand
    std::string attached;      // to be told below its step
    bool ended = false;
  };

  void on_started(const messages::TestCaseStarted& started);
  void on_step(const messages::TestStepFinished& finished);
  void on_attachment(const messages::Attachment& attachment);
  void on_ended(const messages::TestCaseFinished& finished);
  void on_run_hook(const messages::TestRunHookFinished& finished);
  void on_run_ended(const messages::TestRunFinished& finished);

  Telling* telling(const std::string& started_id);
  void release();
  std::string headings(const Story::Attempt& attempt);
  std::string scenario_heading(const Story::Attempt& attempt, Telling& telling) const;
  std::string step_lines(const Story::Attempt& attempt, const messages::TestStep& step,
                         const messages::TestStepResult& result, const Telling& telling) const;
  std::string arguments_of(const messages::PickleStep& step, std::size_t margin,
                           Paint colour) const;
  std::string with_place(std::string line, std::size_t width, std::size_t column,
                         const std::string& place) const;
  std::string candidates(const messages::TestStep& step, std::size_t margin) const;

  const Story& story_;
  LineWriter out_;
  Painter paint_;
  std::string command_;
  std::deque<Telling> tellings_;  // in the order of starting; the first is told live
  const Story::Feature* feature_ = nullptr;
  const Story::Rule* rule_ = nullptr;
  std::map<std::string, std::string> run_hooks_;  // started id → hook id
  std::vector<std::string> snippets_;
  std::string run_attached_;
};

}  // namespace muster::report
