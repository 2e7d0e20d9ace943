#include "base/text.hpp"
#include "fixtures/worlds/workplace.hpp"
#include "muster/json.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("a workplace") = [](Workplace&) {};

GIVEN("a workplace with this muster.toml:") = [](Workplace& workplace, const DocString& text) {
  workplace.write("muster.toml", text.content + "\n");
};

GIVEN("the workplace has the file {string}:") = [](Workplace& workplace, std::string file,
                                                   const DocString& text) {
  workplace.write(file, text.content + "\n");
};

GIVEN("the workplace's file {string} does not end its last line") = [](Workplace& workplace,
                                                                       std::string file) {
  std::string text = workplace.read(file);
  while (text.ends_with('\n')) text.pop_back();
  workplace.write(file, text);
};

GIVEN("the workplace's variable {word} is {string}") = [](Workplace& workplace, std::string name,
                                                          std::string value) {
  workplace.set_variable(name, value);
};

WHEN("the workplace runs {string}", timeout(std::chrono::seconds(60))) =
    [](Workplace& workplace, std::string line) { workplace.run(line); };

WHEN("the workplace runs {string} on a terminal:", timeout(std::chrono::seconds(60))) =
    [](Workplace& workplace, std::string line, const Table& typing) {
      Workplace::Typing keys;
      for (const auto& row : typing.hashes()) {
        std::string typed = row.at("typed");
        if (typed == "Ctrl-C")
          typed = "\x03";
        else if (typed != "q")
          typed += "\n";
        keys.emplace_back(row.at("shown"), typed);
      }
      workplace.run_on_terminal(line, keys);
    };

THEN("the workplace's command exits with {int}") = [](Workplace& workplace, int code) {
  EXPECT_EQ(workplace.exit_code(), code) << workplace.out() << workplace.err();
};

THEN("the workplace is told {string}") = [](Workplace& workplace, std::string words) {
  const std::string all = workplace.out() + workplace.err();
  EXPECT_NE(all.find(workplace.expanded(words)), std::string::npos) << all;
};

THEN("the workplace is not told {string}") = [](Workplace& workplace, std::string words) {
  const std::string all = workplace.out() + workplace.err();
  EXPECT_EQ(all.find(workplace.expanded(words)), std::string::npos) << all;
};

THEN("the workplace's answer has:") = [](Workplace& workplace, const Table& wanted) {
  const Json document = workplace.document();
  for (const auto& [pointer, value] : wanted.rows_hash()) {
    const Json::json_pointer at(pointer);
    ASSERT_TRUE(document.contains(at)) << pointer << " in " << document.dump(2);
    const Json& found = document.at(at);
    EXPECT_EQ(found.is_string() ? found.get<std::string>() : found.dump(), value) << pointer;
  }
};

THEN("the workplace's answer tells of {string} in {string}") =
    [](Workplace& workplace, std::string code, std::string pointer) {
      const Json document = workplace.document();
      const Json& all = document.at(Json::json_pointer(pointer));
      bool found = false;
      for (const Json& each : all) found = found || string_at(each, "code") == code;
      EXPECT_TRUE(found) << all.dump(2);
    };

THEN("the workplace's file {string} is:") = [](Workplace& workplace, std::string file,
                                               const DocString& text) {
  EXPECT_EQ(workplace.read(file), text.content + "\n");
};

THEN("the workplace's file {string} begins with the file {string}") =
    [](Workplace& workplace, std::string file, std::string beginning) {
      EXPECT_EQ(workplace.read(file).find(workplace.read(beginning)), 0u) << workplace.read(file);
    };

THEN("the workplace's files {string} and {string} are the same") =
    [](Workplace& workplace, std::string one, std::string other) {
      EXPECT_EQ(workplace.read(one), workplace.read(other));
    };

THEN("the workplace has no file {string}") = [](Workplace& workplace, std::string file) {
  EXPECT_FALSE(workplace.has(file)) << workplace.read(file);
};

THEN("the secret {string} is found nowhere") = [](Workplace& workplace, std::string secret) {
  for (const std::string& place : workplace.places_of(secret)) ADD_FAILURE() << place;
};

THEN("{string} is found in {string} in the forms {string}") =
    [](Workplace& workplace, std::string text, std::string file, std::string forms) {
      std::vector<std::string> found;
      for (const std::string& place : workplace.places_of(text)) {
        const std::size_t at = place.find(file + ": ");
        if (at != place.npos) found.push_back(place.substr(at + file.size() + 2));
      }
      EXPECT_EQ(join(found, ", "), forms);
    };
