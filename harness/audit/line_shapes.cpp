#include "audit/line_shapes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "audit/text_scan.hpp"

namespace muster::audit {
namespace {

using Kind = Value::Kind;

std::uint64_t load8(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

/// A bit for each of the first bytes.
std::uint32_t mask_of(std::size_t bytes) {
  return bytes >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << bytes) - 1;
}

/// The end of the plain number at `at`, or null.
inline const char* number_end(const char* at, Value& value) {
  const char* const digits = at + (*at == '-' ? 1 : 0);
  const char* here = digits_end(digits);
  const auto whole = here - digits;
  if (whole == 0 || whole > 18 || (*digits == '0' && whole > 1)) return nullptr;
  value.kind = *at == '-' && *digits == '0' ? Kind::number : Kind::integer;
  if (*here != '.') return here;
  value.kind = Kind::number;
  const char* const fraction = here + 1;
  while (is_digit(*++here)) {
  }
  // an exponent is left to the scanner
  return here == fraction ? nullptr : here;
}

/// The end of the plain scalar at `at`, or null.
inline const char* scalar_end(const char* at, Value& value) {
  value.begin = at;
  if (*at == '"') {
    const char* const quote = plain_end(at + 1);
    if (*quote != '"') return nullptr;
    value.kind = Kind::string;
    return value.end = quote + 1;
  }
  if (*at == '-' || is_digit(*at)) return value.end = number_end(at, value);
  const bool is_false = std::memcmp(at, "false", 5) == 0;
  value.kind = std::memcmp(at, "null", 4) == 0 ? Kind::null : Kind::word;
  if (!is_false && value.kind == Kind::word && std::memcmp(at, "true", 4) != 0) return nullptr;
  return value.end = at + (is_false ? 5 : 4);
}

/// What most lines are asked, without a call.
inline bool keeps_here(Rule rule, const Value& value) {
  switch (rule) {
    case Rule::none:
      return true;
    case Rule::text:
      return value.kind == Kind::string;
    case Rule::whole:
      return value.kind == Kind::integer && *value.begin != '-';
    case Rule::positive:
      return value.kind == Kind::integer && *value.begin > '0';
    default:
      return keeps(rule, value);
  }
}

}  // namespace

std::string_view LineShapes::literal_of(int node) const {
  const Node& one = nodes_[static_cast<std::size_t>(node)];
  return std::string_view(literals_).substr(one.literal, one.length);
}

// Block by block, so that nothing is looked at far behind the end of a line.
bool LineShapes::rest_stands(const Node& node, const char* at) const {
  const char* const literal = literals_.data() + node.literal;
  for (std::size_t from = Node::kHead; from < node.length; from += Node::kHead) {
    const std::size_t bytes = std::min<std::size_t>(node.length - from, Node::kHead);
    if (!same_head(at + from, literal + from, mask_of(bytes))) return false;
  }
  return true;
}

inline LineShapes::Node* LineShapes::chosen(const Node& node, const char* at) {
  const auto stands = [&](const Node& next) {
    return same_head(at, next.head, next.head_mask) &&
           (next.length <= Node::kHead || rest_stands(next, at));
  };
  if (node.only >= 0) {
    Node& only = nodes_[static_cast<std::size_t>(node.only)];
    return stands(only) ? &only : nullptr;
  }
  if (node.choice < 0) return nullptr;
  const Choice& choice = choices_[static_cast<std::size_t>(node.choice)];
  if (choice.spread != 0) {
    const std::uint64_t place = (load8(at + choice.window) * choice.spread) >> (64 - Choice::kBits);
    Node& next = nodes_[static_cast<std::size_t>(choice.table[place])];
    return stands(next) ? &next : nullptr;
  }
  for (const int each : choice.all) {
    Node& next = nodes_[static_cast<std::size_t>(each)];
    if (stands(next)) return &next;
  }
  return nullptr;
}

const LineShapes::Shape* LineShapes::match(const char* at, const char*& after) {
  Node* node = nodes_.data();
  std::size_t slot = 0;
  while (true) {
    node = chosen(*node, at);
    if (node == nullptr) return nullptr;
    segments_[slot] = at;
    at += node->length;
    if (node->shape >= 0) {
      leaf_ = &leaves_[static_cast<std::size_t>(node->shape)];
      after = at;
      return &leaf_->shape;
    }
    Value& value = slots_[slot++];
    const char* end = scalar_end(at, value);
    if (end == nullptr || !keeps_here(node->rule, value)) return nullptr;
    // A value is mostly as long as the last one of its slot. Where the guess holds, the processor
    // goes on with what stands behind before it knows: the barrier keeps the compiler from seeing
    // that both ends are the same then.
    const char* guessed = at + node->guess;
    if (guessed != end) {
      node->guess = static_cast<std::uint32_t>(end - at);
      guessed = end;
      asm volatile("" : "+r"(guessed));
    }
    at = guessed;
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

void LineShapes::tell_apart(Choice& choice) const {
  choice.spread = 0;
  std::size_t shortest = std::string::npos;
  for (const int node : choice.all) shortest = std::min(shortest, literal_of(node).size());
  // what is looked at lies at most the padding behind the line's end
  const std::size_t last = std::min(shortest, kPadding);
  for (choice.window = 0; choice.window + 8 <= last; ++choice.window) {
    for (std::uint64_t seed = 1; seed <= 32; ++seed) {
      const std::uint64_t spread = seed * 0x9e3779b97f4a7c15ULL | 1;
      choice.table.fill(choice.all.front());
      std::vector<char> taken(choice.table.size());
      const bool apart = std::all_of(choice.all.begin(), choice.all.end(), [&](int node) {
        const std::size_t place =
            (load8(literal_of(node).data() + choice.window) * spread) >> (64 - Choice::kBits);
        choice.table[place] = node;
        return std::exchange(taken[place], 1) == 0;
      });
      if (!apart) continue;
      choice.spread = spread;
      return;
    }
  }
}

int LineShapes::child(int parent, std::string_view literal, Rule rule, bool leaf) {
  const auto at = static_cast<std::size_t>(parent);
  std::vector<int> all;
  if (nodes_[at].only >= 0) all = {nodes_[at].only};
  if (nodes_[at].choice >= 0) all = choices_[static_cast<std::size_t>(nodes_[at].choice)].all;
  for (const int each : all) {
    const Node& node = nodes_[static_cast<std::size_t>(each)];
    if (literal_of(each) == literal && (node.shape >= 0) == leaf && node.rule == rule) return each;
  }
  if (all.size() >= kAlternatives || nodes_.size() >= kNodes) return -1;
  const int made = static_cast<int>(nodes_.size());
  Node node;
  literals_.resize(literals_.size() - kSlots);
  node.literal = literals_.size();
  node.length = static_cast<std::uint32_t>(literal.size());
  node.rule = rule;
  const std::size_t head = std::min(literal.size(), Node::kHead);
  std::memcpy(node.head, literal.data(), head);
  node.head_mask = mask_of(head);
  literals_ += literal;
  literals_.resize(literals_.size() + kSlots);
  nodes_.push_back(node);
  if (all.empty()) {
    nodes_[at].only = made;
    return made;
  }
  all.push_back(made);
  nodes_[at].only = -1;
  if (nodes_[at].choice < 0) {
    nodes_[at].choice = static_cast<int>(choices_.size());
    choices_.emplace_back();
  }
  Choice& choice = choices_[static_cast<std::size_t>(nodes_[at].choice)];
  choice.all = std::move(all);
  tell_apart(choice);
  return made;
}

int LineShapes::learn(std::string_view line, const LineScanner& scanner) {
  const std::string_view whole(line.data(), line.size() + 1);  // with its end
  std::vector<const Scalar*> slots;
  const Value& event = scanner.wanted()[Fields::kEvent];
  for (const Scalar& scalar : scanner.scalars()) {
    if (scalar.value.begin != event.begin) slots.push_back(&scalar);
  }
  if (slots.size() > kSlots || nodes_.size() + slots.size() >= kNodes) return -1;
  const char* from = whole.data();
  std::vector<const char*> segments;
  int node = 0;
  for (const Scalar* scalar : slots) {
    segments.push_back(from);
    node = child(node, {from, static_cast<std::size_t>(scalar->value.begin - from)}, scalar->rule,
                 false);
    if (node < 0) return -1;
    from = scalar->value.end;
  }
  segments.push_back(from);
  const std::string_view rest(from, static_cast<std::size_t>(whole.end() - from));
  node = child(node, rest, Rule::none, true);
  if (node < 0) return -1;
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
