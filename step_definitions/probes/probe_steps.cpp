// Steps that misbehave in every way a body can: the isolation of the engine is tried with them.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>

#include "muster/step.hpp"

using namespace muster;

namespace {

/// A fixture that says when it dies.
struct Counter {
  explicit Counter(Scenario&) {}
  int value = 0;
};

volatile int* nowhere = nullptr;

int overflow(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  // an end that no stack lives to see, so that compilers believe in it
  return depth == std::numeric_limits<int>::max() ? 0 : frame[0] + overflow(depth + 1);
}

}  // namespace

STEP("a step that passes") = [](Counter& counter) { ++counter.value; };
STEP("{int} steps have passed") = [](Counter& counter, int wanted) {
  EXPECT_EQ(counter.value, wanted);
};
STEP("a step dereferences null") = [] {
  std::printf("about to dereference null\n");
  *nowhere = 1;
};
STEP("a step throws 42") = [] { throw 42; };
STEP("a step calls exit with {int}") = [](int status) { std::exit(status); };
STEP("a step never returns", timeout(std::chrono::milliseconds(300))) = [] {
  while (true) std::this_thread::yield();
};
STEP("a step waits for ever in a coroutine",
     timeout(std::chrono::milliseconds(300))) = []() -> Task<> {
  boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                  boost::asio::steady_timer::time_point::max());
  co_await never.async_wait(boost::asio::use_awaitable);
};
STEP("a step overflows the stack") = [] { EXPECT_EQ(overflow(0), 0); };
STEP("two expectations fail") = [] {
  EXPECT_EQ(1, 2);
  EXPECT_TRUE(false) << "the second";
};
STEP("a requirement fails in a coroutine") = []() -> Task<> {
  REQUIRE_EQ(1, 2);
  co_return;
};
STEP("a step is pending") = [] { pending("later"); };
STEP("a step skips the rest") = [] { skip("not here"); };
STEP("an ambiguous step") = [] {};
STEP("an ambiguous {word}") = [](std::string) {};
STEP("a table sums to {int}:") = [](int sum, const Table& table) {
  int total = 0;
  for (const auto& row : table.hashes()) total += std::stoi(row.at("n"));
  EXPECT_EQ(total, sum);
};
STEP("a doc string of {int} bytes:") = [](int bytes, const DocString& text) {
  EXPECT_EQ(text.content.size(), static_cast<std::size_t>(bytes));
};
