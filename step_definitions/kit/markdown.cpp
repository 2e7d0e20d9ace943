// The steps of the Compatibility Kit's sample markdown.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

GIVEN("some TypeScript code:") = [](const DocString& code) { REQUIRE_FALSE(code.content.empty()); };

GIVEN("some classic Gherkin:") = [](const DocString& gherkin) {
  REQUIRE_FALSE(gherkin.content.empty());
};

WHEN("we use a data table and attach something and then {word}") =
    [](Scenario& scenario, std::string word, const Table& table) {
      REQUIRE_FALSE(table.rows().empty());
      scenario.log("We are logging some plain text (" + word + ")");
      if (word == "fail") throw std::runtime_error("You asked me to fail");
    };

THEN("this might or might not run") = [] {};
