// Bearers and sessions that must not be taken.
#include <functional>
#include <set>

#include "fixtures/worlds/byte_notation.hpp"
#include "fixtures/worlds/console.hpp"
#include "fixtures/worlds/credentials.hpp"
#include "fixtures/worlds/disturbances.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

/// What was answered to each kind has to be the same refusal.
void expect_one_refusal(const Table& kinds,
                        const std::function<std::vector<RawAnswer>(const std::string&)>& present) {
  std::set<std::string> answers;
  for (const auto& row : kinds.rows()) {
    const auto all = present(row.at(0));
    EXPECT_FALSE(all.empty()) << row.at(0);
    for (const RawAnswer& answer : all) {
      EXPECT_EQ(answer.status(), 401) << row.at(0) << ": " << shown(answer.bytes);
      EXPECT_TRUE(answer.closed) << row.at(0);
      answers.insert(answer.without_date());
    }
  }
  EXPECT_EQ(answers.size(), 1U) << "the answers differ, so that they tell why";
}

}  // namespace

GIVEN("ralph's old key has expired, and the console signs with a new one") =
    [](Lifecycle& lifecycle) { lifecycle.faults().keys = SystemFaults::Keys::retired; };

THEN("ralph answers all of these bearers with 401 and the same bytes:",
     timeout(std::chrono::seconds(20))) = [](Credentials& credentials, const Table& kinds) {
  expect_one_refusal(kinds,
                     [&](const std::string& kind) { return credentials.present_bearer(kind); });
};

THEN("the console answers all of these sessions with 401 and the same bytes:",
     timeout(std::chrono::seconds(20))) = [](Credentials& credentials, const Table& kinds) {
  expect_one_refusal(kinds,
                     [&](const std::string& kind) { return credentials.present_session(kind); });
};

THEN("ralph answers {int} to a genuine bearer over a body that is no JSON") =
    [](Credentials& credentials, int status) {
      const RawAnswer answer = credentials.present_genuine("{\"workspace\":");
      EXPECT_EQ(answer.status(), status) << shown(answer.bytes);
    };

STEP("ralph answers {int} to a genuine bearer of the key {word}") =
    [](Credentials& credentials, int status, std::string kid) {
      const RawAnswer answer = credentials.present_genuine(Credentials::good_body(), kid);
      EXPECT_EQ(answer.status(), status) << shown(answer.bytes);
    };

THEN("ralph has begun {int} run(s)") = [](Credentials& credentials, int count) {
  EXPECT_EQ(credentials.runs_begun(), static_cast<std::size_t>(count));
};

THEN("the sink has recorded {int} {string}") = [](Credentials& credentials, int count,
                                                  std::string event) {
  EXPECT_EQ(credentials.recorded(event), static_cast<std::size_t>(count));
};

WHEN("a run that is refused with {int} is submitted for workspace {slug}") =
    [](Console& console, int status, Slug slug) {
      console.submit({{"workspace", slug}, {"prompts", std::vector<std::string>{"one"}}})
          .expect(status);
    };
