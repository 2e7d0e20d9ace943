// Dijkstra over (events consumed, state of the automaton). Costs are counted in halves; the second
// key of a path is settled by its first edit, so that of equal costs the longest matched prefix
// wins and an extra goes before a missing.
#include "chain/align.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "base/text.hpp"
#include "chain/predicate.hpp"

namespace muster::chain {
namespace {

using Kind = Operation::Kind;

constexpr std::size_t kNodes = 300'000;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

constexpr int kWrong = 1;
constexpr int kEdit = 2;

/// Takes a step by its name alone, where the step would not take the event as it should be.
class LooseTaking : public EventTaking {
 public:
  using EventTaking::EventTaking;
  std::uint64_t takes(const StepInfo& info, const Env& env, const Term& left) const override {
    return named(info) && EventTaking::takes(info, env, left) == 0 ? 1 : 0;
  }
};

/// Takes a step with no event at all; what follows counts from when the wait for it was over.
class SkipTaking : public Taking {
 public:
  SkipTaking(const Chain& chain, std::int64_t until_ns) : chain_(chain), until_ns_(until_ns) {}

  std::uint64_t takes(const StepInfo&, const Env&, const Term& left) const override {
    return left.min();
  }
  void bind(const StepInfo& info, Env& env) const override {
    const std::int64_t over = std::min(until_ns_, env.deadline(chain_, info));
    if (info.label >= 0) env.labels[static_cast<std::size_t>(info.label)] = Bound{nullptr, over};
    env.touch(chain_, info.frame, over);
  }

 private:
  const Chain& chain_;
  std::int64_t until_ns_;
};

struct Node {
  State state;
  std::size_t consumed = 0;
  std::size_t parent = kNone;
  int cost = 0;
  std::size_t second = 0;
  bool edited = false;  // an edit stands on the way here
  bool silent = false;  // an event that a lenient chain does not look at
  Operation operation;
};

struct Queued {
  int cost;
  std::size_t second;
  std::size_t consumed;
  std::size_t node;

  // least cost first; of equals the one that got furthest, then the oldest
  bool operator<(const Queued& other) const {
    if (cost != other.cost) return cost > other.cost;
    if (second != other.second) return second > other.second;
    if (consumed != other.consumed) return consumed < other.consumed;
    return node > other.node;
  }
};

std::string wrong_detail(const Chain& chain, const StepInfo& info, const Env& env,
                         const events::Event& event, std::int64_t t_ns) {
  for (std::size_t at = 0; at < info.step.where.size(); ++at) {
    const auto* label = bound_event(env, info.where_labels[at]);
    if (!holds(info.step.where[at], event, label))
      return why_not(info.step.where[at], event, label);
  }
  if (info.distinct >= 0) {
    const auto value = info.step.distinct->find(event);
    const std::string& pointer = info.step.distinct->text();
    if (!value) return pointer + " has to be distinct; found nothing";
    if (contains(env.distinct[static_cast<std::size_t>(info.distinct)], *value))
      return pointer + " has to be distinct; found " + dump_json(*value) + " again";
  }
  const std::int64_t bound = info.step.within ? info.step.within->ns : kDefaultWithinNs;
  const std::int64_t late_by = t_ns - env.deadline(chain, info);
  return fmt::format("late: after {:.1f} s of {:g} s", static_cast<double>(bound + late_by) / 1e9,
                     static_cast<double>(bound) / 1e9);
}

class Search {
 public:
  Search(const Chain& chain, const Watch::Instance& instance, std::int64_t now_ns)
      : chain_(chain), instance_(instance), now_ns_(now_ns) {}

  Alignment run() {
    Node start;
    start.state = {chain_.apart(), Env::start(chain_, instance_.armed_ns)};
    add(std::move(start));
    std::size_t furthest = 0;
    while (!queue_.empty() && nodes_.size() < kNodes) {
      const std::size_t here = queue_.top().node;
      queue_.pop();
      if (!settle(here)) continue;
      if (nodes_[here].consumed > nodes_[furthest].consumed) furthest = here;
      if (nodes_[here].consumed == instance_.log.size() && nodes_[here].state.term->nullable())
        return path(here, true);
      expand(here);
    }
    return path(furthest, false);
  }

 private:
  void add(Node node) {
    queue_.push({node.cost, node.second, node.consumed, nodes_.size()});
    nodes_.push_back(std::move(node));
  }

  // False when a path to the same place was settled before. Clocks are left out: they decide
  // lateness alone.
  bool settle(std::size_t at) {
    const Node& node = nodes_[at];
    const std::size_t hash =
        node.state.term->hash() ^ (node.state.env.hash(false) * 31) ^ (node.consumed * 1'000'003);
    const auto [begin, end] = settled_.equal_range(hash);
    for (auto known = begin; known != end; ++known) {
      const Node& other = nodes_[known->second];
      if (other.consumed == node.consumed && *other.state.term == *node.state.term &&
          other.state.env.equal(node.state.env, false))
        return false;
    }
    settled_.emplace(hash, at);
    return true;
  }

  Node next(std::size_t from, Kind kind, int cost) const {
    const Node& parent = nodes_[from];
    Node node;
    node.parent = from;
    node.consumed = parent.consumed + (kind == Kind::missing ? 0 : 1);
    node.cost = parent.cost + cost;
    node.second = parent.second;
    node.edited = parent.edited || kind != Kind::match;
    if (!parent.edited && node.edited)
      node.second = 2 * (instance_.log.size() - parent.consumed) + (kind == Kind::missing ? 1 : 0);
    node.operation.kind = kind;
    node.operation.event = parent.consumed;
    return node;
  }

  void expand(std::size_t from) {
    if (nodes_[from].consumed < instance_.log.size() && take_event(from)) return;
    skip_step(from);
  }

  // True when the event left no choice. An event that no step names is an extra on every path, so
  // that a flood of them is walked through once: the search does not count it, the path does.
  bool take_event(std::size_t from) {
    const std::size_t at = nodes_[from].consumed;
    const auto& event = instance_.log[at];
    const std::int64_t t_ns = instance_.times[at];
    const std::vector<Ban> banned = bans(chain_, nodes_[from].state, *event);
    if (!chain_.pattern().strict && !chain_.lists(event->event) && banned.empty()) {
      Node node = next(from, Kind::match, 0);
      node.state = nodes_[from].state;
      node.silent = true;
      add(std::move(node));
      return true;
    }
    const bool named = chain_.lists(event->event);
    if (named) take_step(from, banned, event, t_ns);
    Node extra = next(from, Kind::extra, named ? kEdit : 0);
    extra.state = nodes_[from].state;
    if (!banned.empty())
      extra.operation.detail =
          "never " +
          chain_.nevers()[static_cast<std::size_t>(banned.front().never)].never.name.text();
    add(std::move(extra));
    return !named;
  }

  void take_step(std::size_t from, const std::vector<Ban>& banned,
                 const std::shared_ptr<const events::Event>& event, std::int64_t t_ns) {
    successors_.clear();
    derive(chain_, nodes_[from].state, EventTaking(chain_, event, t_ns), successors_);
    add_takings(from, banned, Kind::match, 0);
    successors_.clear();
    derive(chain_, nodes_[from].state, LooseTaking(chain_, event, t_ns), successors_);
    add_takings(from, banned, Kind::wrong, kWrong);
  }

  void add_takings(std::size_t from, const std::vector<Ban>& banned, Kind kind, int cost) {
    for (Successor& successor : successors_) {
      if (!allowed(chain_, banned, successor)) continue;
      Node node = next(from, kind, cost);
      node.operation.step = successor.step;
      if (kind == Kind::wrong)
        node.operation.detail =
            wrong_detail(chain_, chain_.steps()[static_cast<std::size_t>(successor.step)],
                         nodes_[from].state.env, *instance_.log[node.operation.event],
                         instance_.times[node.operation.event]);
      node.state = std::move(successor.state);
      add(std::move(node));
    }
  }

  void skip_step(std::size_t from) {
    if (nodes_[from].state.term->nullable() && nodes_[from].consumed == instance_.log.size())
      return;
    const std::size_t at = nodes_[from].consumed;
    const std::int64_t until = at < instance_.log.size() ? instance_.times[at] : now_ns_;
    successors_.clear();
    derive(chain_, nodes_[from].state, SkipTaking(chain_, until), successors_);
    for (Successor& successor : successors_) {
      const StepInfo& info = chain_.steps()[static_cast<std::size_t>(successor.step)];
      Node node =
          next(from, Kind::missing,
               kEdit * static_cast<int>(std::min<std::uint64_t>(successor.count, 1'000'000)));
      node.operation.step = successor.step;
      node.operation.count = successor.count;
      node.operation.bound_ns = info.step.within ? info.step.within->ns : kDefaultWithinNs;
      const std::int64_t by = nodes_[from].state.env.deadline(chain_, info);
      node.operation.waited_ns =
          std::max<std::int64_t>(0, node.operation.bound_ns - (by - std::min(by, until)));
      node.state = std::move(successor.state);
      add(std::move(node));
    }
  }

  Alignment path(std::size_t last, bool complete) {
    Alignment made;
    made.cost = nodes_[last].cost / 2.0;
    made.complete = complete;
    for (std::size_t at = last; nodes_[at].parent != kNone; at = nodes_[at].parent) {
      if (!nodes_[at].silent) made.operations.push_back(std::move(nodes_[at].operation));
    }
    std::reverse(made.operations.begin(), made.operations.end());
    for (const Operation& one : made.operations) {
      if (one.kind == Kind::extra && !chain_.lists(instance_.log[one.event]->event)) made.cost += 1;
    }
    order_edits(made.operations);
    join_moves(made);
    const auto first = std::find_if(made.operations.begin(), made.operations.end(),
                                    [](const Operation& one) { return one.kind != Kind::match; });
    if (first != made.operations.end())
      made.first = static_cast<std::size_t>(first - made.operations.begin());
    return made;
  }

  // In one gap, what came stands before what did not.
  static void order_edits(std::vector<Operation>& all) {
    const auto is_edit = [](const Operation& one) {
      return one.kind == Kind::extra || one.kind == Kind::missing;
    };
    for (auto begin = all.begin(); begin != all.end();) {
      begin = std::find_if(begin, all.end(), is_edit);
      const auto end = std::find_if_not(begin, all.end(), is_edit);
      std::stable_partition(begin, end,
                            [](const Operation& one) { return one.kind == Kind::extra; });
      begin = end;
    }
  }

  void join_moves(Alignment& made) const {
    for (std::size_t extra = 0; extra < made.operations.size(); ++extra) {
      Operation& came = made.operations[extra];
      if (came.kind != Kind::extra || !came.detail.empty()) continue;
      for (std::size_t missing = 0; missing < made.operations.size(); ++missing) {
        Operation& lacks = made.operations[missing];
        if (lacks.kind != Kind::missing || lacks.moved.size() >= lacks.count) continue;
        const StepInfo& info = chain_.steps()[static_cast<std::size_t>(lacks.step)];
        if (!info.step.name.matches(instance_.log[came.event]->event)) continue;
        came.moved.push_back(missing);
        lacks.moved.push_back(extra);
        made.cost -= 1;
        break;
      }
    }
  }

  const Chain& chain_;
  const Watch::Instance& instance_;
  const std::int64_t now_ns_;
  std::vector<Node> nodes_;
  std::priority_queue<Queued> queue_;
  std::unordered_multimap<std::size_t, std::size_t> settled_;
  std::vector<Successor> successors_;
};

}  // namespace

Alignment align(const Chain& chain, const Watch::Instance& instance, std::int64_t now_ns) {
  return Search(chain, instance, now_ns).run();
}

}  // namespace muster::chain
