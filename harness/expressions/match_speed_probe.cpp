// What it costs to find the definition of a step text among many.
//   match_speed_probe COUNT   prints {"definitions", "nanoseconds"}: per text, best of several
//   rounds. The texts are those of five definitions that are among any COUNT; all definitions are
//   alike: literal words, {int}, {string}, {word}, every tenth a regular expression.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "expressions/matcher.hpp"

int main(int argc, char** argv) {
  using namespace muster::expressions;
  using Clock = std::chrono::steady_clock;
  const int count = argc > 1 ? std::atoi(argv[1]) : 0;
  if (count < 5) {
    std::fprintf(stderr, "usage: match_speed_probe COUNT, at least 5\n");
    return 2;
  }
  const ParameterTypes types;
  Matcher matcher;
  for (int i = 0; i < count; ++i) {
    const std::string name = "subject" + std::to_string(i);
    const std::string source = i % 10 == 9  ? "^the " + name + " of (\\d+) items is (\\w+)$"
                               : i % 2 == 0 ? "the " + name + " has {int} item(s) in {string}"
                                            : "a/the user {word} asks " + name + " for {int}";
    matcher.add(static_cast<std::size_t>(i), compile(source, types).value_or_throw());
  }
  const std::vector<std::string> texts = {
      "the subject0 has 12 items in \"the cellar\"", "a user anna asks subject1 for 3",
      "the subject2 has 1 item in \"a box\"", "the user bert asks subject3 for -4",
      "the subject4 has 7 items in 'the attic'"};
  double best = 1e18;
  for (int round = 0; round < 20; ++round) {
    constexpr int kTimes = 2000;
    const auto from = Clock::now();
    for (int i = 0; i < kTimes; ++i) {
      for (const auto& text : texts) {
        if (matcher.match(text).size() != 1) return 1;
      }
    }
    const std::chrono::duration<double, std::nano> took = Clock::now() - from;
    best = std::min(best, took.count() / (kTimes * static_cast<double>(texts.size())));
  }
  std::printf("{\"definitions\": %d, \"nanoseconds\": %.0f}\n", count, best);
}
