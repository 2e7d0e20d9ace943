#include "preflight/migration_grammar.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

namespace muster::preflight {
namespace {

/// Go's regexp takes a malformed byte as one character that is no blank; Latin-1 does the same.
RE2::Options bytewise() {
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  return options;
}

const RE2& up_directive() {
  static const RE2 pattern(R"((?m)^--\s*migrate:up(?:\s*$|\s+\S+))", bytewise());
  return pattern;
}

const RE2& down_directive() {
  static const RE2 pattern(R"((?m)^--\s*migrate:down(?:\s*$|\s+\S+))", bytewise());
  return pattern;
}

/// Where the matches begin, as Go's FindAllStringIndex: leftmost, none overlapping.
std::vector<std::size_t> starts_of(const RE2& directive, std::string_view text) {
  std::vector<std::size_t> starts;
  std::size_t from = 0;
  re2::StringPiece match;
  const re2::StringPiece all(text.data(), text.size());
  while (from <= text.size() &&
         directive.Match(all, from, all.size(), RE2::UNANCHORED, &match, 1)) {
    starts.push_back(static_cast<std::size_t>(match.data() - all.data()));
    from = starts.back() + match.size();
  }
  return starts;
}

constexpr bool go_blank(char c) {  // \s of RE2: no vertical tab
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/// What Go's strings.TrimSpace takes off: Unicode's White_Space.
std::size_t space_at(std::string_view text) {
  if (text.empty()) return 0;
  if (go_blank(text[0]) || text[0] == '\v') return 1;
  for (const std::string_view wide : {"\xC2\x85", "\xC2\xA0"}) {
    if (text.starts_with(wide)) return 2;
  }
  for (const std::string_view wide : {"\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                      "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"}) {
    if (text.starts_with(wide)) return 3;
  }
  if (text.size() >= 3 && text.starts_with("\xE2\x80")) {
    const auto last = static_cast<unsigned char>(text[2]);
    if (last >= 0x80 && last <= 0x8A) return 3;
  }
  return 0;
}

std::string_view trim_space(std::string_view text) {
  while (const std::size_t size = space_at(text)) text.remove_prefix(size);
  for (bool cut = true; cut && !text.empty();) {
    cut = false;
    for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
      if (space_at(text.substr(text.size() - size)) != size) continue;
      text.remove_suffix(size);
      cut = true;
      break;
    }
  }
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto* end = std::find_if(text.begin(), text.end(), go_blank);
    const auto size = static_cast<std::size_t>(end - text.begin());
    if (size > 0) words.emplace_back(text.substr(0, size));
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return words;
}

int line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(offset), '\n'));
}

void read_options(MigrationBlock& block, std::string_view rest_of_directive) {
  static const RE2 directive(R"(^--\s*migrate:(up|down))", bytewise());
  const std::string_view first = std::string_view(block.text).substr(0, block.text.find('\n'));
  std::string line(first);
  const bool whole = RE2::Replace(&line, directive, "");
  std::string transaction;
  if (whole) {
    for (const std::string& word : words_of(trim_space(line))) {
      const std::size_t colon = word.find(':');
      if (colon != std::string::npos && word.find(':', colon + 1) == std::string::npos) {
        const std::string key = word.substr(0, colon);
        if (key == "transaction") transaction = word.substr(colon + 1);
        if (key == "transaction" && (transaction == "true" || transaction == "false")) continue;
      }
      block.ignored.push_back(word);
    }
  } else {
    // The directive is broken over lines: options are read from its first line alone.
    block.ignored = words_of(rest_of_directive);
  }
  block.transaction = transaction != "false";
}

MigrationBlock block_of(std::string_view contents, std::size_t begin, std::size_t end) {
  MigrationBlock block;
  block.text = contents.substr(begin, end - begin);
  block.line = line_at(contents, begin);
  std::string_view rest = block.text;
  const std::size_t name = rest.find("migrate:");
  rest.remove_prefix(name == std::string_view::npos ? rest.size() : name);
  rest = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), rest.find_first_of(" \t\f\r")));
  read_options(block, rest);
  return block;
}

Error located(std::string code, std::string message, int line, std::string hint) {
  Error made = error(std::move(code), std::move(message), std::move(hint));
  made.place.line = line;
  return made;
}

/// The line of the first statement among what precedes the first directive.
std::optional<int> statement_line(std::string_view before) {
  static const RE2 comment(R"(^\s*--)", bytewise());
  int number = 0;
  while (true) {
    ++number;
    const std::size_t end = before.find('\n');
    const std::string_view line = before.substr(0, end);
    const bool blank = std::all_of(line.begin(), line.end(), go_blank);
    if (!blank && !RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), comment))
      return number;
    if (end == std::string_view::npos) return std::nullopt;
    before.remove_prefix(end + 1);
  }
}

constexpr const char* missing_up =
    "dbmate requires each migration to define an up block with '-- migrate:up'";
constexpr const char* missing_down =
    "dbmate requires each migration to define a down block with '-- migrate:down'";
constexpr const char* statement_before =
    "dbmate does not support statements preceding the '-- migrate:up' block";

/// The line of what was probably meant as the directive, and why it is none.
Error explain_missing_up(std::string_view contents) {
  if (contents.starts_with("\xEF\xBB\xBF")) {
    return located("missing_up", missing_up, 1,
                   "the file begins with a byte order mark: remove it");
  }
  static const RE2 attempt(R"((?mi)^.*migrate\s*:?\s*u.*$)", bytewise());
  re2::StringPiece match;
  const re2::StringPiece all(contents.data(), contents.size());
  if (attempt.Match(all, 0, all.size(), RE2::UNANCHORED, &match, 1)) {
    const auto offset = static_cast<std::size_t>(match.data() - all.data());
    return located("missing_up", missing_up, line_at(contents, offset),
                   "this line is no directive: it must start at column 1, in lower case, "
                   "with nothing but blanks or options after `up`");
  }
  return located("missing_up", missing_up, 1, "write `-- migrate:up` on a line of its own");
}

}  // namespace

Result<std::vector<MigrationSection>> parse_migration(std::string_view contents) {
  std::vector<std::size_t> ups = starts_of(up_directive(), contents);
  if (ups.empty()) return explain_missing_up(contents);
  if (const auto line = statement_line(contents.substr(0, ups.front()))) {
    return located("statement_before_up", statement_before, *line,
                   "only blank lines and `--` comments may precede it");
  }
  ups.push_back(contents.size());
  std::vector<std::vector<std::size_t>> downs;
  for (std::size_t i = 0; i + 1 < ups.size(); ++i) {
    downs.push_back(starts_of(down_directive(), contents.substr(ups[i], ups[i + 1] - ups[i])));
    if (downs.back().size() > 1) {
      return located("missing_up", missing_up, line_at(contents, ups[i] + downs.back()[1]),
                     "a second down block follows the same up block");
    }
  }
  std::vector<MigrationSection> sections;
  for (std::size_t i = 0; i + 1 < ups.size(); ++i) {
    if (downs[i].empty()) {
      return located("missing_down", missing_down, line_at(contents, ups[i]),
                     "this up block has no `-- migrate:down`");
    }
    const std::size_t down = ups[i] + downs[i].front();
    sections.push_back({block_of(contents, ups[i], down), block_of(contents, down, ups[i + 1])});
  }
  return sections;
}

std::string migration_version(std::string_view file_name) {
  static const RE2 pattern(R"(^(\d+).*\.sql$)", bytewise());
  std::string version;
  RE2::PartialMatch(re2::StringPiece(file_name.data(), file_name.size()), pattern, &version);
  return version;
}

int up_line_of(std::string_view contents) {
  static const RE2 pattern(R"((?m)^--[ \t]*migrate:up(?:[ \t\r]|$))", bytewise());
  re2::StringPiece match;
  const re2::StringPiece all(contents.data(), contents.size());
  if (!pattern.Match(all, 0, all.size(), RE2::UNANCHORED, &match, 1)) return 0;
  return line_at(contents, static_cast<std::size_t>(match.data() - all.data()));
}

}  // namespace muster::preflight
