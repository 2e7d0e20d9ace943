#include "audit/line_reader.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "chain/predicate.hpp"
#include "events/timestamp.hpp"

namespace muster::audit {
namespace {

using Kind = Value::Kind;

/// Whether a key's value says whose event it is: it is there, not null and not the empty string.
bool is_key(const Value& value) {
  return value.kind != Kind::absent && value.kind != Kind::null &&
         !(value.kind == Kind::string && value.text().empty());
}

/// Whether equal values of this kind are equal texts.
bool is_plain(const Value& value) {
  return value.kind == Kind::string || value.kind == Kind::integer || value.kind == Kind::word;
}

}  // namespace

void Batch::clear() {
  records.clear();
  values.clear();
  texts.clear();
  parsed.clear();
  events = 0;
  latest = 0;
  bad.reset();
}

LineReader::LineReader(std::shared_ptr<const chain::Chain> chain, const ChainFields& fields,
                       ClassBook& book)
    : chain_(std::move(chain)),
      fields_(fields),
      scanner_(fields.fields),
      shapes_(fields.fields),
      classifier_(*chain_, fields, book),
      by_event_time_(chain_->pattern().clock == chain::ClockSource::event) {}

template <class ValueOf>
bool LineReader::set_key(const ValueOf& value, Record& record, Batch& batch) {
  if (fields_.key.size() == 1) {
    const Value only = value(fields_.key.front());
    if (!is_key(only) || counts_as_absent(fields_.key_absence.front(), only)) return false;
    if (is_plain(only)) {
      record.key = only.raw();
      record.hash = hash_of(record.key);
      return true;
    }
  }
  std::string text;
  for (std::size_t at = 0; at < fields_.key.size(); ++at) {
    const Value part = value(fields_.key[at]);
    if (!is_key(part) || counts_as_absent(fields_.key_absence[at], part)) return false;
    text += at == 0 ? "" : ",";
    if (is_plain(part)) {
      text += part.raw();
    } else {
      text += dump_json(to_json(part));
    }
  }
  batch.texts.push_back(std::move(text));
  record.key = batch.texts.back();
  record.hash = hash_of(record.key);
  return true;
}

bool LineReader::set_key(const events::Event& event, Record& record, Batch& batch) {
  std::string text;
  for (const events::Pointer& pointer : chain_->pattern().key) {
    const auto value = pointer.find(event);
    if (!value || value->is_null() || *value == "") return false;
    text += (text.empty() ? "" : ",") + dump_json(*value);
  }
  batch.texts.push_back(std::move(text));
  record.key = batch.texts.back();
  record.hash = hash_of(record.key);
  return true;
}

template <class ValueOf>
void LineReader::take(Classifier::Named& named, std::string_view line, std::uint64_t offset,
                      const ValueOf& value, Batch& batch) {
  ++batch.events;
  const Value received = value(Fields::kArrival);
  const std::int64_t arrival = received.kind == Kind::absent ? 0 : number_of(received);
  const std::int64_t before = batch.latest;
  batch.latest = std::max(batch.latest, arrival);
  if (!named.in_scope) return;
  Record& record = batch.records.emplace_back();
  record.line = line;
  record.offset = offset;
  record.arrival = arrival;
  record.latest = before;
  record.t_ns = by_event_time_ ? time_of(value(Fields::kTime)) : arrival;
  record.listed = named.listed;
  if (!set_key(value, record, batch)) {
    record.unkeyed = named.named;
    if (!named.named) batch.records.pop_back();
    return;
  }
  record.event_class = classifier_.classify(named, [&](const ChainFields::Atom& atom) {
    return Classifier::holds(atom, value(atom.field));
  });
  record.values = batch.values.size();
  for (const int field : fields_.distinct) batch.values.push_back(value(field));
}

bool LineReader::take_event(std::string_view line, std::uint64_t offset, Batch& batch) {
  auto parsed = events::parse_event(line);
  if (!parsed) {
    batch.bad = std::move(parsed).error();
    batch.bad_offset = offset;
    return false;
  }
  ++batch.events;
  const events::Event& event = *parsed;
  const std::int64_t before = batch.latest;
  batch.latest = std::max(batch.latest, event.recv_mono_ns);
  bool kept = false;
  Classifier::Named& named = classifier_.named(event.event, kept);
  if (!named.in_scope) return true;
  Record& record = batch.records.emplace_back();
  record.line = line;
  record.offset = offset;
  record.arrival = event.recv_mono_ns;
  record.latest = before;
  record.t_ns = by_event_time_ ? events::parse_rfc3339(event.ts).value_or(event.recv_mono_ns)
                               : event.recv_mono_ns;
  record.listed = named.listed;
  if (!set_key(event, record, batch)) {
    record.unkeyed = named.named;
    if (!named.named) batch.records.pop_back();
    return true;
  }
  if (fields_.fit) {
    record.event_class = classifier_.classify(named, [&](const ChainFields::Atom& atom) {
      return chain::holds(*atom.predicate, event, nullptr);
    });
    // a value that is no plain text is left to the automaton
    record.values = batch.values.size();
    Value unknown;
    unknown.kind = Kind::container;
    batch.values.resize(batch.values.size() + fields_.distinct.size(), unknown);
  }
  record.event =
      &batch.parsed.emplace_back(std::make_shared<const events::Event>(std::move(*parsed)));
  return true;
}

void LineReader::read(std::string_view lines, std::uint64_t offset, Batch& batch) {
  const char* at = lines.data();
  const char* const end = at + lines.size();
  while (at < end) {
    const std::uint64_t here = offset + static_cast<std::uint64_t>(at - lines.data());
    const char* after = nullptr;
    const LineShapes::Shape* const shape = fields_.fit ? shapes_.match(at, after) : nullptr;
    if (shape != nullptr) {
      const std::string_view line(at, static_cast<std::size_t>(after - at - 1));
      take(
          *of_shape_[static_cast<std::size_t>(shape->number)], line, here,
          [this](int field) { return shapes_.wanted(field); }, batch);
      at = after;
      continue;
    }
    after = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const std::string_view line(at, static_cast<std::size_t>(after - at));
    at = after + 1;
    if (trim(line).empty()) continue;
    if (!fields_.fit || !scanner_.scan(line)) {
      if (!take_event(line, here, batch)) return;
      continue;
    }
    bool kept = false;
    Classifier::Named& named = classifier_.named(scanner_.wanted()[Fields::kEvent].text(), kept);
    take(
        named, line, here,
        [this](int field) { return scanner_.wanted()[static_cast<std::size_t>(field)]; }, batch);
    if (!kept) continue;
    if (const int number = shapes_.learn(line, scanner_);
        number == static_cast<int>(of_shape_.size()))
      of_shape_.push_back(&named);
  }
}

std::string LineReader::key_of(std::string_view line) {
  Batch batch;
  Record record;
  const auto event = events::parse_event(line);
  return event && set_key(*event, record, batch) ? std::string(record.key) : std::string();
}

}  // namespace muster::audit
