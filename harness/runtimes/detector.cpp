#include "runtimes/detector.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "runtimes/names.hpp"

namespace muster::runtimes {
namespace {

/// The rows that `claims` name, and the names that no row has.
struct Chosen {
  std::set<std::string> refs;
  std::vector<std::string> unknown;
  std::vector<std::string> names;
};

Chosen choose(const Claims& claims, const NameTable& table) {
  Chosen chosen;
  for (const std::string& claim : claims.names) {
    std::string name = table.resolve(claim);
    if (std::find(chosen.names.begin(), chosen.names.end(), name) != chosen.names.end()) continue;
    if (const Runtime* row = table.find(claim)) {
      chosen.refs.insert(row->ref);
    } else {
      chosen.unknown.push_back(name);
    }
    chosen.names.push_back(std::move(name));
  }
  return chosen;
}

Verdict left_out(const Runtime& row, const std::string& origin) {
  Verdict verdict;
  verdict.name = name_of(row);
  verdict.ref = row.ref;
  verdict.reason = Reason::overridden;
  verdict.detail = origin + " leaves it out";
  return verdict;
}

Verdict without_row(const std::string& name, const std::string& origin) {
  Verdict verdict;
  verdict.name = name;
  verdict.detail = origin + " names it, but no row says how to verify it";
  return verdict;
}

}  // namespace

Result<std::optional<Claims>> claims_of(const DetectOptions& options) {
  Result<std::optional<Claims>> told = claims_of_environment(options.role, options.environment);
  if (!told || *told) return told;
  return claims_of_configuration(options.role, options.configured);
}

Result<Detection> detect(const std::vector<Runtime>& rows, const DetectOptions& options) {
  Result<std::optional<Claims>> claims = claims_of(options);
  if (!claims) return claims.error();
  Detection detection;
  detection.role = options.role;
  Chosen chosen;
  std::vector<Runtime> asked;
  if (*claims) {
    detection.source = (*claims)->source;
    detection.origin = (*claims)->origin;
    chosen = choose(**claims, NameTable(rows));
    detection.claimed = chosen.names;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(asked),
                 [&chosen](const Runtime& row) { return chosen.refs.contains(row.ref); });
  } else {
    asked = rows;
  }
  Result<std::vector<Verdict>> verdicts = verify(asked, options.verify);
  if (!verdicts) return verdicts.error();
  auto verified = verdicts->begin();
  for (const Runtime& row : rows) {
    const bool was_asked = !*claims || chosen.refs.contains(row.ref);
    detection.verdicts.push_back(was_asked ? std::move(*verified++)
                                           : left_out(row, detection.origin));
  }
  for (const std::string& name : chosen.unknown)
    detection.verdicts.push_back(without_row(name, detection.origin));
  std::set<std::string> available;
  for (const Verdict& verdict : detection.verdicts) {
    if (verdict.available) available.insert(verdict.name);
  }
  detection.runtimes.assign(available.begin(), available.end());
  return detection;
}

const Verdict* verdict_on(const Detection& detection, std::string_view name) {
  const std::string normal = normalize(name);
  const Verdict* found = nullptr;
  for (const Verdict& verdict : detection.verdicts) {
    if (verdict.name != normal && verdict.ref != normal) continue;
    if (verdict.available) return &verdict;
    if (found == nullptr) found = &verdict;
  }
  return found;
}

Json to_json(const Detection& detection) {
  Json verdicts = Json::array();
  for (const Verdict& verdict : detection.verdicts) verdicts.push_back(to_json(verdict));
  Json json{{"role", to_string(detection.role)},
            {"source", to_string(detection.source)},
            {"claimed", detection.claimed},
            {"runtimes", detection.runtimes},
            {"verdicts", std::move(verdicts)}};
  if (!detection.origin.empty()) json["origin"] = detection.origin;
  return json;
}

Json capabilities_of(const Detection& detection) {
  Json versions = Json::object();
  for (const Verdict& verdict : detection.verdicts) {
    if (verdict.available && !verdict.version.empty() && !versions.contains(verdict.name))
      versions[verdict.name] = verdict.version;
  }
  Json json{{"runtimes", detection.runtimes},
            {"versions", std::move(versions)},
            {"source", to_string(detection.source)}};
  if (detection.source == Source::database) return json;
  json["origin"] = detection.origin;
  json["claimed"] = detection.claimed;
  return json;
}

}  // namespace muster::runtimes
