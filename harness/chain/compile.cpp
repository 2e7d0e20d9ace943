#include <algorithm>
#include <map>
#include <utility>

#include "chain/chain.hpp"
#include "chain/scanner.hpp"
#include "chain/term.hpp"

namespace muster::chain {
namespace {

constexpr std::size_t kMatchingSteps = 64;

struct CompileFailure {
  Error error;
};

/// A name that stands only where the chain says so: opener or closer of a `between`.
struct Edge {
  NamePattern name;
  int step;
};

}  // namespace

/// Turns a pattern into terms in one walk, numbering steps in the order of the text.
class Compiler {
 public:
  Compiler(Chain& chain, std::string_view text) : chain_(chain), text_(text) {}

  void run() {
    chain_.frames_.push_back({Frame::Kind::root, -1});
    collect_labels(chain_.pattern_.items);
    if (chain_.pattern_.items.empty())
      fail("chain_empty", "the chain names no event", Span{chain_.origin_, 1});
    const auto [streaming, apart] = sequence(chain_.pattern_.items, Around{});
    chain_.streaming_ = streaming;
    chain_.apart_ = apart;
    exclude_edges();
    check_scope();
  }

 private:
  struct Around {
    int frame = 0;
    int guard = -1;
    int opener = -1;
  };
  using Both = std::pair<TermPtr, TermPtr>;  // for streaming, for alignment

  [[noreturn]] void fail(std::string code, std::string message, const Span& span,
                         std::string hint = {}) const {
    throw CompileFailure{
        located(std::move(code), std::move(message), span, text_, chain_.origin_, std::move(hint))};
  }

  void collect_labels(const std::vector<Item>& items) {
    for (const Item& item : items) {
      if (const auto* step = std::get_if<Step>(&item.what); step && !step->label.empty()) {
        if (slots_.count(step->label) != 0)
          fail("chain_label", "two steps are labelled `" + step->label + "`", step->span);
        slots_[step->label] = static_cast<int>(chain_.label_names_.size());
        chain_.label_names_.push_back(step->label);
      } else if (const auto* group = std::get_if<Group>(&item.what)) {
        for (const auto& branch : group->branches) collect_labels(branch);
      }
    }
  }

  int label_slot(const std::string& label, const Span& span) const {
    if (label.empty()) return -1;
    const auto found = slots_.find(label);
    if (found == slots_.end())
      fail("chain_label", "no step is labelled `" + label + "`", span,
           "label a step with `as " + label + "`");
    return found->second;
  }

  // A label that is looked at by a step has to stand before it.
  int earlier_slot(const std::string& label, const Span& span) const {
    const int slot = label_slot(label, span);
    if (slot >= 0 && std::find(defined_.begin(), defined_.end(), slot) == defined_.end())
      fail("chain_label", "the step labelled `" + label + "` does not stand before this one", span);
    return slot;
  }

  Both sequence(const std::vector<Item>& items, const Around& around) {
    TermPtr streaming = Term::nothing();
    TermPtr apart = Term::nothing();
    std::vector<Both> parts;
    for (const Item& item : items) {
      if (const auto* never = std::get_if<Never>(&item.what)) {
        add_never(*never, around);
      } else if (const auto* step = std::get_if<Step>(&item.what)) {
        const TermPtr term = add_step(*step, around);
        parts.emplace_back(term, term);
      } else {
        parts.push_back(group(std::get<Group>(item.what), around));
      }
    }
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      streaming = Term::sequence(part->first, streaming);
      apart = Term::sequence(part->second, apart);
    }
    return {streaming, apart};
  }

  void add_never(const Never& never, const Around& around) {
    NeverInfo info;
    info.never = never;
    info.guard = around.guard;
    info.until = label_slot(never.until, never.span);
    for (const Predicate& predicate : never.where)
      info.where_labels.push_back(label_slot(predicate.label, predicate.span));
    chain_.nevers_.push_back(std::move(info));
  }

  TermPtr add_step(const Step& step, const Around& around) {
    StepInfo info;
    info.index = static_cast<int>(chain_.steps_.size());
    info.step = step;
    info.frame = around.frame;
    // in an any-order group the group's entry already stands still
    info.counted =
        step.count.max > 1 &&
        chain_.frames_[static_cast<std::size_t>(around.frame)].kind != Frame::Kind::entry;
    if (info.counted) info.frame = add_frame(Frame::Kind::entry, around.frame);
    info.opener = around.opener;
    for (const Predicate& predicate : step.where) {
      info.where_labels.push_back(earlier_slot(predicate.label, predicate.span));
      info.pure = info.pure && predicate.label.empty();
    }
    if (step.within) info.within_label = earlier_slot(step.within->label, step.within->span);
    info.label = label_slot(step.label, step.span);
    if (info.label >= 0) defined_.push_back(info.label);
    if (step.distinct) info.distinct = chain_.distincts_++;
    info.pure = info.pure && info.label < 0 && info.distinct < 0;
    const int index = info.index;
    chain_.steps_.push_back(std::move(info));
    return Term::step(index, step.count.min, step.count.max);
  }

  Both group(const Group& group, Around around) {
    const bool guarded =
        std::any_of(group.branches.begin(), group.branches.end(), [](auto& branch) {
          return std::any_of(branch.begin(), branch.end(), [](const Item& item) {
            return std::holds_alternative<Never>(item.what);
          });
        });
    if (guarded) around.guard = guards_++;
    Both made = body(group, around);
    if (guarded)
      made = {Term::guarded(around.guard, false, made.first),
              Term::guarded(around.guard, false, made.second)};
    return made;
  }

  Both body(const Group& group, const Around& around) {
    switch (group.kind) {
      case Group::Kind::any_order:
        return any_order(group.branches.front(), around);
      case Group::Kind::between:
        return between(group, around);
      case Group::Kind::repeat: {
        const auto [streaming, apart] = sequence(group.branches.front(), around);
        return {Term::repeat(streaming, group.count.min, group.count.max),
                Term::repeat(apart, group.count.min, group.count.max)};
      }
      case Group::Kind::either:
        break;
    }
    std::vector<TermPtr> streaming, apart;
    for (const auto& branch : group.branches) {
      const Both both = sequence(branch, around);
      streaming.push_back(both.first);
      apart.push_back(both.second);
    }
    return {Term::choice(std::move(streaming)), Term::choice(std::move(apart))};
  }

  Both between(const Group& group, Around around) {
    const auto& items = group.branches.front();
    const int opener = static_cast<int>(chain_.steps_.size());
    const NamePattern& opening = std::get<Step>(items.front().what).name;
    const NamePattern& closing = std::get<Step>(items.back().what).name;
    for (std::size_t at = 1; at + 1 < items.size(); ++at) {
      const auto* step = std::get_if<Step>(&items[at].what);
      if (step == nullptr || !step->name.is_literal()) continue;
      if (opening.matches(step->name.text()) || closing.matches(step->name.text()))
        fail("chain_between",
             "`" + step->name.text() + "` opens or closes the group that it stands in", step->span);
    }
    const TermPtr first = add_step(std::get<Step>(items.front().what), around);
    Around inside = around;
    inside.opener = opener;
    const auto [streaming, apart] =
        sequence(std::vector<Item>(items.begin() + 1, items.end()), inside);
    const int closer = static_cast<int>(chain_.steps_.size()) - 1;
    chain_.steps_.back().closes = true;
    edges_.push_back({opening, opener});
    edges_.push_back({closing, closer});
    return {Term::sequence(first, streaming), Term::sequence(first, apart)};
  }

  int add_frame(Frame::Kind kind, int parent) {
    chain_.frames_.push_back({kind, parent});
    return static_cast<int>(chain_.frames_.size()) - 1;
  }

  Both any_order(const std::vector<Item>& items, Around around) {
    const int entry = add_frame(Frame::Kind::entry, around.frame);
    std::vector<TermPtr> streaming, apart;
    bool pure = true;
    for (const Item& item : items) {
      if (const auto* never = std::get_if<Never>(&item.what)) {
        add_never(*never, around);
        continue;
      }
      Around inside = around;
      if (const auto* step = std::get_if<Step>(&item.what)) {
        inside.frame = entry;
        const TermPtr term = add_step(*step, inside);
        pure = pure && chain_.steps_.back().pure;
        streaming.push_back(term);
        apart.push_back(term);
      } else {
        pure = false;
        inside.frame = add_frame(Frame::Kind::branch, entry);
        const Both both = group(std::get<Group>(item.what), inside);
        streaming.push_back(both.first);
        apart.push_back(both.second);
      }
    }
    TermPtr apart_term = Term::shuffle(entry, std::move(apart));
    if (pure) streaming = merged(streaming);
    if (pure && streaming.size() <= kMatchingSteps)
      return {Term::matching(entry, std::move(streaming), {}), std::move(apart_term)};
    return {Term::shuffle(entry, std::move(streaming)), std::move(apart_term)};
  }

  // Equal pure steps of an any-order group are one step with their counts added.
  std::vector<TermPtr> merged(const std::vector<TermPtr>& steps) const {
    std::vector<TermPtr> made;
    std::map<std::string, std::size_t> known;
    for (const TermPtr& term : steps) {
      const Step& step = chain_.steps_[static_cast<std::size_t>(term->id())].step;
      std::string signature = step.name.text() + "\n";
      if (step.within) signature += std::to_string(step.within->ns) + step.within->label;
      for (const Predicate& predicate : step.where) signature += "\n" + predicate.text;
      const auto [place, is_new] = known.emplace(signature, made.size());
      if (is_new) {
        made.push_back(term);
        continue;
      }
      TermPtr& first = made[place->second];
      const bool unbounded = std::max(first->max(), term->max()) == Count::kUnbounded;
      first = Term::step(first->id(), first->min() + term->min(),
                         unbounded ? Count::kUnbounded : first->max() + term->max());
    }
    return made;
  }

  // "Exactly one opener and one closer": a wildcard elsewhere does not stand for them.
  void exclude_edges() {
    for (StepInfo& info : chain_.steps_) {
      const bool is_edge = std::any_of(edges_.begin(), edges_.end(),
                                       [&](const Edge& edge) { return edge.step == info.index; });
      if (is_edge || info.step.name.is_literal()) continue;
      for (const Edge& edge : edges_) info.excluded.push_back(edge.name);
    }
  }

  void check_scope() const {
    if (chain_.pattern_.scope.empty()) return;
    const auto check = [&](const NamePattern& name, const Span& span) {
      if (name.is_literal() && !chain_.in_scope(name.text()))
        fail("chain_scope", "`" + name.text() + "` is outside the scope, so it can never be seen",
             span, "widen the scope");
    };
    for (const StepInfo& info : chain_.steps_) check(info.step.name, info.step.span);
    for (const NeverInfo& info : chain_.nevers_) check(info.never.name, info.never.span);
  }

  Chain& chain_;
  std::string_view text_;
  std::map<std::string, int> slots_;
  std::vector<int> defined_;
  std::vector<Edge> edges_;
  int guards_ = 0;
};

Result<std::shared_ptr<const Chain>> Chain::compile(Pattern pattern, std::string_view text,
                                                    const Place& origin) {
  auto chain = std::make_shared<Chain>();
  chain->pattern_ = std::move(pattern);
  chain->origin_ = origin;
  try {
    Compiler(*chain, text).run();
  } catch (CompileFailure& failure) {
    return std::move(failure.error);
  }
  return std::shared_ptr<const Chain>(std::move(chain));
}

Result<std::shared_ptr<const Chain>> Chain::parse(std::string_view text, const Place& origin,
                                                  const SchemaLoader& schemas) {
  auto pattern = parse_pattern(text, origin, schemas);
  if (!pattern) return std::move(pattern).error();
  return compile(std::move(*pattern), text, origin);
}

bool Chain::in_scope(std::string_view name) const {
  return pattern_.scope.empty() ||
         std::any_of(pattern_.scope.begin(), pattern_.scope.end(),
                     [&](const NamePattern& glob) { return glob.matches(name); });
}

bool Chain::lists(std::string_view name) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [&](const StepInfo& info) { return info.step.name.matches(name); });
}

}  // namespace muster::chain
