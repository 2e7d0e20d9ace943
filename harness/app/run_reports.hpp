#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/tally.hpp"
#include "base/result.hpp"
#include "journal/journal.hpp"
#include "messages/messages.hpp"
#include "report/format.hpp"

namespace muster::app {

/// Where a run's messages and observations go: the reports that the user asked for, and the
/// journal.
class RunReports {
 public:
  /// Opens the reports of `--format NAME[:FILE]`… Errors: `format_unknown`, `format_file`,
  /// `colour_option`, those of report::open_reports. From here on a reader that goes away is an
  /// error of writing and no signal.
  /// `command` is how scenarios are run again, e.g. `muster run`.
  static Result<std::unique_ptr<RunReports>> open(const std::vector<std::string>& formats,
                                                  const std::string& color,
                                                  const std::string& command);

  /// From now on messages and observations are kept in the journal too; what came before is added.
  void record_in(journal::Journal& journal);

  void on(const messages::Envelope& envelope);
  /// The last message as a line of NDJSON, with its end.
  const std::string& line() const { return line_; }
  /// One observation, as JSON; HATCH events that were recorded go to the journal's hatch.jsonl as
  /// well.
  void observe(const std::string& line);

  /// Nothing more comes for the moment: what was told so far can be seen by others.
  void flush();

  /// Ends every report. The first error of writing, of reports or journal, if there was one.
  Result<void> finish();

  /// Counts by result word: of scenarios, each by its last attempt, with `flaky` and `not run`; of
  /// steps.
  std::map<std::string, std::int64_t> scenarios() const;
  std::map<std::string, std::int64_t> steps() const;
  const Tally& tally() const { return tally_; }

 private:
  explicit RunReports(std::unique_ptr<report::Reports> reports) : reports_(std::move(reports)) {}
  void keep(const Result<void>& written);

  std::unique_ptr<report::Reports> reports_;
  journal::Journal* journal_ = nullptr;
  std::string early_;  ///< lines, before there is a journal
  std::string line_;
  Tally tally_;
  Result<void> written_;
};

}  // namespace muster::app
