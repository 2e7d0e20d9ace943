#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "messages/messages.hpp"

namespace muster::report {

/// Takes the messages of a run in their order and makes something of them. Nothing is kept that the
/// messages to come do not need. Not for several threads.
class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void on(const messages::Envelope& envelope) = 0;
  /// The same message from somebody who has its line of NDJSON already, with its end.
  virtual void on_line(const messages::Envelope& envelope, std::string_view) { on(envelope); }
  /// Nothing more comes for the moment: what waits only to be written together may leave.
  virtual void quiet() {}
  /// After the last message; answers the first error of writing.
  virtual Result<void> finish() = 0;
};

/// Hands every message to several reporters in turn.
class Tee final : public Reporter {
 public:
  void add(std::unique_ptr<Reporter> reporter) { reporters_.push_back(std::move(reporter)); }
  void on(const messages::Envelope& envelope) override {
    for (const auto& reporter : reporters_) reporter->on(envelope);
  }
  void on_line(const messages::Envelope& envelope, std::string_view line) override {
    for (const auto& reporter : reporters_) reporter->on_line(envelope, line);
  }
  void quiet() override {
    for (const auto& reporter : reporters_) reporter->quiet();
  }
  /// Finishes all, whatever one of them answers.
  Result<void> finish() override {
    Result<void> first;
    for (const auto& reporter : reporters_)
      if (Result<void> finished = reporter->finish(); !finished && first) first = finished;
    return first;
  }

 private:
  std::vector<std::unique_ptr<Reporter>> reporters_;
};

}  // namespace muster::report
