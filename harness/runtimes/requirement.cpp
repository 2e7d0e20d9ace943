#include "runtimes/requirement.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "runtimes/names.hpp"

namespace muster::runtimes {
namespace {

constexpr std::string_view tag_prefix = "@requires:";

}  // namespace

Result<Requirement> parse_requirement(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::size_t end = std::min(whole.find_first_of("=<>~^*"), whole.size());
  const std::string_view name = trim(whole.substr(0, end));
  const auto outside = std::find_if(name.begin(), name.end(), [](char c) {
    return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' &&
           c != '-' && c != '.' && c != '+' && c != '#';
  });
  if (name.empty() || outside != name.end()) {
    return error("bad_requirement",
                 "'" + printable(shorten(whole, 80)) + "' is no requirement: " +
                     (name.empty() ? "it names nothing"
                                   : "'" + printable(name) + "' is no name of a runtime"),
                 "write a name and, if need be, a constraint, as in python>=3.11");
  }
  Result<Constraint> constraint = Constraint::parse(whole.substr(end));
  if (!constraint) return constraint.error();
  return Requirement{normalize(name), std::move(*constraint), std::string(whole)};
}

std::optional<std::string_view> requirement_of_tag(std::string_view tag) {
  if (!tag.starts_with(tag_prefix)) return std::nullopt;
  return tag.substr(tag_prefix.size());
}

bool means_requirement(std::string_view tag) {
  for (const std::string_view stem : {"@requires", "@require"}) {
    if (tag.size() < stem.size() || !iequals(tag.substr(0, stem.size()), stem)) continue;
    const std::string_view rest = tag.substr(stem.size());
    if (rest.empty() || std::string_view(":=(<>~^ ").find(rest.front()) != std::string_view::npos)
      return true;
  }
  return false;
}

Answer judge(const Requirement& requirement, const std::string& version) {
  const std::string& name = requirement.name;
  if (requirement.constraint.any())
    return {true, version.empty() ? name + " is there" : name + " " + version};
  const Result<Version> read = parse_version(version);
  if (!read) {
    return {false, "the version of " + name + " is not known, and " +
                       requirement.constraint.text() + " is needed"};
  }
  if (requirement.constraint.matches(*read)) return {true, name + " " + version};
  return {false, name + " " + version + " does not satisfy " + requirement.constraint.text()};
}

Answer meets(const Requirement& requirement, const Json& worker_capabilities) {
  const Json runtimes = worker_capabilities.is_object()
                            ? worker_capabilities.value("runtimes", Json::array())
                            : Json::array();
  const bool listed =
      std::any_of(runtimes.begin(), runtimes.end(), [&requirement](const Json& each) {
        return each.is_string() && normalize(each.get<std::string>()) == requirement.name;
      });
  if (!listed) return {false, "it does not have " + requirement.name};
  const auto versions = worker_capabilities.find("versions");
  return judge(requirement, versions == worker_capabilities.end()
                                ? std::string()
                                : string_at(*versions, requirement.name));
}

}  // namespace muster::runtimes
