#include "chain/gap.hpp"

#include <algorithm>
#include <array>

#include "base/redact.hpp"
#include "base/text.hpp"
#include "chain/gap_rules.hpp"

namespace muster::chain {
namespace {

using Kind = Operation::Kind;

constexpr std::size_t kWhyLines = 40;

std::string name_of(const Chain& chain, int step) {
  return chain.steps()[static_cast<std::size_t>(step)].step.name.text();
}

std::string first_edit_text(const Trouble& trouble) {
  const Operation& one = trouble.alignment.operations[*trouble.alignment.first];
  const auto came = [&] {
    const events::Event& event = *trouble.instance->log[one.event];
    return event.event + " (#" + std::to_string(event.seq) + ")";
  };
  if (one.kind == Kind::extra && !one.detail.empty())
    return came() + " came, which the chain forbids";
  if (!one.moved.empty() && one.kind == Kind::extra) {
    const bool early = trouble.alignment.operations[one.moved.front()].event > one.event;
    return came() + (early ? " came too early" : " came too late");
  }
  if (one.kind == Kind::extra) return came() + " was not expected";
  if (one.kind == Kind::wrong) return came() + " is not as expected: " + one.detail;
  std::string text = name_of(trouble.chain, one.step);
  if (!one.moved.empty()) return text + " came out of its order";
  if (one.count > 1) text += " ×" + std::to_string(one.count);
  return text + " never came";
}

std::string plain_headline(const Trouble& trouble, const std::optional<Violation>& violation) {
  if (violation && violation->kind == Violation::Kind::unkeyed)
    return violation->event->event + " (#" + std::to_string(violation->event->seq) +
           ") does not say whose it is: " + trouble.chain.pattern().key.front().text() +
           " is empty";
  if (violation && violation->kind == Violation::Kind::ambiguous)
    return "the chain can be read in too many ways to be decided";
  if (trouble.alignment.first) return first_edit_text(trouble);
  if (trouble.instance == nullptr || trouble.instance->log.empty()) return "no event came";
  return "the scope has not ended";
}

/// Lines that speak for themselves, whatever the gap: failed exchanges, refused and torn lines,
/// faults and ends of programs.
void add_general(const Facts& facts, std::vector<Why>& why) {
  const auto add = [&](std::int64_t t_ns, const std::string& text) {
    const bool known =
        std::any_of(why.begin(), why.end(), [&](const Why& line) { return line.text == text; });
    if (facts.in_gap(t_ns) && !known) why.push_back({t_ns, text});
  };
  for (const Exchange& one : facts.exchanges) {
    if (one.status >= 400 || !one.error.empty() || one.end_ns == 0) add(one.at_ns(), one.to_text());
  }
  for (const Observation* one : facts.sorted) {
    const std::string reason = string_at(one->data, "reason");
    if (one->lane == "event" && one->kind == "truncated")
      add(one->t_mono_ns,
          "sink ← " + one->subject + "  half a line at the end: " + string_at(one->data, "line"));
    if (one->lane == "event" && one->kind == "source_closed")
      add(one->t_mono_ns, "sink ← " + one->subject + "  the producer closed after src_seq " +
                              (one->data.contains("last_src_seq") ? one->data["last_src_seq"].dump()
                                                                  : std::string("0")));
    if (one->lane == "fault")
      add(one->t_mono_ns, "fault injected  " + one->subject + "  " + string_at(one->data, "fault"));
    if (one->lane == "process" && one->kind == "signalled")
      add(one->t_mono_ns, one->subject + "  killed by " + string_at(one->data, "signal"));
    if (one->lane == "process" && one->kind == "exited")
      add(one->t_mono_ns,
          one->subject + "  exited " +
              (one->data.contains("exited") ? one->data["exited"].dump() : std::string("?")));
  }
}

void finish(Gap& gap) {
  std::stable_sort(gap.why.begin(), gap.why.end(),
                   [](const Why& a, const Why& b) { return a.t_ns < b.t_ns; });
  // the same line again and again says nothing more
  std::vector<Why> kept;
  std::size_t left_out = 0;
  for (Why& line : gap.why) {
    line.text = printable(redact(line.text));
    if (!kept.empty() && kept.back().text == line.text) continue;
    if (kept.size() >= kWhyLines) {
      ++left_out;
      continue;
    }
    kept.push_back(std::move(line));
  }
  if (left_out > 0) kept.push_back({0, "… and " + std::to_string(left_out) + " more lines"});
  gap.why = std::move(kept);
  gap.headline = printable(redact(gap.headline));
}

}  // namespace

Trouble find_trouble(const Watch& watch) {
  Trouble made{
      watch.chain(), watch.failing(), {}, watch.violation(), watch.options().armed_ns, 0, 0};
  made.begin_ns = made.armed_ns;
  made.end_ns = watch.now_ns();
  if (made.instance == nullptr) return made;
  const auto& log = made.instance->log;
  // bounds are judged on the chain's clock; with `clock event` the last event says how it stands to
  // the sink's
  const std::int64_t offset =
      log.empty() ? 0 : made.instance->times.back() - log.back()->recv_mono_ns;
  made.alignment = align(made.chain, *made.instance, watch.now_ns() + offset);
  if (!made.alignment.first) return made;
  const auto& all = made.alignment.operations;
  const Operation& first = all[*made.alignment.first];
  for (std::size_t at = *made.alignment.first; at-- > 0;) {
    if (all[at].step == first.step) continue;
    made.begin_ns = log[all[at].event]->recv_mono_ns;
    break;
  }
  for (std::size_t at = *made.alignment.first + 1; at < all.size(); ++at) {
    if (all[at].kind != Kind::match) continue;
    made.end_ns = log[all[at].event]->recv_mono_ns;
    break;
  }
  return made;
}

Gap name_gap(const Evidence& evidence, const Trouble& trouble) {
  const Facts facts(evidence, trouble);
  using Rule = std::optional<Gap> (*)(const Facts&);
  constexpr std::array<Rule, 9> kRules = {program_missing, sink_refused,     session_denied,
                                          engine_down,     bearer_drift,     schema_drift,
                                          teardown_stuck,  provision_failed, stream_broken};
  Gap gap;
  for (const Rule rule : kRules) {
    if (auto named = rule(facts)) {
      gap = std::move(*named);
      break;
    }
  }
  if (gap.headline.empty()) {
    const auto& violation = trouble.violation;
    gap.headline = plain_headline(trouble, violation);
  }
  add_general(facts, gap.why);
  finish(gap);
  return gap;
}

}  // namespace muster::chain
