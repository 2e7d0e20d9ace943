#pragma once

#include <string>
#include <utility>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"
#include "report/scenario_text.hpp"
#include "report/summary.hpp"

namespace muster::report {

/// `summary`: the scenarios that did not pass, as `pretty` tells them, then the summary. What
/// passes costs nothing.
class SummaryReporter final : public Reporter {
 public:
  SummaryReporter(const Story& story, LineWriter out, bool colour, std::string command)
      : story_(story),
        out_(std::move(out)),
        text_(story, Painter(colour)),
        closing_(story, Painter(colour), std::move(command)) {}

  void on(const messages::Envelope& envelope) override;
  void quiet() override { out_.flush(); }
  Result<void> finish() override { return out_.finish(); }

 private:
  void on_ended(const messages::TestCaseFinished& finished);

  const Story& story_;
  LineWriter out_;
  ScenarioText text_;
  Closing closing_;
};

/// The text of an attempt that is worth telling: it did not pass, and was not skipped. Else
/// nothing.
std::string failure_text(const ScenarioText& text, const Attempt& attempt);

}  // namespace muster::report
