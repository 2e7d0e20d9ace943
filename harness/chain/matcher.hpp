#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

#include "chain/builder.hpp"
#include "chain/report.hpp"
#include "chain/watch.hpp"

namespace muster::chain {

/// A GoogleMock matcher for events in their order: `EXPECT_THAT(sink.events(), KeepsChain(made))`,
/// for containers of `events::Event` or of pointers to them. `made` is what `build::chain` or
/// `Chain::parse` gave; a chain with an error matches nothing. Bounds count from the first event.
/// What does not match is explained as in a scenario: gap and ladder.
class ChainMatcher {
 public:
  explicit ChainMatcher(Result<std::shared_ptr<const Chain>> chain) : chain_(std::move(chain)) {}

  template <class Events>
  bool MatchAndExplain(const Events& events, ::testing::MatchResultListener* listener) const {
    if (!chain_) {
      *listener << "the chain is wrong: " << render(chain_.error());
      return false;
    }
    std::unique_ptr<Watch> watch;
    for (const auto& one : events) {
      auto event = pointer_to(one);
      if (!watch)
        watch =
            std::make_unique<Watch>(*chain_, WatchOptions{event->recv_mono_ns, std::nullopt, true});
      watch->take(std::move(event));
    }
    if (!watch) {
      *listener << "no event came";
      return false;
    }
    watch->settle(watch->now_ns());
    if (watch->verdict() == Verdict::satisfied) return true;
    *listener << "\n" << explain(*watch, {}, {}).text;
    return false;
  }
  void DescribeTo(std::ostream* out) const { *out << "keeps the chain"; }
  void DescribeNegationTo(std::ostream* out) const { *out << "does not keep the chain"; }

 private:
  static std::shared_ptr<const events::Event> pointer_to(const events::Event& event) {
    return std::make_shared<const events::Event>(event);
  }
  static std::shared_ptr<const events::Event> pointer_to(
      const std::shared_ptr<const events::Event>& event) {
    return event;
  }

  Result<std::shared_ptr<const Chain>> chain_;
};

inline ::testing::PolymorphicMatcher<ChainMatcher> KeepsChain(
    Result<std::shared_ptr<const Chain>> chain) {
  return ::testing::MakePolymorphicMatcher(ChainMatcher(std::move(chain)));
}

}  // namespace muster::chain
