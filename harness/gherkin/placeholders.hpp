#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gherkin/budget.hpp"
#include "messages/document.hpp"

namespace muster::gherkin {

/// Fills the values of an examples row in for `<name>`. The rule is that of the official compiler:
/// one column after another replaces its placeholders in what the columns before it have made. Only
/// where a placeholder begins with another one (names `a` and `a> <b`), the longer one goes first.
class Placeholders {
 public:
  Placeholders(const messages::TableRow& header, Budget& budget);

  /// The row whose values are filled in; it must outlive its use.
  void use(const messages::TableRow& row);

  /// `text` with the values of the row; unchanged once the budget is over.
  std::string fill(const std::string& text);

 private:
  bool fill_in_one_pass(std::string_view text, std::string& out) const;
  std::string fill_by_column(std::string text);

  struct Column {
    std::string pattern;  // <name>
    std::size_t index;
  };
  std::vector<Column> columns_;  // in the order of replacement
  std::unordered_map<std::string_view, std::size_t> by_name_;
  Budget& budget_;
  const messages::TableRow* row_ = nullptr;
  bool plain_names_ = true;
  bool plain_values_ = true;
};

}  // namespace muster::gherkin
