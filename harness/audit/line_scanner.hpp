#pragma once

#include <string_view>
#include <vector>

#include "audit/fields.hpp"
#include "audit/value.hpp"

namespace muster::audit {

/// A scalar of a line in its place.
struct Scalar {
  Value value;
  int wanted = -1;  ///< number of the field, or -1
  Rule rule = Rule::none;
};

/// Checks a line to be an event, all of its JSON and the rules of the envelope, without making
/// values. What it accepts events::parse_event accepts too; what it does not accept may still be
/// one (long numbers, surrogate pairs, escapes in keys, objects of very many members).
class LineScanner {
 public:
  explicit LineScanner(const Fields& fields) : fields_(fields) {}

  /// `line` without its end; kPadding bytes after it can be read, the first of them the line's end
  /// or 0.
  bool scan(std::string_view line);

  /// Of the last line: the wanted fields by number, those that are absent too.
  const std::vector<Value>& wanted() const { return wanted_; }
  /// And all scalars in their order.
  const std::vector<Scalar>& scalars() const { return scalars_; }

 private:
  static constexpr int kDepth = 64;  // as events::parse_event
  static constexpr std::size_t kMembers = 128;

  void blanks();
  bool value(const Fields::Node* node, int depth);
  bool object(const Fields::Node* node, int depth);
  bool array(const Fields::Node* node, int depth);
  bool string(Value& made);
  bool number(Value& made);
  bool word(Value& made);
  bool close(const Fields::Node* node, const Value& made, bool is_scalar);

  const Fields& fields_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  unsigned found_ = 0;
  std::vector<Value> wanted_;
  std::vector<Scalar> scalars_;
  std::vector<std::string_view> keys_;  // of the objects that are open, one after the other
};

}  // namespace muster::audit
