#include "fixtures/worlds/parameters.hpp"
#include "fixtures/worlds/profile_configuration.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

WHEN("I load the config with no overrides") = [](Configuration& configuration) {
  configuration.load();
};

THEN("no exception is raised", timeout(std::chrono::seconds(120))) = [](Profile& profile) {
  profile.expect({Act::load, Act::import, Act::compile, Act::parse},
                 "a load, import or compilation", "When I load the config with no overrides");
};

THEN("the config has {field} > {float}") = [](Configuration& configuration, ConfigField field,
                                              double number) {
  configuration.expect_greater(field.text, number);
};

THEN("the config sets {string}") = [](Configuration& configuration, std::string field) {
  configuration.expect_set(field);
};
