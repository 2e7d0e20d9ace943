#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gherkin/arena.hpp"
#include "gherkin/budget.hpp"
#include "gherkin/tree.hpp"

namespace muster::gherkin {

/// Fills the values of an examples row in for `<name>`. The rule is that of the official compiler:
/// one column after another replaces its placeholders in what the columns before it have made. Only
/// where a placeholder begins with another one (names `a` and `a> <b`), the longer one goes first.
class Placeholders {
 public:
  Placeholders(const tree::TableRow& header, Arena& arena, Budget& budget);

  /// The row whose values are filled in; it must outlive its use.
  void use(const tree::TableRow& row);

  /// `text` with the values of the row, in the arena; `text` itself where nothing is to be filled
  /// in and once the budget is over.
  std::string_view fill(std::string_view text);

 private:
  std::optional<std::string_view> fill_in_one_pass(std::string_view text, std::size_t open);
  std::string fill_by_column(std::string text);
  const std::string_view* value_of(std::string_view name) const;
  void order_columns();

  struct Column {
    std::string pattern;  // <name>
    std::size_t index;
  };
  tree::List<tree::TableCell> header_;
  std::vector<Column> columns_;  // in the order of replacement; made when it is needed
  std::unordered_map<std::string_view, std::size_t> by_name_;  // of many columns
  Arena& arena_;
  Budget& budget_;
  const tree::TableRow* row_ = nullptr;
  bool plain_names_ = true;
  bool plain_values_ = true;
};

}  // namespace muster::gherkin
