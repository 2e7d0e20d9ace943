#include "chain/env.hpp"

namespace muster::chain {
namespace {

void mix(std::size_t& hash, std::size_t value) {
  hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
}

std::int64_t later(std::int64_t t_ns, std::int64_t by_ns) {
  return t_ns > kNever - by_ns ? kNever : t_ns + by_ns;
}

bool same_values(const std::shared_ptr<const Seen>& a, const std::shared_ptr<const Seen>& b) {
  if (a == b) return true;
  if (!a || !b || a->size != b->size || a->set_hash != b->set_hash) return false;
  for (const Seen* one = a.get(); one != nullptr; one = one->older.get()) {
    if (!contains(b, one->value)) return false;
  }
  return true;
}

}  // namespace

bool contains(const std::shared_ptr<const Seen>& seen, const Json& value) {
  const std::size_t hash = std::hash<Json>{}(value);
  for (const Seen* one = seen.get(); one != nullptr; one = one->older.get()) {
    if (one->value_hash == hash && one->value == value) return true;
  }
  return false;
}

std::shared_ptr<const Seen> with(std::shared_ptr<const Seen> seen, const Json& value) {
  const std::size_t hash = std::hash<Json>{}(value);
  const std::size_t size = seen ? seen->size + 1 : 1;
  const std::size_t all = (seen ? seen->set_hash : 0) ^ (hash * 0x9e3779b97f4a7c15ULL);
  return std::make_shared<const Seen>(Seen{value, hash, all, size, std::move(seen)});
}

Env Env::start(const Chain& chain, std::int64_t armed_ns) {
  Env env;
  env.clocks.assign(chain.frames().size(), kUnset);
  env.clocks.front() = armed_ns;
  env.labels.resize(static_cast<std::size_t>(chain.labels()));
  env.distinct.resize(static_cast<std::size_t>(chain.distincts()));
  return env;
}

std::int64_t Env::anchor(const Chain& chain, int frame) const {
  while (clocks[static_cast<std::size_t>(frame)] == kUnset)
    frame = chain.frames()[static_cast<std::size_t>(frame)].parent;
  return clocks[static_cast<std::size_t>(frame)];
}

std::int64_t Env::deadline(const Chain& chain, const StepInfo& step) const {
  const auto& within = step.step.within;
  const std::int64_t by = within ? within->ns : kDefaultWithinNs;
  if (step.within_label >= 0) {
    // a label that was optional and did not come bounds nothing: the step falls back on its place
    if (const auto& bound = labels[static_cast<std::size_t>(step.within_label)])
      return later(bound->t_ns, by);
  }
  return later(anchor(chain, step.frame), by);
}

void Env::touch(const Chain& chain, int frame, std::int64_t t_ns) {
  for (; frame >= 0; frame = chain.frames()[static_cast<std::size_t>(frame)].parent) {
    std::int64_t& clock = clocks[static_cast<std::size_t>(frame)];
    const Frame& here = chain.frames()[static_cast<std::size_t>(frame)];
    if (here.kind != Frame::Kind::entry) {
      clock = t_ns;
    } else if (clock == kUnset) {
      clock = anchor(chain, here.parent);
    }
  }
}

void Env::enter(const Chain& chain, int entry_frame) {
  // frames are numbered from the outside in, so a parent is always smaller
  std::vector<bool> inside(clocks.size(), false);
  for (std::size_t at = static_cast<std::size_t>(entry_frame); at < clocks.size(); ++at) {
    const int parent = chain.frames()[at].parent;
    inside[at] = at == static_cast<std::size_t>(entry_frame) ||
                 (parent >= 0 && inside[static_cast<std::size_t>(parent)]);
    if (inside[at]) clocks[at] = kUnset;
  }
}

std::size_t Env::hash(bool with_clocks) const {
  std::size_t hash = 0;
  if (with_clocks) {
    for (const std::int64_t clock : clocks) mix(hash, static_cast<std::size_t>(clock));
  }
  for (const auto& label : labels)
    mix(hash, label ? std::hash<const void*>{}(label->event.get()) + 1 : 0);
  for (const auto& seen : distinct) mix(hash, seen ? seen->set_hash : 0);
  return hash;
}

bool Env::equal(const Env& other, bool with_clocks) const {
  if (with_clocks && clocks != other.clocks) return false;
  for (std::size_t at = 0; at < labels.size(); ++at) {
    const auto& a = labels[at];
    const auto& b = other.labels[at];
    if (a.has_value() != b.has_value()) return false;
    if (a && (a->event != b->event || (with_clocks && a->t_ns != b->t_ns))) return false;
  }
  for (std::size_t at = 0; at < distinct.size(); ++at) {
    if (!same_values(distinct[at], other.distinct[at])) return false;
  }
  return true;
}

}  // namespace muster::chain
