#include "chain/table.hpp"

#include <algorithm>

#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::chain {
namespace {

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names = {"event", "count", "where", "within"};
  return names;
}

Error table_error(std::string message, const Place& origin, int line, std::string hint = {}) {
  Error made = error("chain_table", std::move(message), std::move(hint));
  made.place = {origin.uri, line, 0};
  return made;
}

}  // namespace

Result<std::shared_ptr<const Chain>> parse_table(const std::vector<std::vector<std::string>>& rows,
                                                 const std::string& headers, const Place& origin,
                                                 const std::vector<int>& lines,
                                                 const SchemaLoader& schemas) {
  const auto line_at = [&](std::size_t row) {
    return row < lines.size() ? lines[row] : origin.line + static_cast<int>(row);
  };
  if (rows.size() < 2) return table_error("the table has no row of events", origin, line_at(0));
  Pattern pattern;
  if (!headers.empty()) {
    // headers need an event after them to be a chain
    auto parsed = parse_pattern(headers + "\nheader", origin, schemas);
    if (!parsed) return std::move(parsed).error();
    pattern = std::move(*parsed);
    pattern.items.clear();
  }
  const auto& heads = rows.front();
  for (const std::string& head : heads) {
    if (std::find(columns().begin(), columns().end(), head) != columns().end()) continue;
    const auto near = nearest(head, columns());
    return table_error("there is no column `" + head + "`", origin, line_at(0),
                       near ? "did you mean `" + *near + "`?" : "event, count, where, within");
  }
  if (std::find(heads.begin(), heads.end(), "event") == heads.end())
    return table_error("the table has no column `event`", origin, line_at(0));
  for (std::size_t row = 1; row < rows.size(); ++row) {
    const Place place{origin.uri, line_at(row), 0};
    std::string text;
    const auto cell = [&](const std::string& name) -> std::string {
      const auto head = std::find(heads.begin(), heads.end(), name);
      const auto at = static_cast<std::size_t>(head - heads.begin());
      return at < rows[row].size() ? std::string(trim(rows[row][at])) : std::string();
    };
    text = cell("event");
    std::string count = cell("count");
    // a bare number is the plain way to write a count in a table
    if (!count.empty() && count.find_first_not_of("0123456789.") == std::string::npos)
      count = "x" + count;
    if (!count.empty()) text += " " + count;
    for (const char* clause : {"where", "within"}) {
      if (const std::string value = cell(clause); !value.empty())
        text += std::string(" ") + clause + " " + value;
    }
    auto parsed = parse_pattern(text, place, schemas);
    if (!parsed) return std::move(parsed).error();
    if (parsed->items.size() != 1 || !std::holds_alternative<Step>(parsed->items.front().what))
      return table_error("a row is one event", origin, line_at(row));
    pattern.items.push_back(std::move(parsed->items.front()));
  }
  return Chain::compile(std::move(pattern), {}, origin);
}

}  // namespace muster::chain
