// Every operator becomes a range between two bounds, so that matching is one comparison per bound
// and the pre-release rule stands in one place.
#include "runtimes/constraint.hpp"

#include "base/text.hpp"

namespace muster::runtimes {
namespace {

/// The part's version, and how many of its numbers come before a `*`.
struct Operand {
  Version version;
  bool wildcard = false;
};

Result<Operand> parse_operand(std::string_view text) {
  Operand operand;
  if (text == "*") return Operand{Version{0, 0, 0, "", 0}, true};
  std::string_view numbers = text;
  while (numbers.ends_with(".*") || numbers.ends_with(".x") || numbers.ends_with(".X")) {
    numbers.remove_suffix(2);
    operand.wildcard = true;
  }
  Result<Version> version = parse_version(numbers);
  if (!version) return version.error();
  operand.version = std::move(*version);
  if (operand.wildcard && (operand.version.given == 3 || !operand.version.pre.empty())) {
    return error("bad_version", "a * stands where no number is left");
  }
  return operand;
}

/// The lowest version above all whose first `kept` numbers are those of `version`.
Version above(const Version& version, int kept) {
  if (kept == 1) return {version.major + 1, 0, 0, "", 3};
  if (kept == 2) return {version.major, version.minor + 1, 0, "", 3};
  return {version.major, version.minor, version.patch + 1, "", 3};
}

int kept_by_caret(const Operand& operand) {
  const Version& version = operand.version;
  if (version.major != 0 || (operand.wildcard && version.given == 1)) return 1;
  if (version.minor != 0 || (operand.wildcard && version.given == 2)) return 2;
  return 3;
}

std::string_view take_operator(std::string_view& part) {
  for (const std::string_view each : {">=", "<=", "==", "=", ">", "<", "~", "^"}) {
    if (!part.starts_with(each)) continue;
    part = trim(part.substr(each.size()));
    return each;
  }
  return {};
}

}  // namespace

Result<std::optional<Constraint::Range>> Constraint::parse_part(std::string_view part) {
  std::string_view rest = part;
  const std::string_view op = take_operator(rest);
  const Result<Operand> operand = parse_operand(rest);
  if (!operand) {
    return error("bad_constraint",
                 "'" + printable(shorten(part, 80)) + "' is no constraint: " +
                     (rest.empty() ? "no version follows the operator" : operand.error().message),
                 "write an operator (= > >= < <= ~ ^) and a version, with commas between");
  }
  const Version& version = operand->version;
  Range range;
  if (operand->wildcard && version.given == 0) {
    if (op.empty() || op == "=" || op == "==" || op == ">=" || op == "<=" || op == "~" || op == "^")
      return std::optional<Range>();
    return error("bad_constraint", "'" + std::string(part) + "' is satisfied by no version");
  }
  if (!version.pre.empty()) range.pre = version;
  const int wild = operand->wildcard ? version.given : 0;
  const Bound end_of_wild{above(version, wild), false};
  if (op == ">=") {
    range.low = Bound{version};
  } else if (op == "<") {
    range.high = Bound{version, false};
  } else if (op == ">") {
    range.low = wild != 0 ? Bound{end_of_wild.version, true} : Bound{version, false};
  } else if (op == "<=") {
    range.high = wild != 0 ? end_of_wild : Bound{version};
  } else if (op == "^") {
    range.low = Bound{version};
    range.high = Bound{above(version, kept_by_caret(*operand)), false};
  } else if (wild != 0) {
    range.low = Bound{version};
    range.high = end_of_wild;
  } else if (op == "=" || op == "==") {
    range.low = range.high = Bound{version};
  } else {
    range.low = Bound{version};
    range.high = Bound{above(version, 2), false};
  }
  return std::optional<Range>(std::move(range));
}

Result<Constraint> Constraint::parse(std::string_view text) {
  Constraint constraint;
  constraint.text_ = trim(text);
  for (const std::string& each : split(constraint.text_, ',')) {
    const std::string_view part = trim(each);
    if (part.empty()) continue;
    Result<std::optional<Range>> range = parse_part(part);
    if (!range) return range.error();
    if (*range) constraint.ranges_.push_back(std::move(**range));
  }
  return constraint;
}

bool Constraint::matches(const Version& version) const {
  bool meant = version.pre.empty();
  for (const Range& range : ranges_) {
    if (range.low) {
      const int order = version.compare(range.low->version);
      if (order < 0 || (order == 0 && !range.low->inclusive)) return false;
    }
    if (range.high) {
      const int order = version.compare(range.high->version);
      if (order > 0 || (order == 0 && !range.high->inclusive)) return false;
    }
    meant = meant || (range.pre && range.pre->major == version.major &&
                      range.pre->minor == version.minor && range.pre->patch == version.patch);
  }
  return meant;
}

Result<bool> satisfies(std::string_view version, std::string_view constraint) {
  const Result<Version> read = parse_version(version);
  if (!read) return read.error();
  const Result<Constraint> wanted = Constraint::parse(constraint);
  if (!wanted) return wanted.error();
  return wanted->matches(*read);
}

Result<std::optional<std::size_t>> best_version(const std::vector<VersionChoice>& choices,
                                                std::string_view constraint) {
  const Result<Constraint> wanted = Constraint::parse(constraint);
  if (!wanted) return wanted.error();
  const bool asked = !wanted->text().empty();
  std::optional<std::size_t> best;
  std::optional<Version> highest;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (!choices[i].available) continue;
    if (!asked && choices[i].is_default) return std::optional<std::size_t>(i);
    const Result<Version> version = parse_version(choices[i].version);
    if (!version || (asked && !wanted->matches(*version))) continue;
    if (highest && !(*highest < *version)) continue;
    highest = *version;
    best = i;
  }
  return best;
}

}  // namespace muster::runtimes
