#include "audit/explain_keys.hpp"

#include <algorithm>
#include <unordered_map>

#include "audit/line_reader.hpp"
#include "chain/watch.hpp"

namespace muster::audit {
namespace {

// An alignment looks at every event of a key. Beyond these it tells what it saw until then.
constexpr std::size_t kEvents = 50'000;

/// The chain's events alone decide which fields are read: a key and nothing else.
struct Collected {
  std::unordered_map<std::string_view, std::vector<std::string>> lines;  // by key
  std::int64_t latest = 0;
};

void collect(const Batch& batch, Collected& made) {
  for (const Record& record : batch.records) {
    if (record.unkeyed) continue;
    const auto wanted = made.lines.find(record.key);
    if (wanted != made.lines.end() && wanted->second.size() < kEvents)
      wanted->second.emplace_back(record.line);
  }
  made.latest = std::max(made.latest, batch.latest);
}

chain::Failure explain_one(const std::shared_ptr<const chain::Chain>& chain, const std::string& key,
                           const std::vector<std::string>& lines, std::int64_t latest,
                           const VerifyOptions& options) {
  std::vector<std::shared_ptr<const events::Event>> log;
  for (const std::string& line : lines) {
    auto event = events::parse_event(line).value_or_throw();
    // a recorder that numbers nothing: the ladder counts the key's events
    if (event.seq == 0) event.seq = log.size() + 1;
    log.push_back(std::make_shared<const events::Event>(std::move(event)));
  }
  chain::WatchOptions watching;
  if (!log.empty()) watching.armed_ns = log.front()->recv_mono_ns;
  if (!chain->pattern().key.empty())
    watching.key = parse_json("[" + key + "]").value_or_throw().get<std::vector<Json>>();
  chain::Watch watch(chain, std::move(watching));
  for (const auto& event : log) watch.take(event);
  watch.settle(lines.size() < kEvents ? latest : watch.now_ns());
  return chain::explain(watch, {}, {options.chain_place, {}, {}});
}

}  // namespace

Result<std::vector<Explained>> explain_keys(const LogFile& log,
                                            const std::shared_ptr<const chain::Chain>& chain,
                                            const std::vector<Failed>& failed,
                                            const VerifyOptions& options) {
  std::vector<Explained> made;
  const std::size_t count = std::min(failed.size(), options.reports);
  if (count == 0) return made;
  Collected collected;
  std::uint64_t from = failed.front().first;
  for (std::size_t at = 0; at < count; ++at) {
    collected.lines[failed[at].key];
    from = std::min(from, failed[at].first);
  }
  ClassBook book;
  const ChainFields fields(*chain);
  LineReader reader(chain, fields, book);
  LogFile::Piece piece;
  Batch batch;
  for (; from < log.size(); from += options.piece) {
    batch.clear();
    if (auto got = log.read(from, from + options.piece, piece); !got) return got.error();
    reader.read(piece.lines, piece.offset, batch);
    collect(batch, collected);
    if (piece.rest.empty() || !events::parse_event(piece.rest)) continue;
    batch.clear();
    const std::string last = std::string(piece.rest) + "\n" + std::string(64, '\0');
    reader.read(std::string_view(last).substr(0, piece.rest.size() + 1), 0, batch);
    collect(batch, collected);
  }
  for (std::size_t at = 0; at < count; ++at) {
    const std::string& key = failed[at].key;
    made.push_back({key, explain_one(chain, key, collected.lines[key], collected.latest, options)});
  }
  return made;
}

}  // namespace muster::audit
