#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"

namespace muster::report {

/// `message`: Cucumber Messages as NDJSON, live: what is there leaves as soon as nothing more
/// comes.
class MessageReporter final : public Reporter {
 public:
  explicit MessageReporter(LineWriter out) : out_(std::move(out)) {}
  void on(const messages::Envelope& envelope) override;
  void on_line(const messages::Envelope&, std::string_view line) override { out_.write(line); }
  void quiet() override { out_.flush(); }
  Result<void> finish() override { return out_.finish(); }

 private:
  LineWriter out_;
  std::string line_;
};

}  // namespace muster::report
