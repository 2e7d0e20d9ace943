#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "chain/chain.hpp"

/// Chains in C++: `chain({step("a"), step("b").times(4).within(60s_ns)})`. The same grammar as the
/// text, said in calls; mistakes in it (a bad name, an unknown label) come out of `chain`, not of
/// the calls.
namespace muster::chain::build {

/// One item: a step, a group or a never. The calls that say more of a step return it again.
class Part {
 public:
  explicit Part(std::string head) : head_(std::move(head)) {}

  Part times(std::uint64_t count) const;
  Part times(std::uint64_t min, std::uint64_t max) const;
  Part at_least(std::uint64_t min) const;
  Part optional() const;
  Part distinct(const std::string& pointer) const;
  /// Joined with the predicates that are there: `where("/payload/n", ">=", 2)`.
  Part where(const std::string& pointer, const std::string& op, const Json& value) const;
  /// `where("/payload/id exists")`, any predicate of the language.
  Part where(const std::string& predicate) const;
  Part within_ms(std::uint64_t ms, const std::string& of_label = {}) const;
  Part as(const std::string& label) const;
  /// Of `never`.
  Part until(const std::string& label) const;

  /// In the language: head, count, clauses, predicates.
  std::string text() const { return head_ + count_ + clauses_ + where_; }

 private:
  Part counted(const std::string& count) const;
  Part with(const std::string& clause) const;

  std::string head_;
  std::string count_;
  std::string clauses_;
  std::string where_;
};

using Parts = std::initializer_list<Part>;

Part step(const std::string& name);
Part never(const std::string& name);
Part any_order(Parts parts);
Part either(std::initializer_list<std::vector<Part>> branches);
Part repeat(std::uint64_t count, Parts parts);
Part between(const std::string& opener, const std::string& closer, Parts parts);

/// What stands above the items.
struct Heads {
  std::vector<std::string> key;
  std::vector<std::string> scope;
  bool event_clock = false;
  bool lenient = false;
};

/// The chain. Errors as of the text.
Result<std::shared_ptr<const Chain>> chain(Parts parts, const Heads& heads = {},
                                           const SchemaLoader& schemas = nullptr);

}  // namespace muster::chain::build
