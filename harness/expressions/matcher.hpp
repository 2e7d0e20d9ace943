#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "expressions/expression.hpp"

namespace muster::expressions {

/// A definition that fits a step text.
struct Candidate {
  std::size_t definition = 0;  ///< the id it was added with
  Match match;
};

/// All definitions of a run, asked together.
class Matcher {
 public:
  Matcher();
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  /// Adds a definition; `definition` is the caller's id, e.g. an index.
  void add(std::size_t definition, Expression expression);

  /// Every definition that fits `text`, in the order of adding: none is undefined, more than one
  /// ambiguous.
  /// A regular expression that gives no answer within its bound fits nothing; `exceeded`, if given,
  /// gets the ids of such definitions.
  std::vector<Candidate> match(std::string_view text,
                               std::vector<std::size_t>* exceeded = nullptr) const;

  std::size_t size() const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace muster::expressions
