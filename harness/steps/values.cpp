#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "base/json.hpp"
#include "base/text.hpp"
#include "muster/definition.hpp"
#include "muster/fields.hpp"
#include "muster/parameter.hpp"
#include "muster/table.hpp"

namespace muster {

std::string captured_text(const Captures& captures) {
  for (const auto& capture : captures) {
    if (capture) return *capture;
  }
  return {};
}

namespace detail {

Result<std::int64_t> parse_integer(const Captures& captures, std::int64_t min, std::int64_t max) {
  const std::string text = captured_text(captures);
  std::int64_t value = 0;
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto read = std::from_chars(first, text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || text.empty()) {
    return error("bad_integer",
                 fmt::format("\"{}\" is no whole number that fits", printable(text)));
  }
  if (value < min || value > max) {
    return error("bad_integer", fmt::format("{} is not between {} and {}", value, min, max));
  }
  return value;
}

Result<double> parse_number(const Captures& captures) {
  const std::string text = captured_text(captures);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    return error("bad_number", fmt::format("\"{}\" is no finite number", printable(text)));
  }
  return value;
}

void refuse_argument(std::size_t index, const Captures& captures, const Error& why) {
  Error refused = why;
  refused.message = fmt::format("argument {} (\"{}\"): {}", index + 1,
                                printable(captured_text(captures)), why.message);
  throw ErrorException(std::move(refused));
}

void refuse_missing(const char* what) {
  throw ErrorException(
      error("missing_argument", fmt::format("the step takes a {} and has none here", what)));
}

}  // namespace detail

Table Table::transposed() const {
  std::vector<std::vector<std::string>> columns(rows_.empty() ? 0 : rows_[0].size());
  for (const auto& row : rows_) {
    if (row.size() != columns.size()) {
      throw std::invalid_argument("the table's rows are not of one length");
    }
    for (std::size_t i = 0; i < row.size(); ++i) columns[i].push_back(row[i]);
  }
  return Table(std::move(columns));
}

std::vector<std::map<std::string, std::string>> Table::hashes() const {
  std::vector<std::map<std::string, std::string>> out;
  if (rows_.empty()) return out;
  for (std::size_t row = 1; row < rows_.size(); ++row) {
    auto& hash = out.emplace_back();
    for (std::size_t column = 0; column < rows_[0].size(); ++column) {
      if (!hash.emplace(rows_[0][column], rows_[row][column]).second) {
        throw std::invalid_argument("the table has two columns named \"" + rows_[0][column] + "\"");
      }
    }
  }
  return out;
}

std::map<std::string, std::string> Table::rows_hash() const {
  std::map<std::string, std::string> out;
  for (const auto& row : rows_) {
    if (row.size() != 2) throw std::invalid_argument("the table has not two columns");
    if (!out.emplace(row[0], row[1]).second) {
      throw std::invalid_argument("the table has \"" + row[0] + "\" twice");
    }
  }
  return out;
}

Fields::Value::Value(double value) : json_(dump_json(Json(value))) {}

Fields::Value::Value(const std::vector<std::string>& texts) : json_(dump_json(Json(texts))) {}

std::string Fields::Value::quoted(std::string_view text) {
  return dump_json(Json(text));
}

Fields::Fields(std::initializer_list<std::pair<std::string_view, Value>> members) {
  for (const auto& [name, value] : members) add(name, value);
}

Fields& Fields::add(std::string_view name, const Value& value) {
  if (!members_.empty()) members_ += ',';
  members_ += dump_json(Json(name)) + ':' + value.json();
  return *this;
}

}  // namespace muster
