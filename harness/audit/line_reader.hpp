#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/event_classes.hpp"
#include "audit/key_runs.hpp"
#include "audit/line_scanner.hpp"
#include "audit/line_shapes.hpp"

namespace muster::audit {

/// The events of a piece of a log. What it holds points into the piece.
struct Batch {
  std::vector<Record> records;  ///< of events in scope
  std::vector<Value> values;
  std::deque<std::string> texts;  ///< keys that do not stand in the log as they are
  std::deque<std::shared_ptr<const events::Event>> parsed;
  std::uint64_t events = 0;  ///< in scope or not
  std::int64_t latest = 0;   ///< latest arrival
  std::optional<Error> bad;  ///< the first line that is no event; nothing after it was read
  std::uint64_t bad_offset = 0;

  void clear();
};

/// Reads lines as events for a chain: by their shape where it is known, else by the scanner, else
/// by the parser, which alone says what is wrong. One per thread.
class LineReader {
 public:
  LineReader(std::shared_ptr<const chain::Chain> chain, const ChainFields& fields, ClassBook& book);

  /// Reads whole lines; `offset` is where `lines` begins in the log. kPadding bytes after them can
  /// be read. Empty lines are passed over.
  void read(std::string_view lines, std::uint64_t offset, Batch& batch);

  /// The text of the key of a line that is an event with one.
  std::string key_of(std::string_view line);

 private:
  template <class ValueOf>
  void take(Classifier::Named& named, std::string_view line, std::uint64_t offset,
            const ValueOf& value, Batch& batch);
  bool take_event(std::string_view line, std::uint64_t offset, Batch& batch);
  template <class ValueOf>
  bool set_key(const ValueOf& value, Record& record, Batch& batch);
  bool set_key(const events::Event& event, Record& record, Batch& batch);

  std::shared_ptr<const chain::Chain> chain_;
  const ChainFields& fields_;
  LineScanner scanner_;
  LineShapes shapes_;
  Classifier classifier_;
  std::vector<Classifier::Named*> of_shape_;
  const bool by_event_time_;
};

}  // namespace muster::audit
