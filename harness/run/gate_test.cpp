#include "run/gate.hpp"

#include <gtest/gtest.h>

#include "run/tier.hpp"

namespace muster::run {
namespace {

Gate always(bool fails, const std::string& reason) {
  return [=](const std::vector<std::string>&) { return Closed{fails, reason}; };
}

TEST(Gate, TheOneThatFailsGoesFirst) {
  const Gate open = [](const std::vector<std::string>&) { return std::nullopt; };
  EXPECT_FALSE(all_of({open})({}));
  EXPECT_EQ(all_of({open, always(false, "a"), always(false, "b")})({})->reason, "a");
  EXPECT_EQ(all_of({always(false, "a"), always(true, "b")})({})->reason, "b");
}

TEST(Tier, SkipsWhatIsAboveWithTheReason) {
  const auto closed = [](const char* highest, const std::vector<std::string>& tags) {
    const auto verdict = tier_gate(*Tier::parse(highest))(tags);
    return verdict ? verdict->reason : std::string("open");
  };
  EXPECT_EQ(closed("0", {}), "open");
  EXPECT_EQ(closed("0", {"@tier-0", "@slow"}), "open");
  EXPECT_EQ(closed("0", {"@tier-0", "@tier-1"}), "tier 1 is above --tier 0");
  EXPECT_EQ(closed("1", {"@tier-1"}), "open");
  EXPECT_EQ(closed("7", {"@tier-cai"}), "tier cai is above --tier 7");
  EXPECT_EQ(closed("cai", {"@tier-cai", "@tier-3"}), "open");
  EXPECT_NE(closed("cai", {"@tier-kai"}), "open");
}

TEST(Tier, IsANumberOrCai) {
  for (const char* bad : {"", "-1", "x", "1x", "99999999999"})
    EXPECT_FALSE(Tier::parse(bad)) << bad;
}

}  // namespace
}  // namespace muster::run
