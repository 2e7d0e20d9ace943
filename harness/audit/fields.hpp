#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/value.hpp"
#include "events/event.hpp"

namespace muster::audit {

/// The fields of a line that matter: those of the envelope, each with its rule, and those that a
/// chain looks at.
class Fields {
 public:
  /// A place in an event: an object's or array's member, or the whole.
  struct Node {
    std::vector<std::pair<std::string, int>> below;  ///< key or index → node
    int wanted = -1;                                 ///< number of the field, or -1
    Rule rule = Rule::none;
    unsigned required = 0;  ///< its bit in `kRequired`, 0 for a field that may be absent
  };

  static constexpr unsigned kRequired = 0x1ff;  ///< all bits of required fields
  static constexpr int kEvent = 0;              ///< numbers of fields that are always wanted
  static constexpr int kArrival = 1;
  static constexpr int kTime = 2;

  Fields();

  /// The number of the field at `pointer`, which has at least one token.
  int want(const events::Pointer& pointer);

  /// How many fields are wanted.
  int size() const { return wanted_; }

  const Node& root() const { return nodes_.front(); }
  /// The member `key` of a place; null when nothing there matters.
  const Node* below(const Node* node, std::string_view key) const;

 private:
  int make(const std::vector<std::string>& tokens);
  void ask(const char* pointer, Rule rule, unsigned required);

  std::vector<Node> nodes_;
  int wanted_ = 0;
};

/// Values that count as no value: a chain sees the envelope as events::Pointer::find does.
enum class Absence : std::uint8_t { none, null, zero };
Absence absence_of(std::string_view pointer);

inline bool counts_as_absent(Absence absence, const Value& value) {
  switch (absence) {
    case Absence::none:
      break;
    case Absence::null:
      if (value.kind == Value::Kind::null) return true;
      break;
    case Absence::zero:
      if (value.kind == Value::Kind::integer && value.raw() == "0") return true;
      break;
  }
  return value.kind == Value::Kind::absent;
}

}  // namespace muster::audit
