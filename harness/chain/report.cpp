#include "chain/report.hpp"

#include <fmt/format.h>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::chain {
namespace {

std::string key_name(const std::string& pointer) {
  if (pointer == "/workspace_slug") return "workspace";
  if (pointer == "/run_id" || pointer == "/payload/run_id") return "run";
  return pointer;
}

std::string time_text(std::int64_t t_ns, std::int64_t armed_ns) {
  return t_ns == 0 ? "" : fmt::format("{:.3f} ", static_cast<double>(t_ns - armed_ns) / 1e9);
}

// The attachment holds what the rules read inside the gap, not the whole run: that is the
// journal's.
Json evidence_json(const Evidence& evidence, const Trouble& trouble) {
  Json list = Json::array();
  for (const Observation& one : evidence) {
    const bool inside = one.t_mono_ns >= trouble.begin_ns && one.t_mono_ns <= trouble.end_ns;
    if (!inside && one.lane != "process" && one.lane != "fault") continue;
    // what was armed is what the report is about
    if (one.lane == "chain") continue;
    const auto parsed = parse_json(redact(dump_json(to_json(one))));
    // a redaction that breaks the JSON leaves its text, never the secret
    list.push_back(parsed ? *parsed : Json(redact(dump_json(to_json(one)))));
  }
  return list;
}

}  // namespace

std::string title_of(const Watch& watch) {
  std::string title = "HATCH chain";
  const auto& pointers = watch.chain().pattern().key;
  const Watch::Instance* const instance = watch.failing();
  if (pointers.empty() || instance == nullptr) return title;
  for (std::size_t at = 0; at < pointers.size() && at < instance->key.size(); ++at)
    title += (at == 0 ? " for " : ", ") + key_name(pointers[at].text()) + " " +
             dump_json(instance->key[at]);
  return title;
}

Json outline_json(const Watch& watch, const Failure& failure) {
  Json why = Json::array();
  for (const Why& line : failure.gap.why)
    why.push_back({{"t_ns", line.t_ns}, {"text", redact(line.text)}});
  return {{"letter", failure.gap.letter == 0 ? "" : std::string(1, failure.gap.letter)},
          {"headline", redact(failure.gap.headline)},
          {"chain", redact(title_of(watch))},
          {"first", failure.ladder.first ? failure.ladder.first->to_text() : ""},
          {"begin_ns", failure.begin_ns},
          {"end_ns", failure.end_ns},
          {"why", std::move(why)}};
}

Failure explain(const Watch& watch, const Evidence& evidence, const ReportContext& context) {
  const Trouble trouble = find_trouble(watch);
  Failure made;
  made.gap = name_gap(evidence, trouble);
  made.begin_ns = trouble.begin_ns;
  made.end_ns = trouble.end_ns;
  if (trouble.instance != nullptr)
    made.ladder =
        make_ladder(trouble.chain, *trouble.instance, trouble.alignment, trouble.armed_ns);
  const std::string named = made.gap.letter == 0 ? "" : fmt::format("gap {}: ", made.gap.letter);
  made.headline = printable(redact(title_of(watch))) + ": " + named + made.gap.headline;

  std::string text = "FAIL  " + made.headline;
  if (!context.location.empty()) text += "   " + context.location;
  text += "\n";
  if (!made.ladder.rungs.empty()) text += render(made.ladder);
  if (made.ladder.first) text += "  first gap: " + made.ladder.first->to_text() + "\n";
  if (!made.gap.why.empty()) text += "  why:\n";
  for (const Why& line : made.gap.why)
    text += "    " + time_text(line.t_ns, trouble.armed_ns) + line.text + "\n";
  if (!context.again.empty()) {
    text += "  again: " + context.again;
    if (!context.offline.empty()) text += "      offline: " + context.offline;
    text += "\n";
  }
  made.text = redact(text);

  Json gap = {{"letter", made.gap.letter == 0 ? Json() : Json(std::string(1, made.gap.letter))},
              {"headline", made.gap.headline},
              {"fixture_error", made.gap.fixture_error}};
  Json edits = trouble.instance == nullptr
                   ? Json::array()
                   : edits_json(trouble.chain, *trouble.instance, trouble.alignment);
  made.attachment = {
      {"gap", std::move(gap)},
      {"edits", std::move(edits)},
      {"evidence", evidence_json(evidence, trouble)},
      {"first_divergence", made.ladder.first ? to_json(*made.ladder.first) : Json()}};
  return made;
}

}  // namespace muster::chain
