#include "fixtures/worlds/profile_files.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

THEN("the file {string} exists") = [](ProjectFiles& files, std::string path) {
  files.expect_exists(path);
};

THEN("the file {string} is executable", timeout(std::chrono::seconds(40))) =
    [](ProjectFiles& files, std::string path) { files.expect_executable(path); };

WHEN("I compile {string} with py_compile", timeout(std::chrono::seconds(40))) =
    [](ProjectFiles& files, std::string script) { files.compile(script); };

THEN("no SyntaxError is raised") = [](ProjectFiles& files) {
  files.expect_none_failed_to_compile();
};
