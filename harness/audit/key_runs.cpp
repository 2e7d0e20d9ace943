#include "audit/key_runs.hpp"

#include <algorithm>
#include <cstring>

namespace muster::audit {

using VKind = chain::Violation::Kind;

/// The run of a key that is open.
struct KeyRuns::Live {
  std::uint64_t place = 0;  // in live_
  std::string key;
  std::uint64_t hash = 0;
  std::uint64_t first = 0;
  std::uint64_t taken = 0;
  CompiledChain::Run run;
  std::vector<ValueSet> distinct;
  std::unique_ptr<chain::Automaton> automaton;  // where the tables do not do
};

std::uint64_t hash_of(std::string_view bytes) {
  // multiply and fold, eight bytes at a time (after wyhash)
  __extension__ using Wide = unsigned __int128;
  const auto mixed = [](std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const auto word = [&](std::size_t at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data() + at, 8);
    return eight;
  };
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL ^ bytes.size();
  if (bytes.size() < 8) {
    std::uint64_t few = 0;
    for (const char c : bytes) few = few << 8 | static_cast<unsigned char>(c);
    return mixed(hash ^ few, 0x8ebc6af09c88c6e3ULL);
  }
  for (std::size_t at = 0; at + 8 < bytes.size(); at += 8)
    hash = mixed(hash ^ word(at), 0xe7037ed1a0b428dbULL);
  return mixed(hash ^ word(bytes.size() - 8), 0x8ebc6af09c88c6e3ULL);
}

bool ValueSet::insert(std::string_view value) {
  if (many_.empty()) {
    if (std::find(few_.begin(), few_.end(), value) != few_.end()) return false;
    if (few_.size() < kFew) {
      few_.emplace_back(value);
      return true;
    }
    many_.insert(few_.begin(), few_.end());
    few_.clear();
  }
  return many_.emplace(value).second;
}

void ValueSet::clear() {
  few_.clear();
  many_.clear();
}

std::vector<std::string_view> ValueSet::all() const {
  std::vector<std::string_view> made(few_.begin(), few_.end());
  made.insert(made.end(), many_.begin(), many_.end());
  return made;
}

KeyRuns::KeyRuns(std::shared_ptr<const chain::Chain> chain, const ChainFields& fields,
                 const ClassBook& book, KeyAt key_at)
    : chain_(std::move(chain)),
      fields_(fields),
      key_at_(std::move(key_at)),
      compiled_(chain_, book),
      slots_(1024) {}

KeyRuns::~KeyRuns() = default;

KeyRuns::Slot& KeyRuns::find(std::uint64_t hash, std::string_view key) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.kind() == Kind::none) return slot;
    if (slot.hash != hash) continue;
    const bool same = slot.kind() == Kind::live     ? live_[slot.value()]->key == key
                      : slot.kind() == Kind::failed ? result_.failed[slot.value()].key == key
                                                    : key_at_(slot.value()) == key;
    if (same) return slot;
  }
}

void KeyRuns::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.kind() == Kind::none) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].kind() != Kind::none) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

KeyRuns::Live& KeyRuns::reopen(Slot& slot, const Record& record) {
  if (free_.empty()) {
    free_.push_back(live_.size());
    live_.push_back(std::make_unique<Live>());
    live_.back()->place = free_.back();
    live_.back()->distinct.resize(fields_.distinct.size());
  }
  Live& live = *live_[free_.back()];
  free_.pop_back();
  live.key = record.key;
  live.hash = record.hash;
  slot.hash = record.hash;
  slot.packed = live.place << 2 | static_cast<std::uint64_t>(Kind::live);
  return live;
}

KeyRuns::Live& KeyRuns::bind(Slot& slot, const Record& record) {
  Live& live = reopen(slot, record);
  ++used_;
  ++result_.keys;
  live.first = record.offset;
  live.taken = 0;
  if (fields_.fit) {
    live.run = compiled_.start(record.t_ns);
  } else {
    live.automaton = std::make_unique<chain::Automaton>(chain_, record.t_ns);
  }
  return live;
}

void KeyRuns::release(Live& live) {
  live.automaton.reset();
  for (ValueSet& values : live.distinct) values.clear();
  free_.push_back(live.place);
}

void KeyRuns::close(Slot& slot, Live& live) {
  slot.packed = live.first << 2 | static_cast<std::uint64_t>(Kind::closed);
  ++result_.satisfied;
  release(live);
}

void KeyRuns::fail(Slot& slot, Live& live, VKind kind) {
  slot.packed = result_.failed.size() << 2 | static_cast<std::uint64_t>(Kind::failed);
  result_.failed.push_back({live.key, kind, live.first, live.taken});
  release(live);
}

// On the sink's clock time passes with every event; on the producer's an event may be in time that
// arrives late, so its own time decides.
std::int64_t KeyRuns::now_for(const Record& record) const {
  return chain_->pattern().clock == chain::ClockSource::sink ? std::max(latest_, record.t_ns)
                                                             : record.t_ns;
}

void KeyRuns::take(const Record& record, const std::vector<Value>& values) {
  heard(std::max(record.latest, record.arrival));
  ahead_ = record.t_ns - record.arrival;
  if ((used_ + 1) * 2 > slots_.size()) grow();
  Slot& slot = find(record.hash, record.key);
  switch (slot.kind()) {
    case Kind::failed:
      return;
    case Kind::live:
      return step(slot, *live_[slot.value()], record, values);
    case Kind::none:
      // in a lenient chain an event that it does not name binds no key
      if (!chain_->pattern().strict && !record.listed) return;
      return step(slot, bind(slot, record), record, values);
    case Kind::closed:
      break;
  }
  // a closed run has taken all that the chain has: this event breaks it, or is not looked at
  const std::uint64_t first = slot.value();
  Live& live = reopen(slot, record);
  --result_.satisfied;
  live.first = first;
  live.run = {};
  live.run.clocks.assign(chain_->frames().size(), chain::kUnset);
  step(slot, live, record, values);
}

bool KeyRuns::distinct(Live& live, int number, const Value& value, bool& plain) {
  plain = value.kind == Value::Kind::string || value.kind == Value::Kind::integer;
  return plain && live.distinct[static_cast<std::size_t>(number)].insert(value.raw());
}

void KeyRuns::step(Slot& slot, Live& live, const Record& record, const std::vector<Value>& values) {
  using Move = CompiledChain::Move;
  if (live.automaton) return ask(slot, live, record);
  const auto broken = [&](VKind kind) {
    ++live.taken;
    fail(slot, live, kind);
  };
  if (compiled_.deadline(live.run) < now_for(record)) return broken(VKind::late);
  const Move& move = compiled_.move(live.run.state, record.event_class);
  switch (move.kind) {
    case Move::Kind::go:
      break;
    case Move::Kind::stay:
      ++live.taken;
      if (compiled_.closed(live.run.state)) close(slot, live);
      return;
    case Move::Kind::unexpected:
      return broken(VKind::unexpected);
    case Move::Kind::forbidden:
      return broken(VKind::forbidden);
    case Move::Kind::ask:
      return ask(slot, live, record);
  }
  auto& clocks = live.run.clocks;
  if (record.t_ns - move.bound_ns > clocks[static_cast<std::size_t>(move.bound_clock)])
    return ask(slot, live, record);
  if (move.distinct >= 0) {
    bool plain = false;
    const Value& value = values[record.values + static_cast<std::size_t>(move.distinct)];
    if (!distinct(live, move.distinct, value, plain)) {
      // the event is not taken, and nothing else takes its class
      if (plain || value.kind == Value::Kind::absent) return broken(VKind::unexpected);
      return ask(slot, live, record);
    }
  }
  ++live.taken;
  if (move.repeats && live.run.count > 0) {
    --live.run.count;
  } else {
    live.run.state = move.next;
    live.run.count = move.count;
  }
  // a clock takes over its own or one further out, so from the inside out nothing is overwritten
  // that is still to be read
  for (std::size_t frame = clocks.size(); frame-- > 0;) {
    const int from = move.clocks[frame];
    if (from == CompiledChain::kNow) {
      clocks[frame] = record.t_ns;
    } else {
      clocks[frame] =
          from == CompiledChain::kNoClock ? chain::kUnset : clocks[static_cast<std::size_t>(from)];
    }
  }
  if (compiled_.closed(live.run.state)) close(slot, live);
}

chain::State KeyRuns::state_of(const Live& live) const {
  chain::State state = compiled_.state_of(live.run);
  for (std::size_t at = 0; at < live.distinct.size(); ++at) {
    for (const std::string_view value : live.distinct[at].all())
      state.env.distinct[at] =
          chain::with(std::move(state.env.distinct[at]), parse_json(value).value_or_throw());
  }
  return state;
}

bool KeyRuns::back_to_text(Live& live) {
  const auto& states = live.automaton->states();
  if (!fields_.fit || states.size() != 1) return false;
  const auto is_plain = [](const Json& value) {
    if (value.is_number_integer()) return true;
    // what has to be escaped does not look the same in every line
    return value.is_string() && dump_json(value).find('\\') == std::string::npos;
  };
  for (const auto& seen : states.front().env.distinct) {
    for (const chain::Seen* one = seen.get(); one != nullptr; one = one->older.get()) {
      if (!is_plain(one->value)) return false;
    }
  }
  if (!compiled_.run_of(states.front(), live.run)) return false;
  for (std::size_t at = 0; at < live.distinct.size(); ++at) {
    live.distinct[at].clear();
    const auto& seen = states.front().env.distinct[at];
    for (const chain::Seen* one = seen.get(); one != nullptr; one = one->older.get())
      live.distinct[at].insert(dump_json(one->value));
  }
  return true;
}

void KeyRuns::ask(Slot& slot, Live& live, const Record& record) {
  if (!live.automaton)
    live.automaton = std::make_unique<chain::Automaton>(chain_, state_of(live), live.taken);
  const auto event = record.event != nullptr
                         ? *record.event
                         : std::make_shared<const events::Event>(
                               events::parse_event(record.line).value_or_throw());
  live.automaton->advance(now_for(record));
  live.automaton->take(event, record.t_ns);
  live.taken = live.automaton->taken();
  if (const auto& violation = live.automaton->violation()) return fail(slot, live, violation->kind);
  if (!back_to_text(live)) return;
  live.automaton.reset();
  if (compiled_.closed(live.run.state)) close(slot, live);
}

void KeyRuns::settle() {
  const std::int64_t now =
      latest_ + (chain_->pattern().clock == chain::ClockSource::sink ? 0 : ahead_);
  std::vector<Slot*> open;
  for (Slot& slot : slots_) {
    if (slot.kind() == Kind::live) open.push_back(&slot);
  }
  std::sort(open.begin(), open.end(), [&](const Slot* a, const Slot* b) {
    return live_[a->value()]->first < live_[b->value()]->first;
  });
  for (Slot* slot : open) {
    Live& live = *live_[slot->value()];
    if (!live.automaton)
      live.automaton = std::make_unique<chain::Automaton>(chain_, state_of(live), live.taken);
    live.automaton->settle(now);
    if (const auto& violation = live.automaton->violation()) {
      fail(*slot, live, violation->kind);
    } else {
      close(*slot, live);
    }
  }
}

std::vector<std::string> KeyRuns::satisfied(std::size_t most) const {
  std::vector<std::uint64_t> first;
  for (const Slot& slot : slots_) {
    if (slot.kind() == Kind::closed) first.push_back(slot.value());
  }
  most = std::min(first.size(), most);
  std::partial_sort(first.begin(), first.begin() + static_cast<long>(most), first.end());
  first.resize(most);
  std::vector<std::string> keys;
  for (const std::uint64_t offset : first) keys.push_back(key_at_(offset));
  return keys;
}

}  // namespace muster::audit
