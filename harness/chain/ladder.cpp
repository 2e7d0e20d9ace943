#include "chain/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace muster::chain {
namespace {

using Kind = Operation::Kind;

constexpr std::size_t kColumn = 32;

std::string seconds(std::int64_t ns) {
  return fmt::format("{:.3f}", static_cast<double>(ns) / 1e9);
}

std::string expected_text(const StepInfo& info) {
  const std::string count = to_text(info.step.count);
  return info.step.name.text() + (count.empty() ? "" : " " + count);
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t has = display_width(text);
  return text + std::string(has < width ? width - has : 0, ' ');
}

std::string right(const std::string& text, std::size_t width) {
  const std::size_t has = display_width(text);
  return std::string(has < width ? width - has : 0, ' ') + text;
}

std::string without_end_blanks(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

class Builder {
 public:
  Builder(const Chain& chain, const Watch::Instance& instance, const Alignment& alignment,
          std::int64_t armed_ns)
      : chain_(chain), instance_(instance), all_(alignment.operations), armed_ns_(armed_ns) {}

  Ladder run(const Alignment& alignment) {
    for (std::size_t at = 0; at < all_.size();) {
      if (alignment.first == at) diverge(at);
      at = all_[at].kind == Kind::match ? matches(at) : edit(at);
    }
    if (!alignment.complete)
      ladder_.rungs.push_back(
          {'+', "", "… the rest is too far from the chain to be aligned", "", "", ""});
    return std::move(ladder_);
  }

 private:
  const StepInfo& info(const Operation& one) const {
    return chain_.steps()[static_cast<std::size_t>(one.step)];
  }
  const events::Event& event(const Operation& one) const { return *instance_.log[one.event]; }
  std::string time_of(const Operation& one) const {
    return seconds(event(one).recv_mono_ns - armed_ns_);
  }

  void diverge(std::size_t at) {
    const Operation& one = all_[at];
    Divergence made;
    if (one.event > 0) made.after = instance_.log[one.event - 1]->seq;
    made.rung = static_cast<int>(ladder_.rungs.size());
    if (one.kind == Kind::missing) {
      if (one.event < instance_.log.size()) made.before = instance_.log[one.event]->seq;
    } else {
      made.at = event(one).seq;
    }
    made.kind = one.kind == Kind::missing ? "missing"
                : one.kind == Kind::wrong ? "wrong"
                                          : "unexpected";
    if (!one.moved.empty()) made.kind = "moved";
    if (one.step >= 0) {
      made.expected = expected_text(info(one));
      made.line = info(one).step.span.place.line;
    }
    ladder_.first = std::move(made);
  }

  std::size_t matches(std::size_t first) {
    std::size_t end = first + 1;
    const Operation& one = all_[first];
    const bool counted = info(one).step.count.max > 1;
    while (counted && end < all_.size() && all_[end].kind == Kind::match &&
           all_[end].step == one.step)
      ++end;
    const std::size_t many = end - first;
    std::set<std::string> names;
    for (std::size_t at = first; at < end; ++at) names.insert(event(all_[at]).event);
    Rung rung;
    rung.expected = expected_text(info(one));
    rung.observed = join({names.begin(), names.end()}, ", ");
    if (many > 1) rung.observed += " ×" + std::to_string(many);
    const Operation& last = all_[end - 1];
    rung.seq = std::to_string(event(one).seq);
    if (many > 1) rung.seq += "–" + std::to_string(event(last).seq);
    rung.t = time_of(last);
    ladder_.rungs.push_back(std::move(rung));
    found_[one.step] += many;
    missing_before_ = false;
    return end;
  }

  std::size_t edit(std::size_t at) {
    const Operation& one = all_[at];
    Rung rung;
    std::size_t end = at + 1;
    // a flood of one event is one row
    while (plain_extra(one) && end < all_.size() && plain_extra(all_[end]) &&
           event(all_[end]).event == event(one).event)
      ++end;
    const Operation& last = all_[end - 1];
    if (one.kind == Kind::missing) {
      rung = missing(one);
    } else {
      rung.mark = one.kind == Kind::wrong ? '~' : '+';
      rung.observed = event(one).event;
      rung.seq = std::to_string(event(one).seq);
      if (end > at + 1) {
        rung.observed += " ×" + std::to_string(end - at);
        rung.seq += "–" + std::to_string(event(last).seq);
      }
      rung.t = time_of(last);
      rung.note = one.detail;
      if (one.kind == Kind::wrong) {
        rung.expected = expected_text(info(one));
        ++found_[one.step];
        missing_before_ = false;
      } else if (!one.moved.empty()) {
        const Operation& place = all_[one.moved.front()];
        rung.note = std::string(place.event > one.event ? "too early" : "too late") +
                    ": the chain has it " +
                    (place.event > one.event ? "further down" : "further up");
      }
    }
    ladder_.rungs.push_back(std::move(rung));
    return end;
  }

  static bool plain_extra(const Operation& one) {
    return one.kind == Kind::extra && one.moved.empty() && one.detail.empty();
  }

  Rung missing(const Operation& one) {
    const StepInfo& step = info(one);
    Rung rung;
    rung.mark = '-';
    rung.expected = expected_text(step);
    const bool counted = step.step.count.min > 1;
    const std::string found =
        counted ? fmt::format("{} of {}", found_[one.step], step.step.count.min) : "";
    std::string why = counted ? "" : "missing";
    if (!one.moved.empty()) {
      why = "came as #" + std::to_string(event(all_[one.moved.front()]).seq);
    } else if (step.opener >= 0 && skipped_.count(step.opener) != 0 && !step.closes) {
      why = "cannot come without " +
            chain_.steps()[static_cast<std::size_t>(step.opener)].step.name.text();
    } else if (!missing_before_) {
      const std::string waited =
          fmt::format("waited {:.1f} s of {:g} s", static_cast<double>(one.waited_ns) / 1e9,
                      static_cast<double>(one.bound_ns) / 1e9);
      why += (why.empty() ? "" : "; ") + waited;
    }
    rung.observed = found;
    if (!why.empty()) rung.observed += (found.empty() ? "(" : "  (") + why + ")";
    skipped_.insert(one.step);
    missing_before_ = true;
    return rung;
  }

  const Chain& chain_;
  const Watch::Instance& instance_;
  const std::vector<Operation>& all_;
  const std::int64_t armed_ns_;
  Ladder ladder_;
  std::map<int, std::uint64_t> found_;
  std::set<int> skipped_;
  bool missing_before_ = false;
};

}  // namespace

std::string Divergence::to_text() const {
  const auto number = [](std::uint64_t seq) { return "#" + std::to_string(seq); };
  if (at) return "at " + number(*at) + (after ? ", after " + number(*after) : "");
  if (after && before) return "after " + number(*after) + ", before " + number(*before);
  if (after) return "after " + number(*after) + ", at the end";
  return before ? "before " + number(*before) : "nothing came";
}

Ladder make_ladder(const Chain& chain, const Watch::Instance& instance, const Alignment& alignment,
                   std::int64_t armed_ns) {
  return Builder(chain, instance, alignment, armed_ns).run(alignment);
}

std::string render(const Ladder& ladder) {
  std::size_t expected = kColumn;
  std::size_t observed = kColumn;
  std::size_t seq = 3;
  std::size_t t = 5;
  for (const Rung& rung : ladder.rungs) {
    expected = std::max(expected, display_width(rung.expected) + 2);
    if (!rung.seq.empty()) observed = std::max(observed, display_width(rung.observed) + 1);
    seq = std::max(seq, display_width(rung.seq));
    t = std::max(t, display_width(rung.t));
  }
  const auto line = [&](const std::string& left, const Rung& rung) {
    return without_end_blanks("  " + padded(left, expected + 2) + padded(rung.observed, observed) +
                              right(rung.seq, seq) + "  " + right(rung.t, t)) +
           "\n";
  };
  std::string out = line("expected", {' ', "", "observed", "seq", " t(s)", ""});
  for (const Rung& rung : ladder.rungs) {
    out += line(std::string(1, rung.mark) + " " + rung.expected, rung);
    if (!rung.note.empty()) out += std::string(expected + 4, ' ') + printable(rung.note) + "\n";
  }
  return out;
}

Json to_json(const Divergence& divergence) {
  Json json = {{"kind", divergence.kind}, {"text", divergence.to_text()}};
  if (divergence.after) json["after_seq"] = *divergence.after;
  if (divergence.before) json["before_seq"] = *divergence.before;
  if (divergence.at) json["at_seq"] = *divergence.at;
  if (!divergence.expected.empty()) json["expected"] = divergence.expected;
  if (divergence.line > 0) json["line"] = divergence.line;
  return json;
}

Json edits_json(const Chain& chain, const Watch::Instance& instance, const Alignment& alignment) {
  Json edits = Json::array();
  for (const Operation& one : alignment.operations) {
    if (one.kind == Kind::match) continue;
    // a move is told where the event came
    if (one.kind == Kind::missing && one.moved.size() >= one.count) continue;
    Json edit;
    edit["kind"] = one.kind == Kind::missing ? "missing"
                   : one.kind == Kind::wrong ? "wrong"
                                             : "unexpected";
    const auto put_step = [&](int step) {
      const StepInfo& info = chain.steps()[static_cast<std::size_t>(step)];
      edit["expected"] = expected_text(info);
      edit["line"] = info.step.span.place.line;
    };
    if (one.step >= 0) put_step(one.step);
    if (one.kind == Kind::missing) {
      edit["count"] = one.count - one.moved.size();
    } else {
      edit["observed"] = instance.log[one.event]->event;
      edit["seq"] = instance.log[one.event]->seq;
      if (!one.moved.empty()) {
        edit["kind"] = "moved";
        put_step(alignment.operations[one.moved.front()].step);
      }
    }
    if (!one.detail.empty()) edit["detail"] = one.detail;
    if (edit["kind"] == "unexpected" && !edits.empty() && edits.back()["kind"] == "unexpected" &&
        edits.back()["observed"] == edit["observed"] && one.detail.empty()) {
      Json& before = edits.back();
      before["count"] = before.value("count", 1) + 1;
      continue;
    }
    edits.push_back(std::move(edit));
  }
  return edits;
}

}  // namespace muster::chain
