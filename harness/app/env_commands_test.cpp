// The checklist "a new command" of CONTRIBUTING.md: alias, dispatch, help, document, scenario.
#include "app/env_commands.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "app/env_route.hpp"
#include "base/text.hpp"
#include "testing/command.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> words_of(const EnvCommand& command) {
  std::vector<std::string> words{std::string(command.name)};
  if (!command.aliases.empty())
    for (const std::string& alias : split(command.aliases, ',')) words.push_back(alias);
  return words;
}

TEST(Checklist, EveryCommandIsDispatchedByWordsThatNoOtherHas) {
  std::map<std::string, std::string_view> owners;
  for (const EnvCommand* command : env_commands()) {
    ASSERT_NE(command->run, nullptr) << command->name;
    for (const std::string& word : words_of(*command)) {
      const auto [at, fresh] = owners.emplace(word, command->name);
      EXPECT_TRUE(fresh) << word << " is " << at->second << " and " << command->name;
      EXPECT_EQ(find_env_command(word), command);
    }
  }
  // mode tokens stand before commands
  EXPECT_EQ(find_env_command("main"), nullptr);
  EXPECT_EQ(find_env_command("trees"), nullptr);
}

TEST(Checklist, EveryCommandHasHelpWithAnExampleOfItself) {
  for (const EnvCommand* command : env_commands()) {
    EXPECT_FALSE(command->about.empty()) << command->name;
    EXPECT_FALSE(command->about.ends_with('.')) << command->name;
    EXPECT_TRUE(command->example.starts_with("muster env " + std::string(command->name)))
        << command->name << ": " << command->example;
    for (const EnvOption& option : command->options)
      EXPECT_FALSE(option.about.empty()) << command->name << " " << option.names;
  }
}

TEST(Checklist, EveryCommandHasItsRowInTheDocument) {
  const std::string document = read_file(fs::path(MUSTER_SOURCE_DIR) / "docs/environment.md");
  for (const EnvCommand* command : env_commands()) {
    for (const std::string& word : words_of(*command))
      EXPECT_NE(document.find("`" + word + "`"), std::string::npos)
          << "docs/environment.md does not tell of `" << word << "`";
    for (const EnvOption& option : command->options)
      EXPECT_NE(document.find("`" + split(option.names, ',').back()), std::string::npos)
          << "docs/environment.md does not tell of " << option.names << " of " << command->name;
  }
}

TEST(Checklist, EveryCommandIsPlayedInAScenario) {
  std::string played;
  for (const auto& entry :
       fs::directory_iterator(fs::path(MUSTER_SOURCE_DIR) / "features/environment"))
    played += read_file(entry.path());
  for (const EnvCommand* command : env_commands()) {
    bool found = false;
    for (const std::string& word : words_of(*command))
      for (const std::string before : {"muster env ", "| "})
        for (const std::string after : {" ", "\"", "\n"})
          found = found || played.find(before + word + after) != std::string::npos;
    EXPECT_TRUE(found) << "no scenario of features/environment runs muster env " << command->name;
  }
}

TEST(EnvWords, AModeTokenBeforeTheCommandIsAnOption) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(env_words({"env", "trees", "start", "main"}),
            (Words{"env", "--mode=trees", "start", "main"}));
  EXPECT_EQ(env_words({"env", "--mode", "main", "r"}), (Words{"env", "--mode", "main", "r"}));
  EXPECT_EQ(env_words({"run", "trees"}), (Words{"run", "trees"}));
  EXPECT_EQ(env_words({}), Words{});
}

}  // namespace
}  // namespace muster::app
