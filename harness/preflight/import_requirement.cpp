#include "preflight/import_requirement.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text.hpp"
#include "preflight/import_project.hpp"

namespace muster::preflight {
namespace {

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

/// A version of PEP 440: epoch, release, and what comes before or after it, in its order.
struct Version {
  std::vector<long> release;
  long epoch = 0;
  /// -4 for .dev of the release itself, -3 a, -2 b, -1 rc, 0 final, 1 post; then its number.
  int phase = 0;
  long number = 0;
  bool dev = false;
  long dev_number = 0;
};

class VersionReader {
 public:
  explicit VersionReader(std::string_view text) : text_(text) {}

  std::optional<Version> read() {
    Version version;
    accept("v");
    long first = 0;
    if (!number(first)) return std::nullopt;
    if (accept("!")) {
      version.epoch = first;
      if (!number(first)) return std::nullopt;
    }
    version.release.push_back(first);
    while (at_ + 1 < text_.size() && text_[at_] == '.' &&
           std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0) {
      ++at_;
      number(first);
      version.release.push_back(first);
    }
    while (version.release.size() > 1 && version.release.back() == 0) version.release.pop_back();
    phase(version);
    if (at_ < text_.size() && text_[at_] == '+') return version;
    if (at_ != text_.size()) return std::nullopt;
    return version;
  }

 private:
  bool accept(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool number(long& value) {
    const char* end = text_.data() + text_.size();
    const auto read = std::from_chars(text_.data() + at_, end, value);
    if (read.ec != std::errc() || value < 0) return false;
    at_ = static_cast<std::size_t>(read.ptr - text_.data());
    return true;
  }

  void separator() {
    if (at_ < text_.size() && std::string_view(".-_").find(text_[at_]) != std::string::npos) ++at_;
  }

  void phase(Version& version) {
    static constexpr std::pair<std::string_view, int> words[] = {
        {"alpha", -3}, {"a", -3}, {"beta", -2}, {"b", -2},  {"preview", -1}, {"pre", -1},
        {"rc", -1},    {"c", -1}, {"post", 1},  {"rev", 1}, {"r", 1},
    };
    for (bool more = true; more;) {
      more = false;
      const std::size_t start = at_;
      separator();
      if (accept("dev")) {
        separator();
        version.dev = true;
        if (!number(version.dev_number)) version.dev_number = 0;
        continue;
      }
      for (const auto& [word, phase] : words) {
        if (!accept(word)) continue;
        separator();
        version.phase = phase;
        if (!number(version.number)) version.number = 0;
        more = true;
        break;
      }
      if (!more) at_ = start;
    }
    // `1.0.dev2` comes before every phase of 1.0.
    if (version.dev && version.phase == 0) version.phase = -4;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<Version> read_version(std::string_view text) {
  const std::string lower = to_lower(trim(text));
  return VersionReader(lower).read();
}

int order(long a, long b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int compare(const Version& a, const Version& b) {
  if (const int by = order(a.epoch, b.epoch); by != 0) return by;
  for (std::size_t i = 0; i < std::max(a.release.size(), b.release.size()); ++i) {
    const long left = i < a.release.size() ? a.release[i] : 0;
    const long right = i < b.release.size() ? b.release[i] : 0;
    if (const int by = order(left, right); by != 0) return by;
  }
  if (const int by = order(a.phase, b.phase); by != 0) return by;
  if (const int by = order(a.number, b.number); by != 0) return by;
  if (a.dev != b.dev) return a.dev ? -1 : 1;
  return order(a.dev_number, b.dev_number);
}

/// The versions that start with the release of `prefix` (`==1.2.*`).
bool has_prefix(const Version& version, const Version& prefix, std::size_t parts) {
  if (version.epoch != prefix.epoch) return false;
  for (std::size_t i = 0; i < parts; ++i) {
    const long left = i < version.release.size() ? version.release[i] : 0;
    const long right = i < prefix.release.size() ? prefix.release[i] : 0;
    if (left != right) return false;
  }
  return true;
}

std::optional<bool> satisfies(const Version& version, std::string_view clause) {
  clause = trim(clause);
  const std::size_t length = std::min(clause.find_first_not_of("<>=!~"), clause.size());
  const std::string_view op = clause.substr(0, length);
  std::string_view wanted = trim(clause.substr(length));
  const bool wild = wanted.ends_with(".*");
  if (wild) wanted.remove_suffix(2);
  const std::optional<Version> other = read_version(wanted);
  if (!other) return std::nullopt;
  const std::size_t parts =
      static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), '.')) + 1;
  const int by = compare(version, *other);
  if (op == "==" || op == "===") return wild ? has_prefix(version, *other, parts) : by == 0;
  if (op == "!=") return wild ? !has_prefix(version, *other, parts) : by != 0;
  if (op == ">=") return by >= 0;
  if (op == "<=") return by <= 0;
  if (op == ">") return by > 0;
  if (op == "<") return by < 0;
  if (op == "~=") return by >= 0 && parts > 1 && has_prefix(version, *other, parts - 1);
  return std::nullopt;
}

/// `marker_or = marker_and ("or" marker_and)*`, and so on, over the text itself.
class MarkerReader {
 public:
  MarkerReader(std::string_view text, const Markers& markers,
               const std::vector<std::string>& extras)
      : text_(text), markers_(markers), extras_(extras) {}

  Result<bool> read() {
    const bool value = either(0);
    blanks();
    if (problem_.empty() && at_ != text_.size()) problem_ = "something follows it";
    if (!problem_.empty())
      return muster::error("marker",
                           "can not read the marker " + std::string(text_) + ": " + problem_);
    return value;
  }

 private:
  struct Term {
    std::string text;
    std::string variable;  ///< its name, or empty for a string
  };

  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool word(std::string_view wanted) {
    blanks();
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(wanted)) return false;
    if (rest.size() > wanted.size() && is_name_byte(rest[wanted.size()])) return false;
    at_ += wanted.size();
    return true;
  }

  bool either(int depth) {
    bool value = both(depth);
    while (problem_.empty() && word("or")) value = both(depth) || value;
    return value;
  }

  bool both(int depth) {
    bool value = one(depth);
    while (problem_.empty() && word("and")) value = one(depth) && value;
    return value;
  }

  bool one(int depth) {
    blanks();
    if (at_ < text_.size() && text_[at_] == '(') {
      if (depth > 50) return fail("nested too deeply");
      ++at_;
      const bool value = either(depth + 1);
      blanks();
      if (at_ >= text_.size() || text_[at_] != ')') return fail("a parenthesis is not closed");
      ++at_;
      return value;
    }
    const Term left = term();
    const std::string op = comparison();
    const Term right = term();
    return problem_.empty() && holds(left, op, right);
  }

  Term term() {
    blanks();
    if (at_ >= text_.size()) {
      fail("it ends early");
      return {};
    }
    const char quote = text_[at_];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) {
        fail("a string is not closed");
        return {};
      }
      Term term{std::string(text_.substr(at_ + 1, end - at_ - 1)), ""};
      at_ = end + 1;
      return term;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    Term term;
    term.variable = std::string(text_.substr(start, at_ - start));
    if (term.variable == "extra") return term;
    const auto known = markers_.find(term.variable);
    if (known == markers_.end())
      fail("unknown variable " + term.variable);
    else
      term.text = known->second;
    return term;
  }

  std::string comparison() {
    if (word("not")) {
      if (!word("in")) fail("not without in");
      return "not in";
    }
    if (word("in")) return "in";
    blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view("<>=!~").find(text_[at_]) != std::string::npos)
      ++at_;
    if (at_ == start) fail("a comparison is missing");
    return std::string(text_.substr(start, at_ - start));
  }

  bool holds(const Term& left, const std::string& op, const Term& right) {
    if (left.variable == "extra" || right.variable == "extra") {
      const std::string wanted = normalised_name(left.variable == "extra" ? right.text : left.text);
      const bool has = std::find(extras_.begin(), extras_.end(), wanted) != extras_.end();
      return op == "!=" ? !has : has;
    }
    if (op == "in") return right.text.find(left.text) != std::string::npos;
    if (op == "not in") return right.text.find(left.text) == std::string::npos;
    if (const std::optional<Version> version = read_version(left.text)) {
      if (const std::optional<bool> among = satisfies(*version, op + right.text)) return *among;
    }
    if (op == "==" || op == "===") return left.text == right.text;
    if (op == "!=") return left.text != right.text;
    if (op == "<") return left.text < right.text;
    if (op == "<=") return left.text <= right.text;
    if (op == ">") return left.text > right.text;
    if (op == ">=") return left.text >= right.text;
    return fail("unknown comparison " + op);
  }

  bool fail(const std::string& why) {
    if (problem_.empty()) problem_ = why;
    return false;
  }

  std::string_view text_;
  const Markers& markers_;
  const std::vector<std::string>& extras_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace

Result<Requirement> parse_requirement(std::string_view text) {
  const std::string_view whole = trim(text);
  std::string_view rest = whole;
  const auto bad = [&whole](const std::string& why) {
    return error("requirement", "can not read the requirement " + std::string(whole) + ": " + why);
  };
  Requirement made;
  std::size_t length = 0;
  while (length < rest.size() && is_name_byte(rest[length])) ++length;
  if (length == 0 || std::isalnum(static_cast<unsigned char>(rest[0])) == 0)
    return bad("it does not start with a name");
  made.name = normalised_name(rest.substr(0, length));
  rest = trim(rest.substr(length));
  if (rest.starts_with("[")) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return bad("the extras are not closed");
    for (const std::string& extra : split(rest.substr(1, end - 1), ',')) {
      if (!trim(extra).empty()) made.extras.push_back(normalised_name(trim(extra)));
    }
    rest = trim(rest.substr(end + 1));
  }
  if (rest.starts_with("@")) {
    // A URL may hold a `;`; the marker stands behind a blank.
    const std::size_t marker = rest.find(" ;");
    if (marker != std::string_view::npos) made.marker = std::string(trim(rest.substr(marker + 2)));
    return made;
  }
  const std::size_t marker = rest.find(';');
  if (marker != std::string_view::npos) {
    made.marker = std::string(trim(rest.substr(marker + 1)));
    rest = trim(rest.substr(0, marker));
  }
  if (rest.starts_with("(") && rest.ends_with(")")) rest = rest.substr(1, rest.size() - 2);
  if (!rest.empty() && std::string_view("<>=!~").find(rest[0]) == std::string_view::npos)
    return bad("what follows the name is no version");
  made.versions = std::string(trim(rest));
  return made;
}

Result<bool> marker_holds(const std::string& marker, const Markers& markers,
                          const std::vector<std::string>& extras) {
  if (trim(marker).empty()) return true;
  return MarkerReader(trim(marker), markers, extras).read();
}

std::optional<int> compare_versions(std::string_view a, std::string_view b) {
  const std::optional<Version> left = read_version(a);
  const std::optional<Version> right = read_version(b);
  if (!left || !right) return std::nullopt;
  return compare(*left, *right);
}

std::optional<bool> version_among(std::string_view version, std::string_view versions) {
  const std::optional<Version> read = read_version(version);
  if (!read) return std::nullopt;
  if (trim(versions).empty()) return true;
  for (const std::string& clause : split(versions, ',')) {
    if (trim(clause).empty()) continue;
    const std::optional<bool> holds = satisfies(*read, clause);
    if (!holds || !*holds) return holds;
  }
  return true;
}

}  // namespace muster::preflight
