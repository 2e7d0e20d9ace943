#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "audit/compiled_chain.hpp"
#include "audit/value.hpp"
#include "chain/automaton.hpp"

namespace muster::audit {

/// An event in scope, as it was read.
struct Record {
  std::uint64_t hash = 0;  ///< of `key`
  std::string_view key;    ///< the key's values as JSON, separated by commas; empty without a key
  std::string_view line;
  std::uint64_t offset = 0;  ///< of the line in the log
  std::int64_t t_ns = 0;     ///< on the chain's clock
  std::int64_t arrival = 0;  ///< on the sink's clock
  std::int64_t latest = 0;   ///< the latest arrival of those read before it
  std::size_t values = 0;    ///< its `distinct` values, by slot, among those of its batch
  int event_class = -1;
  bool listed = false;   ///< a step has its name
  bool unkeyed = false;  ///< the chain names it, and it has no key
  /// Of a line that the parser read, in its batch; else null.
  const std::shared_ptr<const events::Event>* event = nullptr;
};

/// A key that does not keep the chain.
struct Failed {
  std::string key;
  chain::Violation::Kind kind = chain::Violation::Kind::unexpected;
  std::uint64_t first = 0;   ///< offset of its first event
  std::uint64_t events = 0;  ///< until then
};

/// Different values of a `distinct` step.
class ValueSet {
 public:
  /// False when it is there already. Plain strings and integers, as text: equal ones look equal.
  bool insert(std::string_view value);
  void clear();
  std::vector<std::string_view> all() const;

 private:
  static constexpr std::size_t kFew = 16;
  std::vector<std::string> few_;
  std::unordered_set<std::string> many_;
};

/// The runs of a chain, one per key: what `chain::Watch` is to a scenario, for logs of any size.
/// Memory is that of the runs that are open, 16 bytes for each that is closed, and the key for each
/// that failed.
class KeyRuns {
 public:
  /// The key of the event whose line begins at an offset of the log.
  using KeyAt = std::function<std::string(std::uint64_t offset)>;

  KeyRuns(std::shared_ptr<const chain::Chain> chain, const ChainFields& fields,
          const ClassBook& book, KeyAt key_at);
  ~KeyRuns();

  /// `record` will be taken soon.
  void expect(const Record& record) const {
    __builtin_prefetch(&slots_[record.hash & (slots_.size() - 1)]);
  }

  /// In the order of the log; `values` are those of the record's batch.
  void take(const Record& record, const std::vector<Value>& values);

  /// `ns` is the latest arrival of all lines, in scope or not.
  void heard(std::int64_t ns) { latest_ = std::max(latest_, ns); }

  /// The log has ended.
  void settle();

  struct Result {
    std::uint64_t keys = 0;
    std::uint64_t satisfied = 0;
    std::vector<Failed> failed;  ///< those that events broke first, then those that time did
  };
  const Result& result() const { return result_; }

  /// The first keys that keep the chain, when it has settled, in the order of the log.
  std::vector<std::string> satisfied(std::size_t most) const;

 private:
  struct Live;
  /// A closed run leaves its first event's offset, an open one its place among `live_`.
  enum class Kind : std::uint64_t { none, live, closed, failed };
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t packed = 0;
    Kind kind() const { return static_cast<Kind>(packed & 3); }
    std::uint64_t value() const { return packed >> 2; }
  };

  Slot& find(std::uint64_t hash, std::string_view key);
  void grow();
  Live& bind(Slot& slot, const Record& record);
  Live& reopen(Slot& slot, const Record& record);
  void step(Slot& slot, Live& live, const Record& record, const std::vector<Value>& values);
  void ask(Slot& slot, Live& live, const Record& record);
  bool distinct(Live& live, int number, const Value& value, bool& plain);
  void close(Slot& slot, Live& live);
  void fail(Slot& slot, Live& live, chain::Violation::Kind kind);
  void release(Live& live);
  chain::State state_of(const Live& live) const;
  bool back_to_text(Live& live);
  std::int64_t now_for(const Record& record) const;

  std::shared_ptr<const chain::Chain> chain_;
  const ChainFields& fields_;
  KeyAt key_at_;
  CompiledChain compiled_;
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<Live>> live_;
  std::vector<std::uint64_t> free_;
  std::int64_t latest_ = 0;
  std::int64_t ahead_ = 0;  // the chain's clock before the sink's, at the last event
  Result result_;
};

/// For the table of keys.
std::uint64_t hash_of(std::string_view bytes);

}  // namespace muster::audit
