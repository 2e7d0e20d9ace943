#include "judge/judgement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::judge {
namespace {

std::string about(const Json& program) {
  std::string text = string_at(program, "name") + "  ";
  text += program.contains("address") ? "at " + string_at(program, "address")
                                      : string_at(program, "path");
  text += " (" + string_at(program, "from") + ")";
  const std::string version = string_at(program, "version");
  const std::string digest = string_at(program, "sha256");
  const std::string problem = string_at(program, "problem");
  if (!version.empty()) text += "  version: " + version;
  if (!digest.empty()) text += "  sha256: " + digest.substr(0, 16) + "…";
  if (!problem.empty()) text += "  (" + problem + ")";
  return printable(text);
}

std::string told(const Finding& finding) {
  std::string text = fmt::format("  {:<10}  {}\n", to_string(finding.verdict), finding.rule);
  if (finding.verdict == Verdict::kept) return text;
  text += "              contract: " + finding.contract + "\n";
  const char* name = finding.verdict == Verdict::broken ? "evidence" : "because";
  std::string lead = fmt::format("              {}: ", name);
  for (const std::string& line : split(finding.evidence, '\n')) {
    text += lead + printable(line) + "\n";
    lead = "                ";
  }
  return text;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kept:
      return "kept";
    case Verdict::broken:
      return "broken";
    case Verdict::untried:
      return "untried";
    case Verdict::impossible:
      return "impossible";
  }
  return "";
}

std::size_t Judgement::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [&](const auto& each) { return each.verdict == verdict; }));
}

bool Judgement::passed() const {
  return count(Verdict::kept) > 0 && count(Verdict::broken) == 0 && count(Verdict::untried) == 0;
}

Json to_json(const Judgement& judgement) {
  Json rules = Json::array();
  for (const Finding& finding : judgement.findings) {
    Json rule = {{"id", finding.rule},
                 {"program", finding.program},
                 {"contract", finding.contract},
                 {"verdict", to_string(finding.verdict)},
                 {"took_ms", finding.took.count()}};
    if (!finding.evidence.empty()) rule["evidence"] = finding.evidence;
    rules.push_back(std::move(rule));
  }
  Json json = Json::object();
  json["schema_version"] = 1;
  json["kind"] = "programs";
  json["programs"] = judgement.programs;
  json["rules"] = std::move(rules);
  for (const Verdict verdict :
       {Verdict::kept, Verdict::broken, Verdict::untried, Verdict::impossible})
    json["counts"][std::string(to_string(verdict))] = judgement.count(verdict);
  json["passed"] = judgement.passed();
  return json;
}

std::string to_text(const Judgement& judgement, bool all) {
  std::string text;
  for (const Json& program : judgement.programs) {
    const std::string name = string_at(program, "name");
    text += about(program) + "\n";
    std::size_t kept = 0, judged = 0;
    for (const Finding& finding : judgement.findings) {
      if (finding.program != name) continue;
      ++judged;
      if (finding.verdict == Verdict::kept) ++kept;
      if (all || finding.verdict != Verdict::kept) text += told(finding);
    }
    text += fmt::format("  {} of {} rules kept\n", kept, judged);
  }
  text += fmt::format("programs: {} kept, {} broken, {} untried", judgement.count(Verdict::kept),
                      judgement.count(Verdict::broken), judgement.count(Verdict::untried));
  if (const std::size_t impossible = judgement.count(Verdict::impossible); impossible > 0)
    text += fmt::format(", {} impossible", impossible);
  return text + "\n";
}

}  // namespace muster::judge
