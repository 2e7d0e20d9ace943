// Verdicts of logs against those of chain::Watch, which reads one event after the other: random
// chains with keys, groups, bounds, fields and nevers over random logs, by one thread and by two
// that read pieces of a few lines each.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "audit/log_for_tests.hpp"
#include "chain/watch.hpp"
#include "events/timestamp.hpp"

namespace muster::audit {
namespace {

using namespace logs;

class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  template <std::size_t N>
  std::string one_of(const char* const (&from)[N]) {
    return from[pick(N)];
  }

  std::string chain() {
    labels_ = 0;
    std::string text = pick(6) == 0 ? "" : "key /workspace_slug\n";
    if (pick(4) == 0) text += "scope a, b.**, c\n";
    if (pick(5) == 0) text += "lenient\n";
    if (pick(6) == 0) text += "clock event\n";
    text += items(1 + pick(3), 2);
    if (pick(5) == 0) text += "\nnever " + name() + field();
    return text;
  }

  std::vector<events::Event> log() {
    const char* const names[] = {"a", "a", "b.x", "b.y", "c", "d"};
    const char* const slugs[] = {"one", "two", "three", "four", ""};
    std::vector<events::Event> made;
    std::int64_t now = 1'000'000'000;
    for (unsigned left = pick(40); left > 0; --left) {
      now += std::int64_t{pick(8)} * 100'000'000;
      events::Event one = event(now, one_of(names), pick(40) == 0 ? "" : slugs[pick(4)], payload());
      one.ts = "2026-01-02T03:04:" + std::to_string(10 + pick(20)) + ".000Z";
      if (pick(4) == 0) one.run_id = "r" + std::to_string(pick(3));
      made.push_back(std::move(one));
    }
    return made;
  }

 private:
  Json payload() {
    Json made = Json::object();
    if (pick(5) > 0) made["v"] = pick(2) == 0 ? Json(1 + pick(2)) : Json(std::to_string(pick(3)));
    if (pick(3) == 0) made["deep"] = {{"list", {1, 2, pick(3)}}, {"text", "é \"q\""}};
    if (pick(4) == 0) made["v"] = 0.5 * pick(4);
    return made;
  }

  std::string name() {
    const char* const names[] = {"a", "b.x", "c", "b.*", "{a,c}", "b.**"};
    return one_of(names);
  }
  std::string field() {
    const char* const fields[] = {"",
                                  "",
                                  "",
                                  " where /payload/v == 1",
                                  " where /payload/v != \"1\"",
                                  " where /payload/v >= 1, /payload/v is int",
                                  " where /payload/deep exists",
                                  " where /payload/deep/list/2 < 2",
                                  " where /run_id absent",
                                  " where /payload/deep/text =~ \"q\"",
                                  " where /payload/v in [1, \"2\"]"};
    return one_of(fields);
  }
  std::string step() {
    const char* const counts[] = {"", "", "", " x2", " x1..3", " x2..", " ?", " x5", " x3..6"};
    const char* const bounds[] = {"", "", " within 300ms", " within 1s", " within 20s"};
    std::string text = name() + one_of(counts) + field() + one_of(bounds);
    if (pick(6) == 0) text += " distinct /payload/v";
    if (pick(12) == 0) text += " as L" + std::to_string(labels_++);
    return text;
  }
  std::string items(unsigned count, unsigned depth) {
    std::string text;
    for (unsigned at = 0; at < count; ++at) text += (at == 0 ? "" : "\n") + item(depth);
    return text;
  }
  std::string item(unsigned depth) {
    if (depth == 0 || pick(5) < 3) return step();
    switch (pick(4)) {
      case 0:
        return "any order {\n" + items(2 + pick(2), depth - 1) + "\n}";
      case 1: {
        const std::string first = items(1 + pick(2), depth - 1);
        return "either {\n" + first + "\n} or {\n" + items(1, depth - 1) + "\n}";
      }
      case 2: {
        const char* const counts[] = {"x1..2", "x2", "x0..3", "x1.."};
        const std::string times = one_of(counts);
        return "repeat " + times + " {\n" + items(1 + pick(2), depth - 1) +
               (pick(4) == 0 ? "\nnever d" : "") + "\n}";
      }
      default: {
        const std::string inside = items(1 + pick(2), depth - 1);
        return "between a and c {\n" + inside + "\n}";
      }
    }
  }

  std::mt19937 random_;
  unsigned labels_ = 0;
};

/// Key → verdict, and how many events of the chain had no key.
struct Judged {
  std::map<std::string, std::string> keys;
  std::uint64_t unkeyed = 0;
  friend bool operator==(const Judged&, const Judged&) = default;
};

std::string verdict_of(const std::optional<chain::Violation>& violation) {
  return violation ? to_text(violation->kind) : "satisfied";
}

/// A watch of one key, with the event that armed it.
struct Armed {
  std::unique_ptr<chain::Watch> watch;
  std::size_t first = 0;
};

std::int64_t ahead_of(const events::Event& event) {
  return events::parse_rfc3339(event.ts).value() - event.recv_mono_ns;
}

// Each key by a watch of its own, which is armed at the key's first event and hears from the others
// that time passes.
Judged watched(const std::shared_ptr<const chain::Chain>& chain,
               const std::vector<events::Event>& log) {
  Judged judged;
  std::map<std::string, Armed> watches;
  std::int64_t latest = 0;
  std::int64_t ahead = 0;
  const bool has_key = !chain->pattern().key.empty();
  const bool by_event = chain->pattern().clock == chain::ClockSource::event;
  const auto key_of = [&](const events::Event& one) {
    return has_key ? "\"" + one.workspace_slug + "\"" : std::string();
  };
  for (std::size_t at = 0; at < log.size(); ++at) {
    const events::Event& one = log[at];
    latest = std::max(latest, one.recv_mono_ns);
    if (!chain->in_scope(one.event)) continue;
    bool named = chain->lists(one.event);
    for (const auto& never : chain->nevers()) named = named || never.never.name.matches(one.event);
    if (has_key && one.workspace_slug.empty()) {
      judged.unkeyed += named ? 1 : 0;
      continue;
    }
    ahead = ahead_of(one);
    Armed& armed = watches[key_of(one)];
    if (armed.watch || (!chain->pattern().strict && !chain->lists(one.event))) continue;
    chain::WatchOptions options;
    options.armed_ns = one.recv_mono_ns;
    if (has_key) options.key = std::vector<Json>{one.workspace_slug};
    armed = {std::make_unique<chain::Watch>(chain, options), at};
  }
  for (auto& [key, armed] : watches) {
    if (!armed.watch) continue;
    std::int64_t own = 0;
    for (std::size_t at = armed.first; at < log.size(); ++at) {
      if (key_of(log[at]) == key) {
        armed.watch->take(std::make_shared<const events::Event>(log[at]));
        if (chain->in_scope(log[at].event)) own = ahead_of(log[at]);
      } else if (!by_event) {
        armed.watch->advance(log[at].recv_mono_ns);
      }
    }
    armed.watch->settle(by_event ? latest + ahead - own : latest);
    judged.keys[key] = verdict_of(armed.watch->violation());
  }
  return judged;
}

Judged read(const Log& log, const std::string& chain, unsigned threads) {
  VerifyOptions options;
  options.threads = threads;
  options.piece = threads == 1 ? 64 << 10 : 700;
  options.listed = 1'000;
  options.reports = 0;
  const auto verified = log.verified(chain, options);
  Judged judged;
  if (!verified.ok()) {
    ADD_FAILURE() << render(verified.error());
    return judged;
  }
  for (const std::string& key : verified->listed) judged.keys[key] = "satisfied";
  for (const Failed& failed : verified->failed) judged.keys[failed.key] = to_text(failed.kind);
  judged.unkeyed = verified->unkeyed;
  return judged;
}

std::string shown(const Judged& judged) {
  std::string text;
  for (const auto& [key, verdict] : judged.keys) text += key + " " + verdict + "\n";
  return text + std::to_string(judged.unkeyed) + " without a key\n";
}

TEST(VerifyProperty, EqualsTheWatch) {
  Random random(20262);
  std::map<std::string, int> verdicts;
  for (int round = 0; round < 600 && !::testing::Test::HasFailure(); ++round) {
    const std::string text = random.chain();
    const auto chain = chain::Chain::parse(text);
    if (!chain) continue;  // a name outside the scope, or in its own `between`
    for (int many = 0; many < 3; ++many) {
      const auto events = random.log();
      const Log log(text_of(events));
      const Judged expected = watched(*chain, events);
      for (const unsigned threads : {1U, 2U})
        EXPECT_EQ(shown(read(log, text, threads)), shown(expected))
            << text << "\n\n"
            << text_of(events) << threads << " threads";
      for (const auto& [key, verdict] : expected.keys) ++verdicts[verdict];
    }
  }
  // all kinds have to be there, or the test shows nothing
  for (const char* kind : {"satisfied", "unexpected", "late", "incomplete", "forbidden"})
    EXPECT_GT(verdicts[kind], 20) << kind;
}

}  // namespace
}  // namespace muster::audit
