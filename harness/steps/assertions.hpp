#pragma once

#include <memory>
#include <string>
#include <vector>

namespace muster::steps {

/// A failed EXPECT_*.
struct AssertionFailure {
  std::string file;
  int line = 0;
  std::string text;
};

/// Removes GoogleTest's own printer: what nobody collects must not reach stdout, which belongs to
/// the reports.
void silence_googletest();

/// Collects failures of GoogleTest's EXPECT_* of all threads of this process while it lives.
class AssertionCollector {
 public:
  AssertionCollector();
  ~AssertionCollector();
  AssertionCollector(const AssertionCollector&) = delete;
  AssertionCollector& operator=(const AssertionCollector&) = delete;

  /// The failures since the last call.
  std::vector<AssertionFailure> take();

 private:
  class Reporter;
  std::unique_ptr<Reporter> reporter_;
};

}  // namespace muster::steps
