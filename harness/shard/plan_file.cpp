#include "shard/plan_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "base/json_members.hpp"
#include "shard/sealed.hpp"

namespace muster::shard {
namespace {

Json to_json(const Content& content) {
  Json files = Json::array();
  for (const auto& [uri, digest] : content.files)
    files.push_back({{"uri", uri}, {"sha256", digest}});
  return {{"version", content.version},
          {"library", content.library},
          {"settings", Json(content.settings)},
          {"files", std::move(files)},
          {"cases", content.cases}};
}

Json to_json(const PlannedCase& planned) {
  return {{"case",
           {{"key", planned.key},
            {"pickle", planned.pickle},
            {"uri", planned.uri},
            {"line", planned.line},
            {"name", planned.name},
            {"locks", planned.locks},
            {"ms", planned.ms},
            {"shard", planned.shard + 1}}}};
}

std::map<std::string, std::string> texts_of(Members& members, const char* name) {
  std::map<std::string, std::string> found;
  const auto at = members.json().find(name);
  if (at == members.json().end() || !at->is_object()) return found;
  for (const auto& [key, value] : at->items()) {
    if (value.is_string()) found[key] = value.get<std::string>();
  }
  return found;
}

Result<Content> content_of(const Json& json) {
  Members members(json, "content");
  Content made;
  made.version = members.text("version");
  made.library = members.text("library");
  made.settings = texts_of(members, "settings");
  members.each_of("files", [&](Members& file) {
    std::string uri = file.text("uri");
    made.files.emplace_back(std::move(uri), file.text("sha256"));
  });
  made.cases = members.text("cases");
  if (const auto fits = members.verdict("plan_shape", "the plan"); !fits) return fits.error();
  return made;
}

Result<void> read_head(const Json& json, const std::string& path, PlanFile& plan,
                       std::size_t& cases) {
  Members members(json);
  if (members.text("muster") != "plan" || members.number("schema_version") != kPlanSchema)
    return error("plan_schema",
                 fmt::format("{} is no plan of schema {} by muster", path, kPlanSchema),
                 "muster plan writes one");
  plan.shards = static_cast<std::size_t>(members.number("shards"));
  cases = static_cast<std::size_t>(members.number("cases"));
  plan.next_id = static_cast<std::uint64_t>(members.number("next_id"));
  const auto selection = json.find("selection");
  if (selection != json.end() && selection->is_object()) {
    Members chosen(*selection, "selection");
    for (const auto& [key, values] : selection->items()) plan.selection[key] = chosen.texts(key);
  }
  if (const auto fits = members.verdict("plan_shape", "the plan"); !fits) return fits;
  const Json none = Json::object();
  const auto content = json.find("content");
  auto made = content_of(content == json.end() ? none : *content);
  if (!made) return made.error();
  plan.content = std::move(*made);
  return {};
}

Result<PlannedCase> case_of(const Json& line, std::size_t shards) {
  const Json none = Json::object();
  const auto found = line.find("case");
  const Json& json = found == line.end() ? none : *found;
  Members members(json, "case");
  PlannedCase made;
  made.key = members.text("key");
  made.pickle = members.text("pickle");
  made.uri = members.text("uri");
  made.line = static_cast<int>(members.number("line"));
  made.name = members.text("name");
  made.locks = members.texts("locks");
  made.ms = members.number("ms");
  const std::int64_t shard = members.number("shard");
  if (const auto fits = members.verdict("plan_shape", "the plan"); !fits) return fits.error();
  if (shard < 1 || static_cast<std::size_t>(shard) > shards)
    return error("plan_shape", fmt::format("the plan has no shard {}", shard));
  made.shard = static_cast<std::size_t>(shard) - 1;
  return made;
}

}  // namespace

std::string difference(const Content& planned, const Content& now) {
  if (planned.version != now.version)
    return "it was planned by muster " + planned.version + ", this is " + now.version;
  if (planned.library != now.library) return "the step definitions were changed since the plan";
  if (planned.settings != now.settings) {
    for (const auto& [name, value] : planned.settings) {
      const auto other = now.settings.find(name);
      const std::string is = other == now.settings.end() ? "unset" : other->second;
      if (is != value)
        return fmt::format("--{} was planned as \"{}\" and is \"{}\"", name, value, is);
    }
    return "other options were planned";
  }
  for (const auto& [uri, digest] : planned.files) {
    const auto same = std::find_if(now.files.begin(), now.files.end(),
                                   [&, &name = uri](const auto& it) { return it.first == name; });
    if (same == now.files.end()) return uri + " is planned and not selected";
    if (same->second != digest) return uri + " was changed since the plan";
  }
  if (planned.files != now.files) return "other feature files were planned";
  if (planned.cases != now.cases) return "other scenarios were planned, or in another order";
  return {};
}

std::size_t PlanFile::cases_of(std::size_t shard) const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [&](const auto& it) { return it.shard == shard; }));
}

std::int64_t PlanFile::ms_of(std::size_t shard) const {
  std::int64_t sum = 0;
  for (const auto& it : cases) sum += it.shard == shard ? it.ms : 0;
  return sum;
}

std::string to_text(PlanFile& plan) {
  std::string text;
  Seal seal;
  const auto add = [&](const std::string& line) {
    seal.take(line);
    text += line + "\n";
  };
  const Json head = {{"muster", "plan"},
                     {"schema_version", kPlanSchema},
                     {"shards", plan.shards},
                     {"cases", plan.cases.size()},
                     {"next_id", plan.next_id},
                     {"selection", Json(plan.selection)},
                     {"content", to_json(plan.content)}};
  add(dump_json(head));
  for (const auto& planned : plan.cases) add(dump_json(to_json(planned)));
  for (const auto& message : plan.messages) add(message);
  plan.digest = seal.digest();
  return text + seal.footer();
}

Result<PlanFile> read_plan(const std::string& path) {
  auto text = read_whole(path);
  if (!text) return text.error();
  return parse_plan(std::move(*text), path);
}

Result<PlanFile> parse_plan(std::string text, const std::string& path) {
  auto judged = unseal(std::move(text), path);
  if (const auto* problem = std::get_if<Problem>(&judged))
    return as_error(*problem, "make the plan again and run its shards again");
  const Sealed& sealed = std::get<Sealed>(judged);
  PlanFile plan;
  plan.digest = sealed.digest;
  std::size_t cases = 0;
  const auto head = parse_json(sealed.lines.front());
  if (!head || !head->is_object())
    return error("plan_schema", path + " is no plan by muster", "muster plan writes one");
  if (const auto fits = read_head(*head, path, plan, cases); !fits) return fits.error();
  if (plan.shards < 1 || cases >= sealed.lines.size())
    return error("plan_shape", path + " has fewer lines than its head says");
  for (std::size_t i = 1; i <= cases; ++i) {
    const auto line = parse_json(sealed.lines[i]);
    if (!line) return line.error();
    auto planned = case_of(*line, plan.shards);
    if (!planned) return planned.error();
    plan.cases.push_back(std::move(*planned));
  }
  plan.messages.assign(sealed.lines.begin() + static_cast<std::ptrdiff_t>(cases) + 1,
                       sealed.lines.end());
  return plan;
}

}  // namespace muster::shard
