#include "steps/assertions.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <mutex>
#include <utility>

namespace muster::steps {

class AssertionCollector::Reporter final : public testing::ScopedFakeTestPartResultReporter {
 public:
  Reporter() : ScopedFakeTestPartResultReporter(INTERCEPT_ALL_THREADS, nullptr) {}

  void ReportTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    const std::lock_guard lock(mutex_);
    failures_.push_back({result.file_name() != nullptr ? result.file_name() : "",
                         result.line_number(), result.message()});
  }

  std::vector<AssertionFailure> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(failures_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<AssertionFailure> failures_;
};

AssertionCollector::AssertionCollector() : reporter_(std::make_unique<Reporter>()) {}

AssertionCollector::~AssertionCollector() = default;

std::vector<AssertionFailure> AssertionCollector::take() {
  return reporter_->take();
}

void silence_googletest() {
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
}

}  // namespace muster::steps
