#include "base/text.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "fixtures/worlds/twin.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

/// `\n`, `\r` and `\u{feff}` in a step's text are what they are in C++.
std::string with_escapes(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kEscapes[] = {
      {"\\n", "\n"}, {"\\r", "\r"}, {"\\u{feff}", "\xEF\xBB\xBF"}};
  for (const auto& [escape, meant] : kEscapes) {
    for (std::size_t at = 0; (at = text.find(escape, at)) != std::string::npos; ++at)
      text.replace(at, escape.size(), meant);
  }
  return text;
}

}  // namespace

GIVEN("a copy of the project {string}", timeout(std::chrono::seconds(20))) =
    [](Twin& twin, std::string project) { twin.copy(project); };

// What is done to it: each breaks one thing.
GIVEN("its {string} is removed") = [](Twin& twin, std::string path) { twin.remove(path); };

GIVEN("its {string} is empty") = [](Twin& twin, std::string path) { twin.write(path, ""); };

GIVEN("its {string} is a folder") = [](Twin& twin, std::string path) {
  twin.remove(path);
  twin.make_folder(path);
  twin.set_mode(path, 0755);
};

GIVEN("its {string} is:") = [](Twin& twin, std::string path, const DocString& text) {
  twin.write(path, text.content + "\n");
};

GIVEN("its {string} ends with:") = [](Twin& twin, std::string path, const DocString& text) {
  twin.append(path, text.content);
};

GIVEN("its {string} says {string} instead of {string}") = [](Twin& twin, std::string path,
                                                             std::string by, std::string old) {
  twin.replace(path, with_escapes(old), with_escapes(by));
};

GIVEN("its {string} has lines that end with CRLF") = [](Twin& twin, std::string path) {
  twin.replace(path, "\n", "\r\n");
};

GIVEN("its {string} is not executable") = [](Twin& twin, std::string path) {
  twin.set_mode(path, 0644);
};

GIVEN("git ships its {string} without the exec bit") = [](Twin& twin, std::string path) {
  twin.set_mode_in_git(path, false);
};

GIVEN("git forgets its {string}") = [](Twin& twin, std::string path) { twin.untrack(path); };

GIVEN("git tracks all of it") = [](Twin& twin) { twin.track_all(); };

// How it is judged.
WHEN("the runtime profile is played on the copy",
     timeout(std::chrono::seconds(60))) = [](Twin& twin, Scenario& scenario) {
  const std::string own = scenario.uri();
  twin.play(own.substr(0, own.rfind('/') + 1) + "runtime_profile.feature");
};

WHEN("this feature is played on the copy:",
     timeout(std::chrono::seconds(60))) = [](Twin& twin, const DocString& text) {
  twin.write("own.feature", text.content + "\n");
  twin.play(twin.path("own.feature"));
};

WHEN("`muster {line}` runs on the copy", timeout(std::chrono::seconds(60))) =
    [](Twin& twin, CommandLine line) { twin.run(split(line.text, ' ')); };

THEN("the copy is green") = [](Twin& twin) { twin.expect_green(); };

THEN("the copy is red by:") = [](Twin& twin, const Table& table) {
  std::map<std::string, std::string> expected;
  for (const auto& row : table.hashes()) expected[row.at("scenario")] = row.at("check");
  twin.expect_red(expected);
};

THEN("the copy exits {int}") = [](Twin& twin, int code) {
  EXPECT_EQ(twin.exit_code(), code) << twin.output();
};

THEN("the copy says {string}") = [](Twin& twin, std::string words) {
  EXPECT_TRUE(twin.output().find(words) != std::string::npos) << twin.output();
};

THEN("the copy does not say {string}") = [](Twin& twin, std::string words) {
  EXPECT_TRUE(twin.output().find(words) == std::string::npos) << twin.output();
};
