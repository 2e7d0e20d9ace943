#include "muster/binding.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "muster/step.hpp"
#include "steps/body.hpp"
#include "steps/host.hpp"
#include "steps/library.hpp"

namespace muster {
namespace {

enum class Tier { solo, team };

}  // namespace

template <>
struct Parameter<Tier> {
  static constexpr std::string_view names[] = {"tier"};
  static constexpr std::string_view pattern = "solo|team";
  static Result<Tier> parse(const Captures& captures) {
    if (captured_text(captures) == "team") return error("no_team", "teams are not served");
    return Tier::solo;
  }
};

namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = steps::BodyResult::Kind;

/// A host without a service thread: what bodies in these tests never ask for.
class BareHost final : public steps::Host, public Observer {
 public:
  const steps::RunInfo& run() const override { return info_; }
  boost::asio::any_io_executor service() override { return {}; }
  Observer& observer() override { return *this; }
  void observe(Observation) override {}
  void attach(const Attachment& it) override { attached.emplace_back(it.body); }
  std::chrono::steady_clock::time_point deadline() const override {
    return std::chrono::steady_clock::now() + milliseconds(1000);
  }
  void announce_group(const Json&) override {}
  void announce_engine(const std::string&) override {}
  detail::FixtureStore& run_fixtures() override { return run_fixtures_; }
  std::uint64_t observed() const override { return 0; }
  void wait_observed(std::uint64_t, std::chrono::steady_clock::time_point) override {}
  steps::Extension* extension(std::type_index) override { return nullptr; }
  void wait_on_service(std::function<boost::asio::awaitable<void>()>) override {}

  std::vector<std::string> attached;

 private:
  steps::RunInfo info_;
  detail::FixtureStore run_fixtures_;
};

std::vector<std::string> lives;

struct Inner {
  explicit Inner(Scenario&) { lives.emplace_back("inner made"); }
  ~Inner() { lives.emplace_back("inner gone"); }
  int count = 0;
};
struct Outer {
  explicit Outer(Scenario& scenario) : inner(scenario.get<Inner>()) {
    lives.emplace_back("outer made");
  }
  ~Outer() { lives.emplace_back("outer gone"); }
  Inner& inner;
};
struct Circular {
  explicit Circular(Scenario& scenario) { scenario.get<Circular>(); }
};

int seen = 0;

GIVEN("{int} things of {tier} in {string}") = [](Outer& outer, int n, Tier, std::string text) {
  outer.inner.count += n;
  seen = n * static_cast<int>(text.size());
};
WHEN("it fails twice") = [] {
  EXPECT_EQ(1, 2);
  EXPECT_EQ(3, 4);
};
WHEN("it throws {int}") = [](int value) { throw value; };
WHEN("it awaits") = []() -> Task<> {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, milliseconds(1));
  co_await timer.async_wait(boost::asio::use_awaitable);
  REQUIRE_EQ(1, 2);
};
WHEN("it hangs in a coroutine") = []() -> Task<> {
  boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                  std::chrono::steady_clock::time_point::max());
  co_await never.async_wait(boost::asio::use_awaitable);
};
/// An executor of another thread, as the service thread's is for a worker.
boost::asio::io_context& elsewhere() {
  static boost::asio::io_context context(1);
  return context;
}
WHEN("it awaits another thread") = []() -> Task<> {
  const auto work = []() -> Task<> { co_return; };
  co_await boost::asio::co_spawn(elsewhere(), work, boost::asio::use_awaitable);
};
WHEN("it is pending") = [] { pending("not yet"); };
WHEN("it is circular") = [](Circular&) {};
THEN("^a (\\d+) b (.*)$") = [](int n, std::string rest) {
  seen = n + static_cast<int>(rest.size());
};
THEN("all of:") = [](const Table& table) { seen = static_cast<int>(table.hashes().size()); };
BEFORE("@b", order(2)) = [] {};
BEFORE("@b", order(1), name("first")) = [](Inner&) {};
AFTER(order(1)) = [] {};
AFTER(order(2)) = [] {};

const steps::Library& library() {
  static const auto compiled = steps::Library::compile(steps::registered());
  return std::get<steps::Library>(compiled);
}

class Bodies : public testing::Test {
 protected:
  steps::BodyResult play(std::string_view text, milliseconds within = milliseconds(1000)) {
    const auto matches = library().match(text);
    EXPECT_EQ(matches.size(), 1u) << text;
    detail::Call call;
    call.scenario = &scenario_;
    for (const auto& argument : matches.at(0).match.arguments) {
      call.arguments.push_back(Captures{expressions::plain_text(argument)});
    }
    call.table = table ? &*table : nullptr;
    const auto& step = library().steps.at(matches[0].definition);
    steps::AssertionCollector assertions;
    return steps::run_body(step.body, step.invoke, call,
                           steps::Deadline(std::chrono::steady_clock::now() + within), assertions);
  }

  void SetUp() override {
    lives.clear();
    seen = 0;
  }

  std::optional<Table> table;
  BareHost host_;
  Scenario scenario_{{"name", "uri", 1, {"@b"}}, host_};
};

TEST_F(Bodies, ValuesAndFixturesReachTheBody) {
  EXPECT_EQ(play("3 things of solo in \"ab\"").kind, Kind::passed);
  EXPECT_EQ(seen, 6);
  EXPECT_EQ(scenario_.get<Inner>().count, 3);
  EXPECT_EQ(play("a 7 b xyz").kind, Kind::passed);
  EXPECT_EQ(seen, 10);
}

TEST_F(Bodies, FixturesDieInReverseOrder) {
  play("3 things of solo in \"ab\"");
  scenario_.destroy_fixtures();
  EXPECT_THAT(lives, ElementsAre("inner made", "outer made", "outer gone", "inner gone"));
}

TEST_F(Bodies, AFixtureThatNeedsItselfIsRefused) {
  EXPECT_THAT(play("it is circular").message, HasSubstr("needs itself"));
}

TEST_F(Bodies, AnArgumentThatIsNoValueFailsTheStep) {
  const auto result = play("3 things of team in \"ab\"");
  EXPECT_EQ(result.kind, Kind::failed);
  EXPECT_EQ(result.code, "no_team");
  EXPECT_THAT(result.message, HasSubstr("argument 2 (\"team\"): teams are not served"));
}

TEST_F(Bodies, EveryFailedExpectationIsTold) {
  const auto result = play("it fails twice");
  EXPECT_EQ(result.kind, Kind::failed);
  EXPECT_THAT(result.message, HasSubstr("1\n  2"));
  EXPECT_THAT(result.message, HasSubstr("3\n  4"));
}

TEST_F(Bodies, WhateverIsThrownIsTold) {
  const auto result = play("it throws 42");
  EXPECT_EQ(result.message, "threw 42 of type int");
  EXPECT_EQ(result.exception_type, "int");
}

TEST_F(Bodies, ACoroutineFailsByRequirement) {
  const auto result = play("it awaits");
  EXPECT_EQ(result.kind, Kind::failed);
  EXPECT_THAT(result.message, HasSubstr("binding_test.cpp"));
}

TEST_F(Bodies, ACoroutineIsCancelledAtItsDeadline) {
  EXPECT_EQ(play("it hangs in a coroutine", milliseconds(20)).code, "timed_out");
}

TEST_F(Bodies, AnotherThreadMayStillTouchTheContextOfABodyThatHasEnded) {
  auto guard = boost::asio::make_work_guard(elsewhere());
  std::thread service([] { elsewhere().run(); });
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_EQ(play("it awaits another thread", milliseconds(5'000)).kind, Kind::passed);
  }
  guard.reset();
  service.join();
}

TEST_F(Bodies, PendingIsNoFailure) {
  const auto result = play("it is pending");
  EXPECT_EQ(result.kind, Kind::pending);
  EXPECT_EQ(result.message, "not yet");
}

TEST_F(Bodies, ATableIsRequired) {
  EXPECT_EQ(play("all of:").code, "missing_argument");
  table = Table({{"a"}, {"1"}, {"2"}});
  EXPECT_EQ(play("all of:").kind, Kind::passed);
  EXPECT_EQ(seen, 2);
}

TEST(Library, HooksAreOrdered) {
  const auto before = library().hooks_for(detail::HookKind::before, {"@b"});
  ASSERT_EQ(before.size(), 2u);
  EXPECT_EQ(library().hooks[before[0]].definition.name, "first");
  EXPECT_TRUE(library().hooks_for(detail::HookKind::before, {}).empty());
  const auto after = library().hooks_for(detail::HookKind::after, {});
  ASSERT_EQ(after.size(), 2u);
  EXPECT_EQ(library().hooks[after[0]].definition.order, 2);
}

TEST(Library, AnUndefinedParameterTypeLeavesItsDefinitionOut) {
  steps::Registered some;
  detail::StepDefinition step;
  step.text = "ärger with {airport} again";
  step.file = "x.cpp";
  step.line = 7;
  some.steps.push_back(step);
  step.text = "a step";
  some.steps.push_back(step);
  const auto compiled = steps::Library::compile(some);
  const auto& made = std::get<steps::Library>(compiled);
  ASSERT_EQ(made.steps.size(), 1u);
  EXPECT_EQ(made.match("a step").size(), 1u);
  ASSERT_EQ(made.undefined_types.size(), 1u);
  EXPECT_EQ(made.undefined_types[0].name, "airport");
  EXPECT_EQ(made.undefined_types[0].problem.place.line, 7);
}

TEST(Library, ErrorsAreLocatedAtTheDefinition) {
  steps::Registered bad;
  detail::StepDefinition step;
  step.text = "an {int";
  step.file = "x.cpp";
  step.line = 7;
  bad.steps.push_back(step);
  const auto compiled = steps::Library::compile(bad);
  const auto& problems = std::get<std::vector<Diagnostic>>(compiled);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].place.uri, "x.cpp");
  EXPECT_EQ(problems[0].place.line, 7);
}

TEST(Library, DigestDependsOnTheStepsAndNotOnTheirOrder) {
  steps::Registered a = steps::registered();
  steps::Registered b = a;
  std::reverse(b.steps.begin(), b.steps.end());
  const auto digest = [](const steps::Registered& it) {
    return std::get<steps::Library>(steps::Library::compile(it)).digest;
  };
  EXPECT_EQ(digest(a), digest(b));
  b.steps.pop_back();
  EXPECT_NE(digest(a), digest(b));
}

TEST(Binding, TextsAreReadAtCompileTime) {
  static_assert(detail::count_values("a {int} b {} \\{c}") == 2);
  static_assert(detail::brace_name("a {int} b {word}", 1) == "word");
  static_assert(detail::count_values("^a (\\d+) (?:b) (c) [(] \\($") == 2);
  static_assert(detail::count_values("^(?P<x>a)(?<y>b)(?=c)(?!d)(?<=e)$") == 2);
  SUCCEED();
}

TEST(Fields, AreOneJsonObject) {
  const Fields fields{{"a", "x\"y"},
                      {"b", 3},
                      {"c", true},
                      {"d", std::vector<std::string>{"p", "q"}},
                      {"e", Fields{{"f", 1.5}}}};
  EXPECT_EQ(fields.json(), R"({"a":"x\"y","b":3,"c":true,"d":["p","q"],"e":{"f":1.5}})");
}

}  // namespace
}  // namespace muster
