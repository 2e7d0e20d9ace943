#include "fixtures/worlds/port_thief.hpp"
#include "fixtures/worlds/stack.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

THEN("{int} restarts under a thief of ports meet nobody else and stay where they are",
     timeout(std::chrono::minutes(10))) = [](Stack& stack, int restarts) {
  EXPECT_EQ(stack.storm(restarts), "");
};

THEN("{string} answers at the port of {string}") = [](Stack& stack, std::string greeting,
                                                      std::string service) {
  const Json ports = stack.ports()["projects"][0]["ports"];
  const std::string answer = greeting_of(ports[service].value("final", 0));
  EXPECT_TRUE(answer.starts_with(greeting)) << answer;
};

GIVEN("somebody listens on port {int}", timeout(std::chrono::seconds(10))) =
    [](Squatter& squatter, int port) { squatter.listen(port); };

THEN("the port of {string} is {int}") = [](Stack& stack, std::string service, int port) {
  EXPECT_EQ(stack.ports()["projects"][0]["ports"][service].value("final", 0), port);
};

THEN("the port of {string} is not {int}") = [](Stack& stack, std::string service, int port) {
  EXPECT_NE(stack.ports()["projects"][0]["ports"][service].value("final", 0), port);
};
