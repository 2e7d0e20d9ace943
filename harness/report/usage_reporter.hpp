#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "report/line_writer.hpp"
#include "report/reporter.hpp"
#include "report/story.hpp"

namespace muster::report {

/// `usage`: how often each step definition was used and how long it took, the slowest mean first,
/// with the places of its slowest steps; then the definitions that no step used.
class UsageReporter final : public Reporter {
 public:
  UsageReporter(const Story& story, LineWriter out) : story_(story), out_(std::move(out)) {}

  void on(const messages::Envelope& envelope) override;
  Result<void> finish() override;

 private:
  struct Use {
    std::int64_t duration_ns = 0;
    std::string place, text;
  };
  struct Usage {
    std::int64_t used = 0, timed = 0, total_ns = 0;
    std::vector<Use> slowest;  // at most kShown, the slowest first
    std::int64_t mean_ns() const { return timed > 0 ? total_ns / timed : 0; }
  };

  void on_step(const messages::TestStepFinished& finished);
  std::string table() const;

  const Story& story_;
  LineWriter out_;
  std::unordered_map<std::string, Usage> usages_;  // by the id of the definition
};

}  // namespace muster::report
