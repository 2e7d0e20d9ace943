#include "gherkin/feature_tree.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <vector>

#include "gherkin/arena.hpp"
#include "gherkin/gherkin.hpp"
#include "gherkin/table_cells.hpp"

namespace muster::gherkin {
namespace {

constexpr const char* kText = R"(@f
Feature: f
  Background:
    Given a table
      | a | \|b |
  @o
  Scenario Outline: <v>
    When it says <v>:
      """<v>
      one <v> two
      """
    And a table
      | <v> | w |
    Examples:
      | v |
      | 1 |
      | 2 |
)";

TEST(FeatureTree, SharesWhatARowDoesNotChange) {
  IncrementalIds ids;
  const FeatureTree tree = parse_tree("a.feature", kText, ids);
  ASSERT_TRUE(tree.ok());
  ASSERT_EQ(tree.pickles().size(), 2U);
  const auto& first = tree.pickles()[0];
  const auto& second = tree.pickles()[1];
  EXPECT_EQ(first.name, "1");
  EXPECT_EQ(first.steps[0].data_table, second.steps[0].data_table);
  EXPECT_EQ(first.steps[0].data_table->rows[0].cells[1].value, "|b");
  EXPECT_EQ(first.tags.data(), second.tags.data());
  EXPECT_EQ(first.steps[1].text, "it says 1:");
  EXPECT_EQ(first.steps[1].doc_string->content, "one 1 two");
  EXPECT_EQ(second.steps[1].doc_string->media_type, "2");
  EXPECT_EQ(second.steps[2].data_table->rows[0].cells[0].value, "2");
}

TEST(FeatureTree, LivesOnWhenItIsMoved) {
  std::vector<FeatureTree> trees;
  IncrementalIds ids;
  for (int i = 0; i < 20; ++i) trees.push_back(parse_tree("a.feature", "Feature: é\n", ids));
  for (const auto& tree : trees) {
    EXPECT_EQ(tree.document().feature->title.name, "é");
    EXPECT_EQ(tree.document_message().feature->name, "é");
  }
}

TEST(FeatureTree, IsWhatParseGivesAsMessages) {
  IncrementalIds ids;
  IncrementalIds same;
  const FeatureTree tree = parse_tree("a.feature", kText, ids);
  const ParsedFeature parsed = parse("a.feature", kText, same);
  EXPECT_EQ(tree.source_message(), parsed.source);
  EXPECT_EQ(tree.document_message(), parsed.document);
  ASSERT_EQ(tree.pickles().size(), parsed.pickles.size());
  for (std::size_t i = 0; i < parsed.pickles.size(); ++i) {
    EXPECT_EQ(tree.message(tree.pickles()[i]), parsed.pickles[i]);
  }
  EXPECT_EQ(ids.next(), same.next());
}

TEST(FeatureTree, WritesIdsAsTheyWereTaken) {
  IncrementalIds ids = IncrementalIds::unique();
  const FeatureTree tree = parse_tree("a.feature", kText, ids);
  const messages::Pickle pickle = tree.message(tree.pickles()[0]);
  EXPECT_EQ(pickle.id.size(), 36U);
  EXPECT_EQ(pickle.ast_node_ids[0], tree.document_message().feature->children[1].scenario->id);
}

TEST(FeatureTree, HoldsNothingWhereThereAreErrors) {
  IncrementalIds ids;
  const FeatureTree tree =
      parse_tree("a.feature", "Feature: f\n  Scenario: s\n    Given a\n  oops\n", ids);
  EXPECT_FALSE(tree.ok());
  EXPECT_EQ(tree.document().feature, nullptr);
  EXPECT_TRUE(tree.pickles().empty());
  EXPECT_EQ(tree.errors()[0].source.location, (messages::Location{4, 3}));
}

TEST(Arena, AlignsAndGrows) {
  Arena arena;
  std::vector<std::span<std::uint64_t>> all;
  for (std::size_t count : {1UL, 3UL, 1000UL, 1UL, 500'000UL, 2UL}) {
    arena.copy(std::string_view("x"));  // puts the next one out of line
    all.push_back(arena.make<std::uint64_t>(count));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(all.back().data()) % alignof(std::uint64_t), 0U);
    std::fill(all.back().begin(), all.back().end(), count);
  }
  for (const auto& items : all) {
    EXPECT_THAT(items, ::testing::Each(static_cast<std::uint64_t>(items.size())));
  }
  EXPECT_TRUE(arena.copy(std::string_view()).empty());
}

TEST(CellReader, CountsCodePoints) {
  const auto cells_of = [](std::string_view text) {
    std::vector<std::pair<int, std::string>> cells;
    CellReader reader({1, 2, text, text});
    for (RawCell cell; reader.next(cell);) {
      cells.emplace_back(cell.column, cell.escapes ? unescape_cell(cell.text) : cell.text);
    }
    return cells;
  };
  using Cells = std::vector<std::pair<int, std::string>>;
  EXPECT_EQ(cells_of("| a | b |"), (Cells{{5, "a"}, {9, "b"}}));
  EXPECT_EQ(cells_of("|é| \u00A0日 |x"), (Cells{{4, "é"}, {8, "日"}}));
  EXPECT_EQ(cells_of("|a\\|b\\\\|\\n \\q|"), (Cells{{4, "a|b\\"}, {11, "\n \\q"}}));
  EXPECT_EQ(cells_of("||  |"), (Cells{{4, ""}, {7, ""}}));
  EXPECT_EQ(cells_of("|a\\"), Cells());
  EXPECT_EQ(cells_of(""), Cells());
}

}  // namespace
}  // namespace muster::gherkin
