// The steps of the Compatibility Kit's sample attachments.
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "muster/step.hpp"

using namespace muster;

WHEN("the string {string} is attached as {string}") = [](Scenario& scenario, std::string text,
                                                         std::string media_type) {
  scenario.attach(text, media_type);
};

WHEN("the string {string} is logged") = [](Scenario& scenario, std::string text) {
  scenario.log(text);
};

WHEN("text with ANSI escapes is logged") = [](Scenario& scenario) {
  scenario.log(
      "This displays a \x1b[31mr\x1b[0m\x1b[91ma\x1b[0m\x1b[33mi\x1b[0m\x1b[32mn\x1b[0m"
      "\x1b[34mb\x1b[0m\x1b[95mo\x1b[0m\x1b[35mw\x1b[0m");
};

WHEN("the following string is attached as {string}:") =
    [](Scenario& scenario, std::string media_type, const DocString& text) {
      scenario.attach(text.content, media_type);
    };

WHEN("an array with {int} bytes is attached as {string}") = [](Scenario& scenario, int size,
                                                               std::string media_type) {
  std::vector<std::byte> bytes;
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(i));
  scenario.attach(bytes, media_type);
};

WHEN("a PDF document is attached and renamed") = [](Scenario& scenario) {
  const auto folder = std::filesystem::path(scenario.uri()).parent_path();
  scenario.attach_file((folder / "document.pdf").string(), "application/pdf", "renamed.pdf");
};

WHEN("a link to {string} is attached") = [](Scenario& scenario, std::string uri) {
  scenario.link(uri);
};

WHEN("the string {string} is attached as {string} before a failure") =
    [](Scenario& scenario, std::string text, std::string media_type) {
      scenario.attach(text, media_type);
      throw std::runtime_error("whoops");
    };
