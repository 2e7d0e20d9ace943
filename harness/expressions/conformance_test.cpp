#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "expressions/ast.hpp"
#include "expressions/conformance_yaml.hpp"
#include "expressions/expression.hpp"
#include "expressions/token.hpp"

namespace muster::expressions {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string name;
  Json data;
};

std::vector<Case> cases_in(const std::string& folder) {
  const fs::path root = fs::path(MUSTER_SOURCE_DIR) / "../shared/conformance/expressions" / folder;
  std::vector<Case> cases;
  if (!fs::is_directory(root)) {
    std::cout << "absent: " << folder << " of the expression conformance data, nothing compared\n";
    return cases;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    cases.push_back({entry.path().filename().string(), ConformanceYaml::parse(text.str())});
  }
  std::sort(cases.begin(), cases.end(),
            [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

/// Runs `compare` over a folder's cases; the folder must hold `expected` cases or be absent.
template <class Compare>
void over(const std::string& folder, std::size_t expected, Compare compare) {
  const std::vector<Case> cases = cases_in(folder);
  if (cases.empty()) GTEST_SKIP() << "no conformance data";
  for (const Case& each : cases) {
    SCOPED_TRACE(folder + "/" + each.name);
    compare(each.data);
  }
  EXPECT_EQ(cases.size(), expected) << folder;
  std::cout << folder << ": " << cases.size() << " cases\n";
}

Json to_json(const Node& node) {
  Json json = {{"type", to_string(node.type)}, {"start", node.start}, {"end", node.end}};
  if (node.type == NodeType::text) {
    json["token"] = node.token;
    return json;
  }
  json["nodes"] = Json::array();
  for (const Node& child : node.nodes) json["nodes"].push_back(to_json(child));
  return json;
}

/// A converted argument, as the data writes it: numbers of the small types as numbers, all else as
/// text.
Json converted(const Argument& argument) {
  const std::string& type = argument.parameter_type;
  if (std::none_of(argument.captures.begin(), argument.captures.end(),
                   [](const auto& capture) { return capture.has_value(); }))
    return nullptr;
  const std::string text = plain_text(argument);
  if (type == "int" || type == "byte" || type == "short" || type == "long")
    return std::strtoll(text.c_str(), nullptr, 10);
  if (type == "float" || type == "double") return std::strtod(text.c_str(), nullptr);
  return text;
}

void compare_match(const Json& data) {
  const ParameterTypes types;
  const Result<Expression> expression = compile(data["expression"].get<std::string>(), types);
  if (data.contains("exception")) {
    ASSERT_FALSE(expression.ok());
    EXPECT_EQ(cucumber_text(expression.error()), data["exception"]);
    return;
  }
  ASSERT_TRUE(expression.ok()) << expression.error().message;
  const std::optional<Match> match = expression->match(data["text"].get<std::string>());
  if (data["expected_args"].is_null()) {
    EXPECT_FALSE(match.has_value());
    return;
  }
  ASSERT_TRUE(match.has_value());
  Json arguments = Json::array();
  for (const Argument& argument : match->arguments) arguments.push_back(converted(argument));
  EXPECT_EQ(arguments, data["expected_args"]);
}

TEST(ExpressionConformance, Tokenizer) {
  over("cucumber-expression/tokenizer", 11, [](const Json& data) {
    const Result<std::vector<Token>> tokens = tokenize(data["expression"].get<std::string>());
    if (data.contains("exception")) {
      ASSERT_FALSE(tokens.ok());
      EXPECT_EQ(cucumber_text(tokens.error()), data["exception"]);
      return;
    }
    ASSERT_TRUE(tokens.ok()) << tokens.error().message;
    Json found = Json::array();
    for (const Token& token : *tokens)
      found.push_back({{"type", to_string(token.type)},
                       {"start", token.start},
                       {"end", token.end},
                       {"text", token.text}});
    EXPECT_EQ(found, data["expected_tokens"]);
  });
}

TEST(ExpressionConformance, Parser) {
  over("cucumber-expression/parser", 19, [](const Json& data) {
    const Result<Node> root = parse(data["expression"].get<std::string>());
    if (data.contains("exception")) {
      ASSERT_FALSE(root.ok());
      EXPECT_EQ(cucumber_text(root.error()), data["exception"]);
      return;
    }
    ASSERT_TRUE(root.ok()) << root.error().message;
    // the data leaves the token of an empty node away, and writes [] for no nodes
    EXPECT_EQ(to_json(*root), data["expected_ast"]);
  });
}

TEST(ExpressionConformance, Matching) {
  over("cucumber-expression/matching", 45, compare_match);
}

TEST(ExpressionConformance, Transformation) {
  over("cucumber-expression/transformation", 4, [](const Json& data) {
    const Result<Expression> expression =
        compile(data["expression"].get<std::string>(), ParameterTypes());
    ASSERT_TRUE(expression.ok()) << expression.error().message;
    EXPECT_EQ(expression->pattern(), data["expected_regex"]);
  });
}

TEST(ExpressionConformance, RegularExpressions) {
  over("regular-expression/matching", 2, compare_match);
}

}  // namespace
}  // namespace muster::expressions
