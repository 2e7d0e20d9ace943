#include "runtimes/version.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "runtimes/constraint.hpp"

namespace muster::runtimes {
namespace {

struct Case {
  const char* version;
  const char* constraint;
  bool matches;
};

class Constraints : public ::testing::TestWithParam<Case> {};

TEST_P(Constraints, Hold) {
  const auto [version, constraint, matches] = GetParam();
  const Result<bool> answer = satisfies(version, constraint);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(*answer, matches) << version << " against " << constraint;
}

INSTANTIATE_TEST_SUITE_P(
    Operators, Constraints,
    ::testing::Values(Case{"3.13.0", "~3.12", false}, Case{"3.12.5", "~3.12", true},
                      Case{"3.12.5", "~3.12.4", true}, Case{"3.12.3", "~3.12.4", false},
                      Case{"3.0.9", "3", true}, Case{"3.1.0", "3", false},
                      Case{"3.12.0", "=3.12", true}, Case{"3.12.1", "=3.12", false},
                      Case{"3.12.1", "==3.12.1", true}, Case{"3.12.2", "=3.12.1", false},
                      Case{"0.3.9", "^0.3", true}, Case{"0.4.0", "^0.3", false},
                      Case{"0.0.3", "^0.0.3", true}, Case{"0.0.4", "^0.0.3", false},
                      Case{"1.9.9", "^1.2.3", true}, Case{"1.2.2", "^1.2.3", false},
                      Case{"16.20.0", ">=18", false}, Case{"18.0.0", "<18", false},
                      Case{"17.99.99", "<18", true}, Case{"3.12.5", ">= 3.12 , < 4.0", true},
                      Case{"3.12.5", ">=v3.12,", true}, Case{"3.14.0", ">=3.12,<3.14", false}));

INSTANTIATE_TEST_SUITE_P(
    Wildcards, Constraints,
    ::testing::Values(Case{"0.0.1", "*", true}, Case{"999.0.0", " ", true},
                      Case{"3.99.0", "3.*", true}, Case{"4.0.0", "3.*", false},
                      Case{"3.12.9", "=3.12.*", true}, Case{"3.13.0", "3.12.x", false},
                      Case{"4.0.0", ">3.*", true}, Case{"3.99.0", ">3.*", false},
                      Case{"3.99.0", "<=3.*", true}, Case{"4.0.0", "<=3.*", false},
                      Case{"0.9.0", "^0.*", true}, Case{"1.0.0", "^0.*", false},
                      Case{"3.12.0", ">=*", true}));

INSTANTIATE_TEST_SUITE_P(PreReleases, Constraints,
                         ::testing::Values(Case{"3.13.0-rc.1", ">=3.12", false},
                                           Case{"3.13.0-rc.1", "*", false},
                                           Case{"3.13.0-rc.1", "~3.13", false},
                                           Case{"3.13.0-rc.1", ">=3.13.0-beta", true},
                                           Case{"3.13.0", ">=3.13.0-beta", true},
                                           Case{"3.13.0-alpha", ">=3.13.0-beta", false},
                                           Case{"3.13.1-rc.1", ">=3.13.0-beta", false},
                                           Case{"3.13.0-rc.1", "=3.13.0-rc.1", true},
                                           Case{"4.0.0-rc.1", "<4.0.0", false},
                                           Case{"3.13.0rc1", "=3.13.0-rc1", true},
                                           Case{"3.13.0+build.5", "=3.13", true}));

TEST(Version, IsReadLeniently) {
  const auto read = [](const char* text) {
    const Result<Version> version = parse_version(text);
    return version.ok() ? to_string(*version) : version.error().code;
  };
  EXPECT_EQ(read("3"), "3.0.0");
  EXPECT_EQ(read("  v3.12 "), "3.12.0");
  EXPECT_EQ(read("1.2.3.4"), "1.2.3");
  EXPECT_EQ(read("1.8.0_292"), "1.8.0");
  EXPECT_EQ(read("22.04"), "22.4.0");
  EXPECT_EQ(read("3.13.0a4"), "3.13.0-a4");
  EXPECT_EQ(read("18446744073709551615.0.0"), "18446744073709551615.0.0");
  for (const char* bad : {"", "v", "not-a-version", "3.", ".3", "3..1", "3.12.1-", "3.12.1-a..b",
                          "3.12 beta", "-1.0", "18446744073709551616", "3.12.1-\xff", "3,12"})
    EXPECT_EQ(read(bad), "bad_version") << bad;
}

TEST(Version, HasTheOrderOfSemanticVersioning) {
  const std::vector<const char*> ascending{"1.0.0-alpha",
                                           "1.0.0-alpha.1",
                                           "1.0.0-alpha.beta",
                                           "1.0.0-beta",
                                           "1.0.0-beta.2",
                                           "1.0.0-beta.11",
                                           "1.0.0-rc.1",
                                           "1.0.0",
                                           "1.0.1",
                                           "1.1.0",
                                           "1.10.0",
                                           "2.0.0-99999999999999999999",
                                           "2.0.0-100000000000000000000",
                                           "2.0.0"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const int order = parse_version(ascending[i])->compare(*parse_version(ascending[j]));
      EXPECT_EQ(order < 0, i < j) << ascending[i] << " and " << ascending[j];
      EXPECT_EQ(order == 0, i == j) << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(Constraint, NamesThePartThatIsWrong) {
  for (const char* bad :
       {">=", ">=3.12,!4", "=>3", "3.*.1", "three", "~", ">*", "<*", "3.12.1.*"}) {
    const Result<Constraint> constraint = Constraint::parse(bad);
    ASSERT_FALSE(constraint.ok()) << bad;
    EXPECT_EQ(constraint.error().code, "bad_constraint");
  }
  EXPECT_NE(Constraint::parse(">=3.12,!4").error().message.find("'!4'"), std::string::npos);
}

TEST(FindVersion, ReadsWhatProgramsPrint) {
  const auto in = [](const char* text) {
    const std::optional<Version> found = find_version(text);
    return found ? to_string(*found) : "none";
  };
  EXPECT_EQ(in("Python 3.11.2\n"), "3.11.2");
  EXPECT_EQ(in("Python 3.13.0rc1"), "3.13.0-rc1");
  EXPECT_EQ(in("v18.19.0"), "18.19.0");
  EXPECT_EQ(in("ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]"), "3.1.2");
  EXPECT_EQ(in("go version go1.19.8 linux/amd64"), "1.19.8");
  EXPECT_EQ(in("openjdk version \"17.0.11\" 2024-04-16"), "17.0.11");
  EXPECT_EQ(in("openjdk version \"21\" 2023-09-19"), "21.0.0");
  EXPECT_EQ(in("\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64"), "5.36.0");
  EXPECT_EQ(in("GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)"), "5.2.15");
  EXPECT_EQ(in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), "15.18.0");
  EXPECT_EQ(in("no number, no version"), "none");
  EXPECT_EQ(in("built 20240416"), "none");
}

TEST(BestVersion, IsTheHighestMatchElseTheDefaultElseTheHighest) {
  const std::vector<VersionChoice> choices{{"3.11.0"}, {"3.12.0", true, true}, {"3.12.5"},
                                           {"3.14.0"}, {"3.15.0", false},      {"3.16.0-rc.1"}};
  const auto best = [](const std::vector<VersionChoice>& among, const char* constraint) {
    const auto found = best_version(among, constraint);
    return found.ok() ? (*found ? among[**found].version : "none") : found.error().code;
  };
  EXPECT_EQ(best(choices, ""), "3.12.0");
  EXPECT_EQ(best(choices, "~3.12"), "3.12.5");
  EXPECT_EQ(best(choices, ">=3.12,<3.14"), "3.12.5");
  EXPECT_EQ(best(choices, "*"), "3.14.0");
  EXPECT_EQ(best(choices, ">=3.15"), "none");
  EXPECT_EQ(best(choices, "x"), "bad_constraint");
  EXPECT_EQ(best({{"3.9.0"}, {"3.10.0"}, {"odd"}}, ""), "3.10.0");
  EXPECT_EQ(best({{"3.9.0", true}, {"3.10.0", false, true}}, ""), "3.9.0");
  EXPECT_EQ(best({{"nightly", true, true}, {"3.9.0"}}, ""), "nightly");
  EXPECT_EQ(best({}, ""), "none");
  EXPECT_EQ(best({{"3.9.0", false}}, ""), "none");
}

}  // namespace
}  // namespace muster::runtimes
