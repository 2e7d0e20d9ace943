#include <algorithm>

#include "base/text.hpp"
#include "preflight/import_check.hpp"

namespace muster::preflight {
namespace {

double milliseconds(std::chrono::nanoseconds duration) {
  return static_cast<double>(duration.count() / 1000) / 1000.0;
}

Json to_json(const ImportLink& link) {
  Json json{{"module", link.module}, {"file", link.file}, {"line", link.line}};
  if (link.function != "<module>") json["function"] = link.function;
  if (!link.imports.empty()) json["imports"] = link.imports;
  if (!link.text.empty()) json["text"] = link.text;
  return json;
}

Json to_json(const SoftMissing& soft) {
  Json json{{"name", soft.name},
            {"module", soft.module},
            {"file", soft.place.uri},
            {"line", soft.place.line},
            {"in_project", soft.in_project}};
  if (!soft.blocked_by.empty()) json["blocked"] = soft.blocked_by;
  return json;
}

Json to_json(const ImportAttribute& attribute) {
  Json json{{"name", attribute.name}, {"found", attribute.found}};
  if (attribute.found) {
    json["callable"] = attribute.callable;
    json["type"] = attribute.type;
  }
  json["value"] = attribute.value;
  if (!attribute.nearest.empty()) json["nearest"] = attribute.nearest;
  return json;
}

std::string plural(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// What a reader needs of a module's output: its last lines.
void show_output(std::string& text, const char* stream, const std::string& output) {
  for (const std::string& line : last_lines(output, 3))
    text += std::string("  ") + stream + ": " + printable(shorten(line, 200)) + "\n";
}

std::string soft_text(const SoftMissing& soft) {
  return soft.name + " at " + to_string(soft.place) +
         (soft.blocked_by.empty() ? ""
                                  : " (" + soft.blocked_by + " is installed, but not declared)");
}

}  // namespace

std::string_view name_of(ImportKind kind) {
  switch (kind) {
    case ImportKind::none:
      return "import";
    case ImportKind::target_missing:
      return "target-missing";
    case ImportKind::dependency_missing:
      return "dependency-missing";
    case ImportKind::name_missing:
      return "name-missing";
    case ImportKind::circular:
      return "circular";
    case ImportKind::exception:
      return "exception";
    case ImportKind::exited:
      return "exited";
    case ImportKind::signalled:
      return "signalled";
    case ImportKind::stub_missing:
      return "stub-missing";
    case ImportKind::stub_stale:
      return "stub-stale";
    case ImportKind::missing_init:
      return "missing-init";
    case ImportKind::timeout:
      return "timeout";
    case ImportKind::dev_only:
      return "dev-only";
    case ImportKind::attribute_missing:
      return "attribute-missing";
    case ImportKind::not_callable:
      return "not-callable";
    case ImportKind::interpreter:
      return "interpreter";
  }
  return "import";
}

std::string ImportResult::chain_text() const {
  if (kind == ImportKind::none) return "";
  std::string text;
  for (const ImportLink& link : chain) {
    text += link.module + ":" + std::to_string(link.line);
    if (link.function != "<module>") text += " (" + link.function + ")";
    text += " → ";
  }
  if (!text.empty()) text.resize(text.size() - std::string_view("→ ").size());
  return text + "✗ " + missing;
}

bool ImportReport::ok() const {
  const auto failed = [](const auto& result) { return result.status == Status::failed; };
  return !results.empty() && failures.empty() &&
         std::none_of(results.begin(), results.end(), failed) &&
         std::none_of(context.declarations.begin(), context.declarations.end(), failed);
}

Json to_json(const ImportResult& result) {
  Json json{{"module", result.module},
            {"status", name_of(result.status)},
            {"kind", name_of(result.kind)},
            {"duration_ms", milliseconds(result.duration)}};
  if (result.kind != ImportKind::none) {
    json["chain"] = Json::array();
    for (const ImportLink& link : result.chain) json["chain"].push_back(to_json(link));
    json["chain_text"] = result.chain_text();
    json["missing"] = result.missing;
    json["expected"] = result.expected;
    json["found"] = result.found;
    json["hint"] = result.hint;
    json["file"] = result.place.uri;
    if (result.place.line > 0) json["line"] = result.place.line;
  }
  if (!result.loop.empty()) json["loop"] = result.loop;
  if (!result.message.empty()) json["message"] = result.message;
  for (const ImportAttribute& attribute : result.attributes)
    json["attributes"].push_back(to_json(attribute));
  for (const SoftMissing& soft : result.soft_missing) json["soft_missing"].push_back(to_json(soft));
  if (!result.warnings.empty()) json["warnings"] = result.warnings;
  if (!result.out.empty()) json["stdout"] = result.out;
  if (!result.err.empty()) json["stderr"] = result.err;
  return json;
}

Json to_json(const ImportReport& report) {
  Json closure{{"enforced", report.context.closure}, {"distributions", report.context.allowed}};
  if (!report.context.closure_reason.empty()) closure["reason"] = report.context.closure_reason;
  Json json{{"project", report.context.project},
            {"interpreter", report.context.interpreter},
            {"version", report.context.version},
            {"search_paths", report.context.search_paths},
            {"closure", std::move(closure)},
            {"declarations", Json::array()},
            {"results", Json::array()},
            {"soft_missing", Json::array()},
            {"failures", Json::array()},
            {"ok", report.ok()},
            {"duration_ms", milliseconds(report.duration)}};
  for (const CheckResult& result : report.context.declarations)
    json["declarations"].push_back(to_json(result));
  for (const ImportResult& result : report.results) json["results"].push_back(to_json(result));
  for (const SoftMissing& soft : report.soft_missing) json["soft_missing"].push_back(to_json(soft));
  for (const CheckResult& result : report.failures) json["failures"].push_back(to_json(result));
  return json;
}

std::string render(const ImportResult& result) {
  std::string text = printable(result.module) + ": " + std::string(name_of(result.status));
  if (result.kind != ImportKind::none) {
    text += " (" + std::string(name_of(result.kind)) + ")\n";
    text += "  " + printable(result.chain_text()) + "\n";
    const std::string place = to_string(result.place);
    if (!place.empty()) text += "  at: " + printable(place) + "\n";
    if (!result.chain.empty() && !result.chain.back().text.empty())
      text += "  line: " + printable(result.chain.back().text) + "\n";
    text += "  expected: " + printable(result.expected) + "\n";
    text += "  found: " + printable(result.found) + "\n";
    if (!result.message.empty() && result.message != result.found)
      text += "  said: " + printable(shorten(result.message, 400)) + "\n";
    if (!result.hint.empty()) text += "  hint: " + printable(result.hint) + "\n";
    show_output(text, "stdout", result.out);
    show_output(text, "stderr", result.err);
  } else {
    text += "\n";
  }
  for (const std::string& warning : result.warnings)
    text += "  warning: " + printable(warning) + "\n";
  return text;
}

std::string render(const ImportReport& report) {
  std::string text;
  for (const CheckResult& result : report.failures) text += render(result);
  for (const CheckResult& result : report.context.declarations) text += render(result);
  for (const ImportResult& result : report.results) text += render(result);
  std::size_t others = 0;
  bool headed = false;
  for (const SoftMissing& soft : report.soft_missing) {
    if (!soft.in_project) {
      ++others;
      continue;
    }
    if (!headed) text += "caught, so that less works here:\n";
    headed = true;
    text += "  " + printable(soft_text(soft)) + "\n";
  }
  if (others > 0) text += plural(others, "optional import") + " of dependencies caught as well\n";
  const auto failed = std::count_if(report.results.begin(), report.results.end(),
                                    [](const auto& r) { return r.status == Status::failed; });
  text += plural(report.results.size(), "module") + ", " + std::to_string(failed) + " failed";
  if (!report.context.version.empty()) text += ", Python " + report.context.version;
  if (report.context.closure)
    text += ", production closure of " + plural(report.context.allowed.size(), "distribution");
  else if (!report.context.closure_reason.empty())
    text += ", no production closure: " + report.context.closure_reason;
  return text + "\n";
}

CheckResult check_result(const ImportResult& result) {
  CheckResult check;
  check.subject = result.module;
  check.check = std::string(name_of(result.kind));
  check.status = result.status;
  check.expected = result.expected;
  check.found = result.found;
  if (result.kind != ImportKind::none && !result.chain.empty())
    check.found += ": " + result.chain_text();
  check.place = result.place;
  check.hint = result.hint;
  check.duration = result.duration;
  return check;
}

std::vector<CheckResult> check_results(const ImportReport& report) {
  std::vector<CheckResult> list = report.failures;
  list.insert(list.end(), report.context.declarations.begin(), report.context.declarations.end());
  for (const ImportResult& result : report.results) {
    list.push_back(check_result(result));
    for (const std::string& warning : result.warnings) {
      CheckResult check;
      check.subject = result.module;
      check.check = "side-effect";
      check.status = Status::warned;
      check.expected = "an import without side effects";
      check.found = warning;
      check.place = result.place;
      check.hint = "do it when it is needed, not at import";
      list.push_back(std::move(check));
    }
  }
  for (const SoftMissing& soft : report.soft_missing) {
    if (!soft.in_project) continue;
    CheckResult check;
    check.subject = soft.module;
    check.check = "soft-missing";
    check.status = Status::warned;
    check.expected = soft.name + " importable";
    check.found = soft_text(soft) + ": the failure is caught";
    check.place = soft.place;
    check.hint = "declare it, or accept that the deployment goes without it";
    list.push_back(std::move(check));
  }
  return list;
}

}  // namespace muster::preflight
