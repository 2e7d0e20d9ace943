#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/text.hpp"
#include "profile/audit.hpp"

namespace muster::profile {
namespace {

constexpr SubjectKind kKinds[] = {SubjectKind::entry_point, SubjectKind::module,
                                  SubjectKind::script,      SubjectKind::config_key,
                                  SubjectKind::migrations,  SubjectKind::proto};

/// What people call several of a kind.
std::string_view plural(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::entry_point:
      return "entry points";
    case SubjectKind::module:
      return "modules";
    case SubjectKind::script:
      return "scripts";
    case SubjectKind::config_key:
      return "config keys";
    case SubjectKind::migrations:
      return "migrations";
    case SubjectKind::proto:
      return "proto files";
  }
  return "";
}

/// The sentence of a scenario about several subjects of a kind.
std::string_view sentence(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::entry_point:
      return "Every entry point can be called";
    case SubjectKind::module:
      return "Modules are importable";
    case SubjectKind::script:
      return "Scripts are executable";
    case SubjectKind::config_key:
      return "The configuration is complete";
    case SubjectKind::migrations:
      return "Migrations are valid";
    case SubjectKind::proto:
      return "Proto stubs are generated and importable";
  }
  return "";
}

/// Keywords as people read steps: the first states, loads or imports, the others follow.
std::string keyword_of(const std::string& step) {
  if (step.starts_with("I ")) return "When ";
  return step.starts_with("migration files exist") || step.ends_with("\" exists") ? "Given "
                                                                                  : "Then ";
}

std::string with_keywords(const std::vector<std::string>& steps) {
  std::string out;
  std::string before;
  for (const std::string& step : steps) {
    const std::string keyword = keyword_of(step);
    out += "    " + (keyword == before ? std::string("And ") : keyword) + step + "\n";
    before = keyword;
  }
  return out;
}

void append_new(std::vector<std::string>& steps, const std::vector<std::string>& more) {
  for (const std::string& step : more) {
    if (std::find(steps.begin(), steps.end(), step) == steps.end()) steps.push_back(step);
  }
}

/// The scenarios of one kind: migrations one for each folder, the others one for all.
std::vector<std::string> scenarios_of(const Audit& audit, SubjectKind kind) {
  std::vector<std::vector<const Subject*>> groups;
  for (const Subject& subject : audit.subjects) {
    if (subject.kind != kind || subject.covered()) continue;
    if (groups.empty() || kind == SubjectKind::migrations) groups.emplace_back();
    groups.back().push_back(&subject);
  }
  std::vector<std::string> scenarios;
  for (const auto& group : groups) {
    std::vector<std::string> steps = group.front()->first;
    for (const Subject* subject : group) append_new(steps, subject->steps);
    append_new(steps, group.front()->last);
    // what is asked of modules comes behind their imports
    if (kind == SubjectKind::module) {
      std::stable_partition(steps.begin(), steps.end(), [](const std::string& step) {
        return step.find(".__version__ ") == std::string::npos;
      });
    }
    std::string name(sentence(kind));
    // a later run may add a scenario of the same kind: what it is about tells them apart
    name += ": " + shorten(printable(group.front()->name), 60);
    if (group.size() > 1) name += fmt::format(" and {} more", group.size() - 1);
    scenarios.push_back("  @tier-0\n  Scenario: " + name + "\n" + with_keywords(steps));
  }
  return scenarios;
}

}  // namespace

std::string render(const Audit& audit) {
  std::string out;
  for (const SubjectKind kind : kKinds) {
    std::size_t all = 0;
    std::size_t covered = 0;
    for (const Subject& subject : audit.subjects) {
      if (subject.kind != kind) continue;
      ++all;
      if (subject.covered()) ++covered;
    }
    if (all > 0)
      out += fmt::format("{:<13} {} of {} named by a scenario\n", plural(kind), covered, all);
  }
  for (const Subject& subject : audit.subjects) {
    if (subject.covered()) continue;
    const std::string place = to_string(subject.place);
    out += fmt::format("\n{}: {}{}\n", name_of(subject.kind), printable(subject.name),
                       place.empty() || place == subject.name ? "" : " (" + printable(place) + ")");
    out += "  found: " + subject.why + "\n  hint: ";
    out += join(subject.steps, "\n        ") + "\n";
  }
  for (const Error& problem : audit.problems) out += "\n" + render(problem);
  if (audit.subjects.empty()) {
    out += "audit: nothing that could break a deployment was found: is this the project?\n";
  } else if (audit.ok()) {
    out += fmt::format("audit: {} of {} have a scenario\n", audit.subjects.size(),
                       audit.subjects.size());
  } else {
    out += fmt::format("\naudit: {} of {} have no scenario{}\n", audit.uncovered(),
                       audit.subjects.size(),
                       audit.problems.empty() ? "" : ", and some could not be listed");
  }
  return out;
}

Json to_json(const Audit& audit) {
  Json subjects = Json::array();
  for (const Subject& subject : audit.subjects) {
    Json made = {
        {"kind", name_of(subject.kind)}, {"name", subject.name}, {"covered", subject.covered()}};
    if (!subject.place.uri.empty()) made["file"] = subject.place.uri;
    if (subject.place.line > 0) made["line"] = subject.place.line;
    if (subject.covered()) {
      made["by"] = subject.covered_by;
    } else {
      made["why"] = subject.why;
      made["steps"] = subject.steps;
    }
    subjects.push_back(std::move(made));
  }
  Json problems = Json::array();
  for (const Error& problem : audit.problems) {
    problems.push_back({{"code", problem.code},
                        {"message", problem.message},
                        {"place", to_string(problem.place)}});
  }
  return {{"project", audit.project},        {"subjects", std::move(subjects)},
          {"problems", std::move(problems)}, {"total", audit.subjects.size()},
          {"uncovered", audit.uncovered()},  {"ok", audit.ok()}};
}

std::string scenarios_for(const Audit& audit, bool more) {
  std::string out;
  for (const SubjectKind kind : kKinds) {
    for (const std::string& scenario : scenarios_of(audit, kind)) out += "\n" + scenario;
  }
  if (out.empty() || more) return out;
  return "Feature: What the project ships beside\n"
         "  Written by `muster profile audit --write`: what could break a deployment and was named "
         "by no other scenario.\n"
         "  It is yours to edit; what is missing is added at the end.\n" +
         out;
}

Result<std::size_t> write_scenarios(const Audit& audit, const std::string& file) {
  namespace fs = std::filesystem;
  std::size_t count = 0;
  for (const SubjectKind kind : kKinds) count += scenarios_of(audit, kind).size();
  if (count == 0) return count;
  std::error_code failed;
  fs::create_directories(fs::path(file).parent_path(), failed);
  std::string text;
  if (std::ifstream in(file, std::ios::binary); in)
    text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  const bool more = !trim(text).empty();
  if (more && !text.ends_with('\n')) text += '\n';
  text += scenarios_for(audit, more);
  const std::string beside = file + ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) fs::rename(beside, file, failed);
  if (!out || failed) {
    std::error_code ignored;
    fs::remove(beside, ignored);
    return error("audit_unwritten", "can not write " + file);
  }
  return count;
}

}  // namespace muster::profile
