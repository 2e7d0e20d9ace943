#include "runtimes/gate.hpp"

#include <algorithm>
#include <future>
#include <set>

#include "base/text.hpp"
#include "runtimes/names.hpp"
#include "runtimes/vocabulary.hpp"

namespace muster::runtimes {
namespace {

/// The rows of those names.
std::vector<Runtime> rows_of(const std::vector<Runtime>& rows, const std::set<std::string>& names) {
  std::vector<Runtime> found;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(found),
               [&names](const Runtime& row) { return names.contains(name_of(row)); });
  return found;
}

}  // namespace

Result<Gate> Gate::make(GateOptions options) {
  if (!options.try_capabilities) {
    options.try_capabilities = [environment = options.detect.environment](const auto& names) {
      return capabilities(names, environment);
    };
  }
  const Result<std::optional<Claims>> claims = claims_of(options.detect);
  if (!claims) return claims.error();
  return Gate(std::move(options), *claims ? (*claims)->names : std::vector<std::string>());
}

Result<std::optional<Requirement>> Gate::requirement(std::string_view tag) const {
  const std::optional<std::string_view> text = requirement_of_tag(tag);
  if (!text) {
    if (!means_requirement(tag)) return std::optional<Requirement>();
    return error("bad_requirement", "'" + printable(shorten(tag, 80)) + "' requires nothing",
                 "write @requires: and a name, as in @requires:python>=3.11");
  }
  Result<Requirement> parsed = parse_requirement(*text);
  if (!parsed) return parsed.error();
  Result<Requirement> known = Vocabulary(options_.rows, claimed_).resolve(std::move(*parsed));
  if (!known) return known.error();
  return std::optional<Requirement>(std::move(*known));
}

Result<void> Gate::find_out(const std::vector<Requirement>& requirements) {
  std::set<std::string> runtimes;
  std::set<std::string> others;
  for (const Requirement& each : requirements) {
    if (std::find(known_.begin(), known_.end(), each.name) != known_.end()) continue;
    (Vocabulary::is_capability(each.name) ? others : runtimes).insert(each.name);
  }
  std::future<std::vector<Capability>> tried;
  if (!others.empty()) {
    tried = std::async(std::launch::async, options_.try_capabilities,
                       std::vector<std::string>(others.begin(), others.end()));
  }
  if (!runtimes.empty()) {
    Result<Detection> found = detect(rows_of(options_.rows, runtimes), options_.detect);
    if (!found) return found.error();
    for (Verdict& verdict : found->verdicts) {
      if (runtimes.contains(verdict.name)) detection_.verdicts.push_back(std::move(verdict));
    }
  }
  if (tried.valid()) {
    for (Capability& each : tried.get()) capabilities_.push_back(std::move(each));
  }
  known_.insert(known_.end(), runtimes.begin(), runtimes.end());
  known_.insert(known_.end(), others.begin(), others.end());
  return {};
}

Result<Answer> Gate::answer(const std::vector<Requirement>& requirements) {
  if (Result<void> found = find_out(requirements); !found) return found.error();
  for (const Requirement& each : requirements) {
    Answer given = meets(each, detection_, capabilities_);
    if (!given.met) return given;
  }
  return Answer{true, {}};
}

Result<std::optional<std::string>> Gate::blocked(const std::vector<std::string>& tags) {
  std::vector<Requirement> requirements;
  for (const std::string& tag : tags) {
    Result<std::optional<Requirement>> required = requirement(tag);
    if (!required) return required.error();
    if (*required) requirements.push_back(std::move(**required));
  }
  Result<Answer> given = answer(requirements);
  if (!given) return given.error();
  return given->met ? std::nullopt : std::optional<std::string>(std::move(given->reason));
}

}  // namespace muster::runtimes
