#pragma once

#include <string>
#include <utility>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"
#include "report/story.hpp"

namespace muster::report {

/// What went wrong with a run as a whole, e.g. a hook of the run.
struct RunProblem {
  std::string name;  ///< `Before all (seed)`, a place of a feature file, `the run`
  std::string type;  ///< `hook`, `parse error`, `undefined parameter type`, `run`
  std::string problem;
};

/// A report that is made of scenarios when they are over. None is lost: what was cut off, never
/// ran, or kept the run from beginning is told too, and a run that ends without a word is a
/// problem.
class CaseReporter : public Reporter {
 public:
  void on(const messages::Envelope& envelope) final;
  void quiet() final { out_.flush(); }
  Result<void> finish() final;

 protected:
  CaseReporter(const Story& story, LineWriter out) : story_(story), out_(std::move(out)) {}

  /// The last attempt of a scenario; those before it are in its planned case.
  virtual void ended(const Attempt& attempt) = 0;
  virtual void not_run(const PlannedCase& planned) = 0;
  virtual void problem(const RunProblem& problem) = 0;
  /// No scenario of the feature is left.
  virtual void feature_over(const Document&) {}
  /// Every message, before anything else is made of it.
  virtual void took(const messages::Envelope&) {}
  /// After the last message.
  virtual void close() {}

  const Story& story() const { return story_; }
  LineWriter& out() { return out_; }
  /// An error of writing elsewhere; the first is what `finish` answers.
  void fail(const Error& error) {
    if (failure_) failure_ = error;
  }

 private:
  void tell(const Attempt& attempt);
  void on_run_hook(const messages::TestRunHookFinished& finished);
  void on_run_ended(const messages::TestRunFinished& finished);

  const Story& story_;
  LineWriter out_;
  Result<void> failure_;
  bool ended_ = false, problems_ = false;
};

}  // namespace muster::report
