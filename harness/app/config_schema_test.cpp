#include "app/config_schema.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "base/diff.hpp"
#include "config/show.hpp"

namespace muster::app {
namespace {

TEST(ConfigSchema, every_key_has_a_default_of_its_kind_and_a_description) {
  for (const auto& problem : config::problems_of(config_schema())) {
    ADD_FAILURE() << problem.message;
  }
}

TEST(ConfigSchema, the_document_has_every_key) {
  const std::string path = std::string(MUSTER_SOURCE_DIR) + "/docs/muster_toml.md";
  std::ifstream in(path, std::ios::binary);
  const std::string document{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::string first = "<!-- keys -->\n";
  const auto begin = document.find(first);
  const auto end = document.find("<!-- end of keys -->");
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos) << path;
  const std::string expected = document.substr(0, begin + first.size()) +
                               config::reference_markdown(config_schema()) + document.substr(end);
  const char* approve = std::getenv("MUSTER_APPROVE");
  if (approve != nullptr && std::string_view(approve) == "1") {
    std::ofstream(path, std::ios::binary) << expected;
    return;
  }
  EXPECT_TRUE(document == expected) << "MUSTER_APPROVE=1 brings it up to date\n"
                                    << line_diff(document, expected);
}

}  // namespace
}  // namespace muster::app
