#include "app/env_config_wizard.hpp"

#include <gmock/gmock.h>

#include <deque>

namespace muster::app {
namespace {

/// Answers in order; left when there are none any more.
struct Answers {
  std::deque<std::string> left;
  std::vector<std::string> questions;
  std::string told;

  Ask ask() {
    return [this](const std::string& question, const std::string&) -> std::optional<std::string> {
      questions.push_back(question);
      if (left.empty()) return std::nullopt;
      std::string answer = left.front();
      left.pop_front();
      return answer;
    };
  }
  bool run(config::ManagedKeys& keys) {
    return run_config_wizard(
        ask(), [this](const std::string& text) { told += text + "\n"; }, keys);
  }
};

TEST(ConfigWizard, MakesServicesOfAnswers) {
  Answers answers{
      {"api", "serve {port}", "8080", "http:/health", "y", "worker", "work", "", "", "n", "y"},
      {},
      {}};
  config::ManagedKeys keys;
  ASSERT_TRUE(answers.run(keys));
  EXPECT_EQ(config::write_managed_keys(keys),
            "[[service]]\nname = \"api\"\ncommand = \"serve {port}\"\nport = 8080\n"
            "ready = [\"http:/health\"]\n"
            "[[service]]\nname = \"worker\"\ncommand = \"work\"\n");
  EXPECT_THAT(answers.told, ::testing::HasSubstr("[[service]]")) << "shown before it is written";
}

TEST(ConfigWizard, AsksAgainWhatDoesNotFit) {
  Answers answers{
      {"a b", "web", "", "serve", "70000", "none", "soon", "none", "maybe", "n", "y"}, {}, {}};
  config::ManagedKeys keys;
  ASSERT_TRUE(answers.run(keys)) << answers.told;
  EXPECT_EQ(config::write_managed_keys(keys), "[[service]]\nname = \"web\"\ncommand = \"serve\"\n");
  for (const char* against : {"a name is", "needs a command", "a port is", "y or n"})
    EXPECT_THAT(answers.told, ::testing::HasSubstr(against));
}

TEST(ConfigWizard, LeavesNothingWhenItIsLeft) {
  const std::deque<std::string> all{"web", "serve", "none", "none", "n", "y"};
  for (std::size_t count = 0; count < all.size(); ++count) {
    Answers answers{{all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)}, {}, {}};
    config::ManagedKeys keys;
    EXPECT_FALSE(answers.run(keys)) << count;
    EXPECT_TRUE(keys.empty());
  }
  Answers refused{{"web", "serve", "none", "none", "n", "n"}, {}, {}};
  config::ManagedKeys keys;
  EXPECT_FALSE(refused.run(keys));
  EXPECT_TRUE(keys.empty());
}

}  // namespace
}  // namespace muster::app
