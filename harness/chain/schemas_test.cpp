#include "chain/schemas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/play_for_tests.hpp"
#include "testing/temp_tree.hpp"

namespace muster::chain {
namespace {

using namespace play;
using ::testing::HasSubstr;

constexpr const char* kNodes = R"({"definitions": {"node": {
  "type": "object", "required": ["node_id"], "properties": {"node_id": {"type": "string"}}}}})";

class Schemas : public ::testing::Test {
 protected:
  Schemas() { tree_.write("schemas/nodes.json", kNodes); }

  Result<std::shared_ptr<const Chain>> chain(const std::string& text) const {
    return Chain::parse(text, {}, schemas_of_folder(tree_.str()));
  }

  muster::testing::TempTree tree_;
};

TEST_F(Schemas, AFieldIsCheckedAgainstTheFileBesideTheChain) {
  const auto made =
      chain("ralph.node.done where /payload schema \"schemas/nodes.json#/definitions/node\"");
  ASSERT_TRUE(made.ok()) << render(made.error());
  Watch good(*made, {kArmed, std::nullopt, true});
  good.take(accepted({event(1, "ralph.node.done", {{"node_id", "n"}})}).front());
  good.settle(kArmed + kSecond);
  EXPECT_EQ(good.verdict(), Verdict::satisfied);

  Watch bad(*made, {kArmed, std::nullopt, true});
  bad.take(accepted({event(1, "ralph.node.done", {{"node_id", 7}})}).front());
  ASSERT_EQ(bad.verdict(), Verdict::violated);
  EXPECT_THAT(explained(bad).text, HasSubstr("/node_id: expected a string, found number 7"));
}

TEST_F(Schemas, WhatCannotBeLoadedIsAnErrorOfTheChainWithItsPlace) {
  for (const char* reference : {"no.json", "schemas/nodes.json#/definitions/other", "../x.json"}) {
    const auto made = chain("a\nb where /payload schema " + dump_json(reference));
    ASSERT_FALSE(made.ok()) << reference;
    EXPECT_EQ(made.error().code, "chain_schema");
    EXPECT_EQ(made.error().place.line, 2);
    EXPECT_EQ(made.error().place.column, 25);
  }
}

}  // namespace
}  // namespace muster::chain
