#include "journal/manifest.hpp"

#include <fmt/format.h>

#include <utility>

namespace muster::journal {
namespace {

constexpr const char* kProducer = "muster";

/// Reads members and remembers the first that is missing or of another type.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}
  explicit Members(Json&&) = delete;

  std::string text(const char* name) {
    const Json* member = find(name, &Json::is_string);
    return member ? member->get<std::string>() : std::string();
  }
  std::int64_t number(const char* name) {
    const Json* member = find(name, &Json::is_number_integer);
    return member ? member->get<std::int64_t>() : 0;
  }
  std::map<std::string, std::int64_t> counts(const char* name) {
    std::map<std::string, std::int64_t> counts;
    const Json* member = find(name, &Json::is_object);
    if (member == nullptr) return counts;
    for (const auto& [key, value] : member->items()) {
      if (!value.is_number_integer())
        bad_ = bad_.empty() ? std::string(name) + "." + key : bad_;
      else
        counts[key] = value.get<std::int64_t>();
    }
    return counts;
  }
  std::map<std::string, Extent> extents(const char* name) {
    std::map<std::string, Extent> extents;
    const Json* member = find(name, &Json::is_object);
    if (member == nullptr) return extents;
    for (const auto& [key, value] : member->items()) {
      Members inner(value);
      extents[key] = {static_cast<std::uint64_t>(inner.number("lines")),
                      static_cast<std::uint64_t>(inner.number("bytes"))};
      if (!inner.bad().empty() && bad_.empty())
        bad_ = fmt::format("{}.{}.{}", name, key, inner.bad());
    }
    return extents;
  }
  const std::string& bad() const { return bad_; }

 private:
  const Json* find(const char* name, bool (Json::*is_type)() const noexcept) {
    if (json_.is_object()) {
      const auto member = json_.find(name);
      if (member != json_.end() && ((*member).*is_type)()) return &*member;
    }
    if (bad_.empty()) bad_ = name;
    return nullptr;
  }

  const Json& json_;
  std::string bad_;
};

}  // namespace

Json to_json(const Manifest& manifest) {
  Json files = Json::object();
  for (const auto& [name, extent] : manifest.files)
    files[name] = {{"lines", extent.lines}, {"bytes", extent.bytes}};
  const bool finished = manifest.state == Manifest::State::finished;
  Json made = {
      {"schema_version", kJournalSchema},
      {"producer", kProducer},
      {"version", manifest.version},
      {"run_id", manifest.run_id},
      {"scope", manifest.scope},
      {"project", manifest.project},
      {"state", finished ? "finished" : "running"},
      {"started_at", manifest.started_at},
      {"finished_at", manifest.finished_at},
      {"pid", manifest.pid},
      {"plan_digest", manifest.plan_digest},
      {"verdict", manifest.verdict},
      {"exit_code", manifest.exit_code},
      {"counts", {{"scenarios", Json(manifest.scenarios)}, {"steps", Json(manifest.steps)}}},
      {"files", std::move(files)}};
  if (!manifest.hatch_head.empty()) made["hatch_head"] = manifest.hatch_head;
  return made;
}

Result<Manifest> manifest_from_json(const Json& json) {
  Members members(json);
  const std::int64_t schema = members.number("schema_version");
  const std::string producer = members.text("producer");
  if (!members.bad().empty() || schema != kJournalSchema || producer != kProducer)
    return error("manifest_schema",
                 fmt::format("the manifest is of schema {} by '{}', not of {} by {}", schema,
                             producer, kJournalSchema, kProducer));
  Manifest made;
  made.version = members.text("version");
  made.run_id = members.text("run_id");
  made.scope = members.text("scope");
  made.project = members.text("project");
  const std::string state = members.text("state");
  made.state = state == "finished" ? Manifest::State::finished : Manifest::State::running;
  made.started_at = members.text("started_at");
  made.finished_at = members.text("finished_at");
  made.pid = members.number("pid");
  made.plan_digest = members.text("plan_digest");
  made.verdict = members.text("verdict");
  made.exit_code = static_cast<int>(members.number("exit_code"));
  const Json counted = json.value("counts", Json::object());
  Members counts(counted);
  made.scenarios = counts.counts("scenarios");
  made.steps = counts.counts("steps");
  made.files = members.extents("files");
  made.hatch_head = string_at(json, "hatch_head");  // younger than the schema
  std::string bad = members.bad();
  if (bad.empty() && !counts.bad().empty()) bad = "counts." + counts.bad();
  if (bad.empty() && state != "running" && state != "finished") bad = "state";
  if (!bad.empty())
    return error("manifest_shape",
                 fmt::format("the member '{}' of the manifest is missing or of a wrong type", bad));
  return made;
}

}  // namespace muster::journal
