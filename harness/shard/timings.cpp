#include "shard/timings.hpp"

#include <algorithm>
#include <utility>

#include "shard/sealed.hpp"

namespace muster::shard {

namespace {

/// Messages that say nothing of how long a scenario took, and are most of them.
bool is_beside_the_point(std::string_view line) {
  for (const char* kind : {"{\"testStepStarted\":", "{\"testStepFinished\":", "{\"attachment\":",
                           "{\"gherkinDocument\":", "{\"source\":", "{\"suggestion\":"}) {
    if (line.starts_with(kind)) return true;
  }
  return false;
}

}  // namespace

Result<Timings> Timings::read(const std::string& path) {
  const auto text = read_whole(path);
  if (!text) return text.error();
  Timings made;
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (is_beside_the_point(rest)) {
      rest.remove_prefix(std::min(end + 1, rest.size()));
      continue;
    }
    auto envelope = messages::from_ndjson(rest.substr(0, end));
    if (!envelope) {
      Error bad = std::move(envelope).error();
      bad.place.uri = path;
      bad.place.line = number;
      bad.hint = "--timings takes what --format message:FILE wrote";
      return bad;
    }
    std::visit([&](const auto& message) { made.take(message); }, *envelope);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (made.ns_.empty())
    return error("no_timings", path + " has no scenario that was run",
                 "--timings takes what --format message:FILE wrote");
  return made;
}

std::optional<std::int64_t> Timings::ms(const std::string& uri, const std::string& name,
                                        std::size_t nth) const {
  const auto found = ns_.find({uri, name, nth});
  if (found == ns_.end()) return std::nullopt;
  return std::max<std::int64_t>(1, found->second / 1'000'000);
}

std::int64_t Timings::mean_ms() const {
  if (ns_.empty()) return 1000;
  std::int64_t sum = 0;
  for (const auto& [key, ns] : ns_) sum += ns / 1'000'000;
  return std::max<std::int64_t>(1, sum / static_cast<std::int64_t>(ns_.size()));
}

void Timings::take(const messages::Pickle& pickle) {
  const std::size_t nth = seen_[{pickle.uri, pickle.name}]++;
  pickles_[pickle.id] = {pickle.uri, pickle.name, nth};
}

void Timings::take(const messages::TestCase& test_case) {
  cases_[test_case.id] = test_case.pickle_id;
}

void Timings::take(const messages::TestCaseStarted& started) {
  running_[started.id] = {started.test_case_id, messages::to_ns(started.timestamp)};
}

void Timings::take(const messages::TestCaseFinished& finished) {
  const auto running = running_.find(finished.test_case_started_id);
  if (running == running_.end()) return;
  const auto pickle = pickles_.find(cases_[running->second.test_case]);
  if (pickle != pickles_.end()) {
    const std::int64_t took = messages::to_ns(finished.timestamp) - running->second.began_ns;
    ns_[pickle->second] += std::max<std::int64_t>(0, took);
  }
  running_.erase(running);
}

}  // namespace muster::shard
