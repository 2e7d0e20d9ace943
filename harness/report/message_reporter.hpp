#pragma once

#include <string>
#include <utility>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"

namespace muster::report {

/// `message`: Cucumber Messages as NDJSON, live: a line leaves at once when somebody may be
/// looking, else with its test case.
class MessageReporter final : public Reporter {
 public:
  explicit MessageReporter(LineWriter out) : out_(std::move(out)) {}
  void on(const messages::Envelope& envelope) override;
  void quiet() override { out_.flush(); }
  Result<void> finish() override { return out_.finish(); }

 private:
  LineWriter out_;
  std::string line_;
};

}  // namespace muster::report
