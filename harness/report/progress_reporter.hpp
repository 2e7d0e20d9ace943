#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"
#include "report/scenario_text.hpp"
#include "report/summary.hpp"

namespace muster::report {

/// `progress`: a character per step (`.` passed, `F` failed, `-` skipped, `P` pending, `U`
/// undefined, `A` ambiguous, `?` unknown; hooks only when they did not pass), then the scenarios
/// that did not pass, then the summary.
class ProgressReporter final : public Reporter {
 public:
  ProgressReporter(const Story& story, LineWriter out, bool colour, std::string command)
      : story_(story),
        out_(std::move(out)),
        text_(story, Painter(colour)),
        closing_(story, Painter(colour), std::move(command)) {}

  void on(const messages::Envelope& envelope) override;
  void quiet() override { out_.flush_piece(); }
  Result<void> finish() override { return out_.finish(); }

 private:
  void on_step(const messages::TestStepFinished& finished);
  void on_run_ended(const messages::TestRunFinished& finished);

  const Story& story_;
  LineWriter out_;
  ScenarioText text_;
  Closing closing_;
  std::size_t column_ = 0;
  std::string failures_;
};

}  // namespace muster::report
