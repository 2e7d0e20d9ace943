#include "audit/verify.hpp"

#include <atomic>
#include <thread>

#include "audit/explain_keys.hpp"
#include "audit/line_reader.hpp"
#include "base/text.hpp"

namespace muster::audit {
namespace {

/// Threads read pieces of the log as they come, and take what they read in the order of the log.
class Verification {
 public:
  Verification(const LogFile& log, std::shared_ptr<const chain::Chain> chain,
               const VerifyOptions& options)
      : log_(log),
        chain_(std::move(chain)),
        options_(options),
        fields_(*chain_),
        keys_(chain_, fields_, book_),
        runs_(chain_, fields_, book_, [this](std::uint64_t offset) {
          return keys_.key_of(log_.line_at(offset).value_or_throw());
        }) {}

  Result<Verified> run() {
    const std::uint64_t pieces = (log_.size() + options_.piece - 1) / options_.piece;
    std::vector<std::thread> threads;
    for (unsigned more = 1; more < options_.threads && more < pieces; ++more)
      threads.emplace_back([this, pieces] { work(pieces); });
    work(pieces);
    for (std::thread& thread : threads) thread.join();
    if (error_) return *error_;
    runs_.settle();
    const KeyRuns::Result& result = runs_.result();
    made_.bytes = log_.size();
    made_.keys = result.keys;
    made_.satisfied = result.satisfied;
    made_.failed = result.failed;
    made_.listed = runs_.satisfied(options_.listed);
    auto explained = explain_keys(log_, chain_, made_.failed, options_);
    if (!explained) return explained.error();
    made_.explained = std::move(*explained);
    return std::move(made_);
  }

 private:
  static constexpr std::size_t kAhead = 8;  // records whose slots are on their way from memory

  void work(std::uint64_t pieces) {
    LineReader reader(chain_, fields_, book_);
    LogFile::Piece piece;
    Batch batch;
    while (!stopped_) {
      const std::uint64_t number = next_++;
      if (number >= pieces) return;
      const std::uint64_t from = number * options_.piece;
      batch.clear();
      const auto got = log_.read(from, from + options_.piece, piece);
      if (got) reader.read(piece.lines, piece.offset, batch);
      for (std::uint64_t turn = turn_; turn != number; turn = turn_) turn_.wait(turn);
      if (!stopped_) {
        if (got) {
          take(batch, piece, reader);
        } else {
          stop(got.error());
        }
      }
      ++turn_;
      turn_.notify_all();
    }
  }

  void take(Batch& batch, LogFile::Piece& piece, LineReader& reader) {
    take_records(batch);
    if (batch.bad || piece.rest.empty()) return;
    // the last line has no end: it is an event if it is a whole one
    const std::uint64_t offset = piece.offset + piece.lines.size();
    const std::size_t length = piece.rest.size();
    if (trim(piece.rest).empty()) return;
    if (!events::parse_event(piece.rest)) {
      const auto line = log_.line_number(offset);
      if (!line) return stop(line.error());
      made_.torn = Torn{*line, length};
      return;
    }
    // the buffer has room for the end that is missing
    const auto at = static_cast<std::size_t>(piece.rest.data() - piece.buffer.data());
    piece.buffer[at + length] = '\n';
    batch.clear();
    reader.read(std::string_view(piece.buffer).substr(at, length + 1), offset, batch);
    take_records(batch);
  }

  void take_records(Batch& batch) {
    const auto& records = batch.records;
    for (std::size_t at = 0; at < records.size(); ++at) {
      const Record& record = records[at];
      if (at + kAhead < records.size()) runs_.expect(records[at + kAhead]);
      if (!record.unkeyed) {
        runs_.take(record, batch.values);
        continue;
      }
      if (made_.unkeyed++ > 0) continue;
      const auto line = log_.line_number(record.offset);
      if (line) made_.unkeyed_line = *line;
    }
    runs_.heard(batch.latest);
    made_.events += batch.events;
    if (!batch.bad) return;
    Error bad = std::move(*batch.bad);
    const auto line = log_.line_number(batch.bad_offset);
    bad.place.uri = log_.path();
    bad.place.line = line ? *line : 0;
    // a caret needs to know where, and a line that fits
    const auto text = log_.line_at(batch.bad_offset);
    if (text && bad.place.column > 0 && text->size() <= 400) bad.excerpt = printable(*text);
    stop(std::move(bad));
  }

  void stop(Error error) {
    error_ = std::move(error);
    stopped_ = true;
  }

  const LogFile& log_;
  std::shared_ptr<const chain::Chain> chain_;
  const VerifyOptions& options_;
  ClassBook book_;
  const ChainFields fields_;
  LineReader keys_;
  KeyRuns runs_;
  Verified made_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<std::uint64_t> turn_ = 0;
  std::atomic<bool> stopped_ = false;
  std::optional<Error> error_;
};

}  // namespace

std::string to_text(chain::Violation::Kind kind) {
  using Kind = chain::Violation::Kind;
  switch (kind) {
    case Kind::unexpected:
      return "unexpected";
    case Kind::forbidden:
      return "forbidden";
    case Kind::late:
      return "late";
    case Kind::incomplete:
      return "incomplete";
    case Kind::empty:
      return "empty";
    case Kind::unkeyed:
      return "unkeyed";
    case Kind::ambiguous:
      return "ambiguous";
  }
  return {};
}

Result<Verified> verify(const LogFile& log, std::shared_ptr<const chain::Chain> chain,
                        const VerifyOptions& options) {
  return Verification(log, std::move(chain), options).run();
}

}  // namespace muster::audit
