#include "chain/watch.hpp"

#include <algorithm>

#include "events/timestamp.hpp"

namespace muster::chain {
namespace {

/// The key's values, or none when one of them is absent, null or empty: such an event belongs to no
/// automaton.
std::optional<std::vector<Json>> key_of(const Chain& chain, const events::Event& event) {
  std::vector<Json> values;
  for (const events::Pointer& pointer : chain.pattern().key) {
    auto value = pointer.find(event);
    if (!value || value->is_null() || *value == "") return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace

Watch::Watch(std::shared_ptr<const Chain> chain, WatchOptions options)
    : chain_(std::move(chain)), options_(std::move(options)), now_ns_(options_.armed_ns) {
  if (chain_->pattern().key.empty()) {
    bind({}, options_.armed_ns);
  } else if (options_.key) {
    bind(*options_.key, options_.armed_ns);
  } else {
    first_bound_ns_ =
        deadline(*chain_, {chain_->streaming(), Env::start(*chain_, options_.armed_ns)});
  }
}

Watch::Instance& Watch::bind(std::vector<Json> key, std::int64_t armed_ns) {
  const std::string name = dump_json(key);
  instances_.push_back(std::make_unique<Instance>(
      Instance{std::move(key), armed_ns, Automaton(chain_, armed_ns), {}, {}}));
  by_key_[name] = instances_.back().get();
  return *instances_.back();
}

// `clock event` judges bounds by the producer's clock. The sink's clock is carried over by the
// distance that the two had at the last event, so that a bound can pass without a further event.
std::int64_t Watch::chain_time(const events::Event& event) {
  if (chain_->pattern().clock == ClockSource::sink) return event.recv_mono_ns;
  const std::int64_t ts = events::parse_rfc3339(event.ts).value_or(event.recv_mono_ns);
  if (!offset_ns_) {
    // until now bounds counted from arming on the sink's clock: let the first event's time be its
    // arrival
    offset_ns_ = 0;
    first_ts_ = ts;
    first_arrival_ = event.recv_mono_ns;
  }
  const std::int64_t t_ns = first_arrival_ + (ts - first_ts_);
  offset_ns_ = t_ns - event.recv_mono_ns;
  return t_ns;
}

std::int64_t Watch::chain_now(std::int64_t now_ns) const {
  return now_ns + offset_ns_.value_or(0);
}

bool Watch::names(const events::Event& event) const {
  return chain_->lists(event.event) ||
         std::any_of(chain_->nevers().begin(), chain_->nevers().end(),
                     [&](const NeverInfo& info) { return info.never.name.matches(event.event); });
}

Watch::Instance* Watch::instance(const events::Event& event, std::int64_t t_ns) {
  auto key = key_of(*chain_, event);
  if (!key) {
    if (names(event) && !violation_)
      violation_ = Violation{Violation::Kind::unkeyed, event.recv_mono_ns,
                             std::make_shared<const events::Event>(event), -1};
    return nullptr;
  }
  const auto found = by_key_.find(dump_json(*key));
  if (found != by_key_.end()) return found->second;
  if (options_.key) return nullptr;
  // in a lenient chain an event that it does not name binds no key
  if (!chain_->pattern().strict && !chain_->steps().empty() && !chain_->lists(event.event))
    return nullptr;
  const bool first = instances_.empty();
  return &bind(std::move(*key), first ? options_.armed_ns : t_ns);
}

void Watch::take(const std::shared_ptr<const events::Event>& event) {
  if (settled_) return;
  now_ns_ = std::max(now_ns_, event->recv_mono_ns);
  const bool in_scope = chain_->in_scope(event->event);
  // by the producer's clock an event may be in time that arrives late, so its own time decides
  if (chain_->pattern().clock == ClockSource::sink) advance(now_ns_);
  if (!in_scope) return;
  const std::int64_t t_ns = chain_time(*event);
  Instance* const found = instance(*event, t_ns);
  if (found == nullptr) return;
  if (options_.keep_events) {
    found->log.push_back(event);
    found->times.push_back(t_ns);
  }
  found->automaton.take(event, t_ns);
}

void Watch::advance(std::int64_t now_ns) {
  now_ns_ = std::max(now_ns_, now_ns);
  if (settled_) return;
  for (const auto& instance : instances_) instance->automaton.advance(chain_now(now_ns_));
  if (instances_.empty() && now_ns_ > first_bound_ns_ && !violation_)
    violation_ = Violation{Violation::Kind::late, first_bound_ns_, nullptr, -1};
}

void Watch::settle(std::int64_t now_ns) {
  if (settled_) return;
  advance(now_ns);
  settled_ = true;
  for (const auto& instance : instances_) instance->automaton.settle(chain_now(now_ns_));
  if (instances_.empty() && !violation_)
    violation_ = Violation{Violation::Kind::empty, now_ns_, nullptr, -1};
}

Verdict Watch::verdict() const {
  if (violation()) return Verdict::violated;
  return settled_ ? Verdict::satisfied : Verdict::pending;
}

const Watch::Instance* Watch::failing() const {
  for (const auto& instance : instances_) {
    if (instance->automaton.violation()) return instance.get();
  }
  return instances_.empty() ? nullptr : instances_.front().get();
}

std::optional<Violation> Watch::violation() const {
  if (violation_) return violation_;
  const Instance* const instance = failing();
  return instance == nullptr ? std::nullopt : instance->automaton.violation();
}

std::optional<std::int64_t> Watch::next_deadline() const {
  if (settled_ || violation()) return std::nullopt;
  if (instances_.empty())
    return first_bound_ns_ == kNever ? std::nullopt : std::optional(first_bound_ns_);
  std::optional<std::int64_t> earliest;
  for (const auto& instance : instances_) {
    if (const auto until = instance->automaton.deadline()) {
      const std::int64_t on_sink = *until - offset_ns_.value_or(0);
      earliest = earliest ? std::min(*earliest, on_sink) : on_sink;
    }
  }
  return earliest;
}

bool Watch::accepting() const {
  return !violation() && !instances_.empty() &&
         std::all_of(instances_.begin(), instances_.end(), [](const auto& instance) {
           return instance->automaton.taken() > 0 && instance->automaton.accepting();
         });
}

}  // namespace muster::chain
