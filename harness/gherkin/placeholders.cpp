#include "gherkin/placeholders.hpp"

#include <string.h>

#include <algorithm>

#include "gherkin/find_byte.hpp"

namespace muster::gherkin {
namespace {

/// Where the next `<` or `>` stands; std::string_view::find_first_of calls a function for every
/// byte.
std::size_t find_bracket(std::string_view text, std::size_t from) {
  for (; from < text.size(); ++from) {
    if (text[from] == '<' || text[from] == '>') return from;
  }
  return std::string_view::npos;
}

/// So many are found faster one by one.
constexpr std::size_t kFewColumns = 8;

bool is_plain(std::string_view text) {
  return find_bracket(text, 0) == std::string_view::npos;
}

/// Puts each column behind those whose pattern begins with its own. Patterns sort before what they
/// are prefixes of, so one walk over the sorted names finds the chains.
std::vector<std::size_t> order_of(const std::vector<std::string>& patterns) {
  std::vector<std::size_t> order(patterns.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const bool plain = std::none_of(patterns.begin(), patterns.end(),
                                  [](const std::string& p) { return p.find('>') + 1 < p.size(); });
  if (plain) return order;
  // a longer pattern takes the earliest place that a prefix of it has
  std::vector<std::size_t> sorted = order;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::size_t a, std::size_t b) { return patterns[a] < patterns[b]; });
  std::vector<std::size_t> place = order;
  std::vector<std::size_t> chain;  // each a prefix of the next
  for (const std::size_t column : sorted) {
    while (!chain.empty() && !patterns[column].starts_with(patterns[chain.back()]))
      chain.pop_back();
    if (!chain.empty()) place[column] = std::min(place[column], place[chain.back()]);
    chain.push_back(column);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (place[a] != place[b]) return place[a] < place[b];
    return patterns[a].size() > patterns[b].size();
  });
  return order;
}

/// std::string::find stops at every byte that the pattern begins with; memmem does not, which
/// matters for a text full of `<`.
std::size_t find_pattern(const std::string& text, const std::string& pattern, std::size_t from) {
  const void* found =
      ::memmem(text.data() + from, text.size() - from, pattern.data(), pattern.size());
  if (found == nullptr) return std::string::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

Placeholders::Placeholders(const tree::TableRow& header, Arena& arena, Budget& budget)
    : header_(header.cells), arena_(arena), budget_(budget) {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    plain_names_ = plain_names_ && is_plain(header_[i].value);
    if (header_.size() > kFewColumns) by_name_.emplace(header_[i].value, i);
  }
}

/// The value of the first column of that name in this row; null when there is none.
const std::string_view* Placeholders::value_of(std::string_view name) const {
  if (header_.size() > kFewColumns) {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &row_->cells[found->second].value;
  }
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i].value == name) return &row_->cells[i].value;
  }
  return nullptr;
}

void Placeholders::order_columns() {
  std::vector<std::string> patterns;
  patterns.reserve(header_.size());
  for (const auto& cell : header_) patterns.push_back("<" + std::string(cell.value) + ">");
  for (const std::size_t index : order_of(patterns)) {
    columns_.push_back({std::move(patterns[index]), index});
  }
}

void Placeholders::use(const tree::TableRow& row) {
  row_ = &row;
  plain_values_ = std::all_of(row.cells.begin(), row.cells.end(),
                              [](const auto& cell) { return is_plain(cell.value); });
}

std::string_view Placeholders::fill(std::string_view text) {
  const std::size_t open = budget_.over() ? std::string_view::npos : find_byte(text, '<');
  if (open == std::string_view::npos) return text;
  if (plain_names_ && plain_values_) {
    if (const auto filled = fill_in_one_pass(text, open)) return *filled;
  }
  return arena_.copy(fill_by_column(std::string(text)));
}

/// Gives what one column after another would give where no placeholder can come about by a
/// replacement; nothing where it might, because a `<` is not closed before the next one. `open`:
/// where the first `<` stands.
std::optional<std::string_view> Placeholders::fill_in_one_pass(std::string_view text,
                                                               std::size_t open) {
  Arena::Text filled(arena_);
  std::size_t copied = 0;
  while (open != std::string_view::npos) {
    const std::size_t close = find_bracket(text, open + 1);
    if (close == std::string_view::npos) break;
    if (text[close] == '<') return std::nullopt;
    if (const auto* value = value_of(text.substr(open + 1, close - open - 1))) {
      filled.append(text.substr(copied, open - copied));
      filled.append(*value);
      copied = close + 1;
    }
    const std::size_t next = find_byte(text.substr(close + 1), '<');
    open = next == std::string_view::npos ? next : close + 1 + next;
  }
  if (copied == 0) return text;
  filled.append(text.substr(copied));
  return filled.take();
}

std::string Placeholders::fill_by_column(std::string text) {
  if (columns_.empty()) order_columns();
  for (const Column& column : columns_) {
    if (!budget_.spend(text.size())) return text;  // searching costs as well
    const std::string_view value = row_->cells[column.index].value;
    std::size_t found = find_pattern(text, column.pattern, 0);
    if (found == std::string::npos) continue;
    std::string out;
    std::size_t copied = 0;
    for (; found != std::string::npos; found = find_pattern(text, column.pattern, copied)) {
      out.append(text, copied, found - copied);
      if (!budget_.spend(value.size())) return text;
      out += value;
      copied = found + column.pattern.size();
    }
    out.append(text, copied);
    text = std::move(out);
  }
  return text;
}

}  // namespace muster::gherkin
