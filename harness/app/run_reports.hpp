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

namespace muster::app {

/// Where a run's messages and observations go: the reports that the user asked for, and the
/// journal.
class RunReports {
 public:
  /// Opens the reports of `--format NAME[:FILE]`… Errors: `format_unknown`, `format_file`.
  static Result<std::unique_ptr<RunReports>> open(const std::vector<std::string>& formats,
                                                  const std::string& color);
  virtual ~RunReports() = default;

  /// From now on, and for all that came before, messages are kept in the journal too.
  virtual void record_in(journal::Journal& journal) = 0;

  virtual void on(const messages::Envelope& envelope) = 0;
  /// One observation, as JSON; HATCH events that were recorded go to the journal's hatch.jsonl as
  /// well.
  virtual void observe(const std::string& line, Tally& tally) = 0;

  /// Ends every report. The first error of writing, if there was one.
  virtual Result<void> finish() = 0;

  /// Counts by result word.
  virtual std::map<std::string, std::int64_t> scenarios() const = 0;
  virtual std::map<std::string, std::int64_t> steps() const = 0;
};

}  // namespace muster::app
