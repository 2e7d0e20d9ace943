#include "audit/event_classes.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "chain/predicate.hpp"

namespace muster::audit {
namespace {

using chain::Operator;
using Kind = Value::Kind;

constexpr std::size_t kAtoms = 64;
constexpr std::size_t kNames = 10'000;  // kept by a thread

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c != '"' && c != '\\'; });
}

bool is_type(const Value& value, const std::string& type) {
  switch (value.kind) {
    case Kind::string:
    case Kind::escaped:
      return type == "string";
    case Kind::word:
      return type == "bool";
    case Kind::null:
      return type == "null";
    case Kind::container:
      return type == (*value.begin == '{' ? "object" : "array");
    default:
      return false;
  }
}

}  // namespace

Json to_json(const Value& value) {
  if (value.kind == Kind::string) return std::string(value.text());
  if (value.kind == Kind::integer) {
    const std::int64_t number = number_of(value);
    // as the parser reads them: what has no sign is unsigned
    return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
  }
  return parse_json(value.raw()).value_or_throw();
}

int ClassBook::number_of(const EventClass& made) {
  const std::lock_guard lock(guard_);
  const auto known = std::find(all_.begin(), all_.end(), made);
  if (known != all_.end()) return static_cast<int>(known - all_.begin());
  all_.push_back(made);
  return static_cast<int>(all_.size()) - 1;
}

EventClass ClassBook::at(int number) const {
  const std::lock_guard lock(guard_);
  return all_[static_cast<std::size_t>(number)];
}

ChainFields::ChainFields(const chain::Chain& chain) {
  const auto want = [&](const events::Pointer& pointer) {
    if (!pointer.tokens().empty()) return fields.want(pointer);
    fit = false;
    return 0;
  };
  const auto atoms_of = [&](const std::vector<chain::Predicate>& where) {
    std::vector<int> made;
    for (const chain::Predicate& predicate : where) {
      fit = fit && predicate.label.empty();
      const auto known = std::find_if(atoms.begin(), atoms.end(), [&](const Atom& atom) {
        return atom.predicate->text == predicate.text;
      });
      made.push_back(static_cast<int>(known - atoms.begin()));
      if (known != atoms.end()) continue;
      Atom atom{&predicate, want(predicate.pointer), absence_of(predicate.pointer.text()), {}};
      const bool equals = predicate.op == Operator::equal || predicate.op == Operator::not_equal;
      if (equals && predicate.literal.is_string() && is_plain(predicate.literal))
        atom.raw = dump_json(predicate.literal);
      atoms.push_back(std::move(atom));
    }
    return made;
  };
  for (const events::Pointer& pointer : chain.pattern().key) {
    key.push_back(want(pointer));
    key_absence.push_back(absence_of(pointer.text()));
  }
  distinct.resize(static_cast<std::size_t>(chain.distincts()));
  for (const chain::StepInfo& info : chain.steps()) {
    of_step.push_back(atoms_of(info.step.where));
    if (info.distinct >= 0)
      distinct[static_cast<std::size_t>(info.distinct)] = want(*info.step.distinct);
  }
  for (const chain::NeverInfo& info : chain.nevers())
    of_never.push_back(atoms_of(info.never.where));
  fit = fit && chain.labels() == 0 && atoms.size() <= kAtoms;
}

Classifier::Named& Classifier::named(std::string_view event, bool& kept) {
  std::string name(event);
  kept = true;
  if (const auto known = names_.find(name); known != names_.end()) return *known->second;
  auto made = std::make_unique<Named>();
  made->in_scope = chain_.in_scope(event);
  made->listed = chain_.lists(event);
  const auto look_at = [&](const std::vector<int>& atoms) {
    for (const int atom : atoms) {
      if (std::find(made->atoms.begin(), made->atoms.end(), atom) == made->atoms.end())
        made->atoms.push_back(atom);
    }
  };
  for (const chain::StepInfo& info : chain_.steps()) {
    const bool excluded =
        std::any_of(info.excluded.begin(), info.excluded.end(),
                    [&](const chain::NamePattern& other) { return other.matches(event); });
    if (excluded || !info.step.name.matches(event)) continue;
    made->steps.push_back(info.index);
    look_at(fields_.of_step[static_cast<std::size_t>(info.index)]);
  }
  for (std::size_t at = 0; at < chain_.nevers().size(); ++at) {
    if (!chain_.nevers()[at].never.name.matches(event)) continue;
    made->nevers.push_back(static_cast<int>(at));
    look_at(fields_.of_never[at]);
  }
  made->named = made->listed || !made->nevers.empty();
  kept = names_.size() < kNames;
  return *((kept ? names_[std::move(name)] : passing_) = std::move(made));
}

bool Classifier::holds(const ChainFields::Atom& atom, const Value& value) {
  const Operator op = atom.predicate->op;
  if (counts_as_absent(atom.absence, value)) return op == Operator::absent;
  if (op == Operator::exists || op == Operator::absent) return op == Operator::exists;
  if (value.kind == Kind::string) {
    if (!atom.raw.empty()) return (value.raw() == atom.raw) == (op == Operator::equal);
    if (op == Operator::matches)
      return re2::RE2::PartialMatch(value.text(), *atom.predicate->regex);
  }
  const bool has_number = value.kind == Kind::integer || value.kind == Kind::number;
  if (op == Operator::is && !has_number)
    return is_type(value, atom.predicate->literal.get_ref<const std::string&>());
  const Json found = to_json(value);
  return chain::holds(*atom.predicate, &found);
}

int Classifier::make(Named& named, std::uint64_t bits) {
  EventClass made;
  made.listed = named.listed;
  made.takes.resize(fields_.of_step.size());
  made.forbids.resize(fields_.of_never.size());
  const auto all_hold = [&](const std::vector<int>& atoms) {
    return std::all_of(atoms.begin(), atoms.end(), [&](int atom) {
      const auto at = std::find(named.atoms.begin(), named.atoms.end(), atom);
      return (bits >> (at - named.atoms.begin()) & 1) != 0;
    });
  };
  for (const int step : named.steps) {
    const auto at = static_cast<std::size_t>(step);
    made.takes[at] = all_hold(fields_.of_step[at]);
  }
  for (const int never : named.nevers) {
    const auto at = static_cast<std::size_t>(never);
    made.forbids[at] = all_hold(fields_.of_never[at]);
  }
  const int number = book_.number_of(made);
  // a name whose fields fall into very many classes is asked each time
  if (named.classes.size() < 256) named.classes.emplace_back(bits, number);
  return number;
}

}  // namespace muster::audit
