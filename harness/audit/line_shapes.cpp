#include "audit/line_shapes.hpp"

#include <algorithm>
#include <cstring>

#include "audit/text_scan.hpp"

namespace muster::audit {
namespace {

using Kind = Value::Kind;

std::uint64_t load8(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

const char* plain_number(const char* at, Value& value) {
  const char* digits = at;
  if (*digits == '-') ++digits;
  const char* here = digits;
  while (is_digit(*here)) ++here;
  const auto whole = here - digits;
  if (whole == 0 || whole > 18 || (whole > 1 && *digits == '0')) return nullptr;
  value.kind = *at == '-' && *digits == '0' ? Kind::number : Kind::integer;
  if (*here == '.') {
    value.kind = Kind::number;
    const char* const fraction = ++here;
    while (is_digit(*here)) ++here;
    if (here == fraction) return nullptr;
  }
  // an exponent is left to the scanner
  return here;
}

/// The end of the plain scalar at `at`, or null.
inline const char* plain_scalar(const char* at, Value& value) {
  value.begin = at;
  if (*at == '"') {
    const char* const quote = plain_end(at + 1);
    if (*quote != '"') return nullptr;
    value.kind = Kind::string;
    return value.end = quote + 1;
  }
  if (*at == '-' || is_digit(*at)) return value.end = plain_number(at, value);
  const bool is_false = std::memcmp(at, "false", 5) == 0;
  value.kind = std::memcmp(at, "null", 4) == 0 ? Kind::null : Kind::word;
  if (!is_false && value.kind == Kind::word && std::memcmp(at, "true", 4) != 0) return nullptr;
  return value.end = at + (is_false ? 5 : 4);
}

}  // namespace

bool LineShapes::literal_at(const Node& node, const char* at) const {
  const char* literal = literals_.data() + node.literal;
#ifdef __SSE2__
  std::size_t left = node.length;
  while (true) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(literal));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto same = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)));
    if (left <= 16) return (~same & ((1U << left) - 1)) == 0;
    if (same != 0xffff) return false;
    literal += 16;
    at += 16;
    left -= 16;
  }
#else
  return std::memcmp(literal, at, node.length) == 0;
#endif
}

const LineShapes::Node* LineShapes::choose(const Edges& edges, const char* at) const {
  if (edges.all.size() == 1) {
    const Node& only = nodes_[static_cast<std::size_t>(edges.all.front().node)];
    return literal_at(only, at) ? &only : nullptr;
  }
  const std::uint64_t here = load8(at + edges.shared);
  for (const Edge& edge : edges.all) {
    if (((here ^ edge.prefix) & edge.mask) != 0) continue;
    const Node& node = nodes_[static_cast<std::size_t>(edge.node)];
    if (literal_at(node, at)) return &node;
  }
  return nullptr;
}

const LineShapes::Shape* LineShapes::match(const char* at, const char*& after) {
  const Edges* edges = &roots_;
  std::size_t slot = 0;
  while (true) {
    const Node* const node = choose(*edges, at);
    if (node == nullptr) return nullptr;
    segments_[slot] = at;
    at += node->length;
    if (node->shape >= 0) {
      leaf_ = &leaves_[static_cast<std::size_t>(node->shape)];
      after = at;
      return &leaf_->shape;
    }
    Value& value = slots_[slot];
    at = plain_scalar(at, value);
    if (at == nullptr || (node->rule != Rule::none && !keeps(node->rule, value))) return nullptr;
    ++slot;
    edges = &node->next;
  }
}

Value LineShapes::wanted(int field) const {
  const Source& source = leaf_->wanted[static_cast<std::size_t>(field)];
  if (source.slot >= 0) return slots_[static_cast<std::size_t>(source.slot)];
  Value value;
  value.kind = source.kind;
  if (source.segment < 0) return value;
  value.begin = segments_[static_cast<std::size_t>(source.segment)] + source.begin;
  value.end = segments_[static_cast<std::size_t>(source.end_segment)] + source.end;
  return value;
}

void LineShapes::set_edges(Edges& edges) const {
  const auto literal = [&](const Edge& edge) {
    const Node& node = nodes_[static_cast<std::size_t>(edge.node)];
    return std::string_view(literals_).substr(node.literal, node.length);
  };
  std::string_view shared = literal(edges.all.front());
  for (const Edge& edge : edges.all) {
    const std::string_view text = literal(edge);
    const auto differs = std::mismatch(shared.begin(), shared.end(), text.begin(), text.end());
    shared = shared.substr(0, static_cast<std::size_t>(differs.first - shared.begin()));
  }
  // what is looked at lies at most the padding behind the line's end
  edges.shared = std::min(shared.size(), kPadding - 8);
  for (Edge& edge : edges.all) {
    const std::string_view rest = literal(edge).substr(edges.shared).substr(0, 8);
    char bytes[8] = {};
    char mask[8] = {};
    std::memcpy(bytes, rest.data(), rest.size());
    std::memset(mask, 0xff, rest.size());
    edge.prefix = load8(bytes);
    edge.mask = load8(mask);
  }
}

LineShapes::Edges* LineShapes::step(Edges* edges, std::string_view literal, Rule rule, bool leaf,
                                    int& made) {
  for (const Edge& edge : edges->all) {
    Node& node = nodes_[static_cast<std::size_t>(edge.node)];
    const bool same = std::string_view(literals_).substr(node.literal, node.length) == literal &&
                      (node.shape >= 0) == leaf && node.rule == rule;
    if (!same) continue;
    made = edge.node;
    return &node.next;
  }
  if (edges->all.size() >= kAlternatives || nodes_.size() >= kNodes) return nullptr;
  made = static_cast<int>(nodes_.size());
  Node node;
  literals_.resize(literals_.size() - kSlots);
  node.literal = literals_.size();
  node.length = literal.size();
  node.rule = rule;
  literals_ += literal;
  literals_.resize(literals_.size() + kSlots);
  edges->all.push_back({0, 0, made});
  nodes_.push_back(std::move(node));
  set_edges(*edges);
  return &nodes_.back().next;
}

int LineShapes::learn(std::string_view line, const LineScanner& scanner) {
  const std::string_view whole(line.data(), line.size() + 1);  // with its end
  std::vector<const Scalar*> slots;
  const Value& event = scanner.wanted()[Fields::kEvent];
  for (const Scalar& scalar : scanner.scalars()) {
    if (scalar.value.begin != event.begin) slots.push_back(&scalar);
  }
  // edges are found again by their path, since the nodes may have moved
  nodes_.reserve(nodes_.size() + slots.size() + 1);
  if (slots.size() > kSlots || nodes_.size() + slots.size() >= kNodes) return -1;
  Edges* edges = &roots_;
  const char* from = whole.data();
  std::vector<const char*> segments;
  int node = 0;
  for (const Scalar* scalar : slots) {
    segments.push_back(from);
    edges = step(edges, {from, static_cast<std::size_t>(scalar->value.begin - from)}, scalar->rule,
                 false, node);
    if (edges == nullptr) return -1;
    from = scalar->value.end;
  }
  segments.push_back(from);
  const std::string_view rest(from, static_cast<std::size_t>(whole.end() - from));
  if (step(edges, rest, Rule::none, true, node) == nullptr) return -1;
  if (nodes_[static_cast<std::size_t>(node)].shape >= 0)
    return nodes_[static_cast<std::size_t>(node)].shape;
  nodes_[static_cast<std::size_t>(node)].shape = static_cast<int>(leaves_.size());

  Leaf leaf;
  leaf.shape.number = static_cast<int>(leaves_.size());
  leaf.shape.event = event.text();
  const auto segment_of = [&](const char* place) {
    const auto next = std::upper_bound(segments.begin(), segments.end(), place);
    return static_cast<int>(next - segments.begin()) - 1;
  };
  for (int field = 0; field < fields_.size(); ++field) {
    const Value& value = scanner.wanted()[static_cast<std::size_t>(field)];
    Source source;
    source.kind = value.kind;
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](const Scalar* scalar) {
      return scalar->wanted == field && scalar->value.begin == value.begin;
    });
    if (slot != slots.end()) {
      source.slot = static_cast<int>(slot - slots.begin());
    } else if (value.kind != Kind::absent) {
      source.segment = segment_of(value.begin);
      source.end_segment = segment_of(value.end);
      source.begin = static_cast<std::size_t>(value.begin -
                                              segments[static_cast<std::size_t>(source.segment)]);
      source.end = static_cast<std::size_t>(value.end -
                                            segments[static_cast<std::size_t>(source.end_segment)]);
    }
    leaf.wanted.push_back(source);
  }
  leaves_.push_back(std::move(leaf));
  return static_cast<int>(leaves_.size()) - 1;
}

}  // namespace muster::audit
