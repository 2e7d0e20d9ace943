#include "fixtures/worlds/parameters.hpp"
#include "fixtures/worlds/profile_imports.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

WHEN("I import {string}", timeout(std::chrono::seconds(40))) =
    [](Imports& imports, std::string module) { imports.begin(module); };

THEN("no ImportError is raised", timeout(std::chrono::seconds(120))) = [](Imports& imports) {
  imports.expect_none_failed();
};

THEN("every entry point can be called", timeout(std::chrono::seconds(120))) = [](Imports& imports) {
  imports.expect_entry_points();
};

THEN("{module}.__version__ is defined", timeout(std::chrono::seconds(60))) =
    [](Imports& imports, ModuleName module) { imports.expect_defined(module.text, "__version__"); };
