#include "report/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace muster::report {
namespace {

std::string cell_text(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '|' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return without_commands(printable(escaped));
}

}  // namespace

std::string without_commands(std::string text) {
  for (std::size_t at = text.find("::"); at != text.npos; at = text.find("::", at + 3)) {
    const std::size_t line = at == 0 ? text.npos : text.rfind('\n', at - 1);
    const std::size_t begin = line == text.npos ? 0 : line + 1;
    if (trim(std::string_view(text).substr(begin, at - begin)).empty()) text.insert(at, "\\");
  }
  for (const std::string_view command : {"##[", "##vso[", "##teamcity["})
    for (std::size_t at = text.find(command); at != text.npos; at = text.find(command, at + 1))
      text.insert(at + 1, "\\");
  return text;
}

std::string block(std::string_view text, std::size_t indent, const Painter& paint, Paint colour) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  if (text.empty()) return out;
  for (std::string_view line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty())
      out += std::string(indent, ' ') + paint(colour, without_commands(printable(line)));
    out += '\n';
  }
  return out;
}

std::string table(const messages::PickleTable& table, std::size_t indent, const Painter& paint,
                  Paint colour) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (const messages::PickleTableRow& row : table.rows) {
    std::vector<std::string> cells;
    for (const messages::PickleTableCell& cell : row.cells) {
      cells.push_back(cell_text(cell.value));
      if (widths.size() < cells.size()) widths.push_back(0);
      std::size_t& width = widths[cells.size() - 1];
      width = std::max(width, display_width(cells.back()));
    }
    rows.push_back(std::move(cells));
  }
  std::string out;
  for (const std::vector<std::string>& row : rows) {
    std::string line = "|";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += " " + row[i] + std::string(widths[i] - display_width(row[i]), ' ') + " |";
    out += std::string(indent, ' ') + paint(colour, line) + "\n";
  }
  return out;
}

std::string doc_string(const messages::PickleDocString& text, std::size_t indent,
                       const Painter& paint, Paint colour) {
  const std::string margin(indent, ' ');
  std::string out =
      margin + paint(colour, "\"\"\"" + without_commands(printable(text.media_type.value_or("")))) +
      "\n";
  // empty lines at the end are part of a doc string, so block() is not asked for all of it
  if (!text.content.empty())
    for (const std::string& line : split(text.content, '\n'))
      out += line.empty() ? "\n" : block(line, indent, paint, colour);
  return out + margin + paint(colour, "\"\"\"") + "\n";
}

std::string step_text(std::string_view text,
                      const std::vector<messages::StepMatchArgument>& arguments,
                      const Painter& paint, Paint colour) {
  std::string out;
  std::size_t done = 0;  // bytes
  for (const messages::StepMatchArgument& argument : arguments) {
    if (!argument.group.start || !argument.group.value || *argument.group.start < 0) continue;
    const std::size_t from =
        code_point_offset(text, static_cast<std::size_t>(*argument.group.start));
    const std::size_t size = std::min(argument.group.value->size(), text.size() - from);
    if (from < done) continue;
    out += paint(colour, printable(text.substr(done, from - done)));
    out += paint.bold(colour, printable(text.substr(from, size)));
    done = from + size;
  }
  return out + paint(colour, printable(text.substr(done)));
}

std::string duration_text(std::int64_t nanoseconds) {
  const std::int64_t milliseconds = std::max<std::int64_t>(0, nanoseconds) / 1'000'000;
  const std::int64_t minutes = milliseconds / 60'000;
  const double seconds = static_cast<double>(milliseconds % 60'000) / 1000.0;
  if (minutes >= 60) return fmt::format("{}h {}m {:.3f}s", minutes / 60, minutes % 60, seconds);
  if (minutes > 0) return fmt::format("{}m {:.3f}s", minutes, seconds);
  return fmt::format("{:.3f}s", seconds);
}

std::string shell_word(std::string_view word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=@,+%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace muster::report
