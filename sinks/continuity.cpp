#include "sinks/continuity.hpp"

namespace muster::sinks {

using Kind = ContinuityFinding::Kind;

std::string to_text(const ContinuityFinding& finding) {
  const std::string program = finding.source.substr(0, finding.source.find('/'));
  const bool several = finding.last > finding.first;
  std::string text = program + " src_seq " + std::to_string(finding.first);
  if (several) text += "–" + std::to_string(finding.last);
  switch (finding.kind) {
    case Kind::missing:
      return text + (several ? " are missing" : " is missing");
    case Kind::duplicated:
      return text + " came twice";
    case Kind::reordered:
      return text + " came late";
  }
  return text;
}

void Continuity::take(const events::Event& event) {
  Source& source = sources_[event.source];
  const std::uint64_t number = event.src_seq;
  if (number >= source.next) {
    if (number > source.next) source.missing[source.next] = number - 1;
    source.next = number + 1;
    return;
  }
  auto range = source.missing.upper_bound(number);
  const bool was_missing = range != source.missing.begin() && (--range)->second >= number;
  if (!was_missing) {
    source.seen.push_back({Kind::duplicated, event.source, number, number});
    return;
  }
  const auto [first, last] = *range;
  source.missing.erase(range);
  if (first < number) source.missing[first] = number - 1;
  if (number < last) source.missing[number + 1] = last;
  source.seen.push_back({Kind::reordered, event.source, number, number});
}

std::vector<ContinuityFinding> Continuity::findings() const {
  std::vector<ContinuityFinding> all;
  for (const auto& [name, source] : sources_) {
    all.insert(all.end(), source.seen.begin(), source.seen.end());
    for (const auto& [first, last] : source.missing)
      all.push_back({Kind::missing, name, first, last});
  }
  return all;
}

std::uint64_t Continuity::last_of(const std::string& source) const {
  const auto found = sources_.find(source);
  return found == sources_.end() ? 0 : found->second.next - 1;
}

}  // namespace muster::sinks
