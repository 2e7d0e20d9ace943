#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "hocon/hocon.hpp"
#include "hocon/node.hpp"
#include "hocon/parser.hpp"

namespace muster::hocon {

/// The lints of one load, in the order found and each at most once per place.
class Notes {
 public:
  void add(const std::string& code, const std::string& message, const Spot& spot,
           std::string hint = {});
  std::vector<Lint> take() { return std::move(lints_); }
  bool full() const { return lints_.size() >= 200; }

 private:
  std::vector<Lint> lints_;
  std::set<std::string> seen_;
};

/// Where an included file's root will stand.
struct Position {
  std::vector<const Key*> path;  ///< from the root
  std::size_t depth = 0;         ///< of nesting there
};

/// Reads files into unresolved objects and follows their includes.
class Reading {
 public:
  Reading(const Options& options, Tree& tree, Notes& notes);

  /// The object in the file at `path`, which must be there.
  const Node* file(const std::string& path);
  /// The object in `text`.
  const Node* text(const std::string& name, std::string_view text);

  const std::deque<Source>& sources() const { return sources_; }
  const Options& options() const { return options_; }
  Tree& tree() { return tree_; }
  Notes& notes() { return notes_; }

  /// What an include statement of `from` brings, empty when there is nothing to include.
  const Node* include(const FieldSyntax& statement, const Source& from, const Position& position);

 private:
  const Node* include_file(const FieldSyntax& statement, const std::string& path, Syntax syntax,
                           const Position& position);
  const Node* object_of(const Source& source, const Position& position);
  std::optional<std::string> read(const std::string& path, const FieldSyntax* statement);

  const Options& options_;
  Tree& tree_;
  Notes& notes_;
  Reader reader_;
  std::deque<Source> sources_;
  std::size_t depth_ = 0;
  std::size_t includes_ = 0;
  std::size_t bytes_ = 0;
};

/// Makes the unresolved object or list that a syntax tree says. References get the position's path
/// in front, as HOCON.md asks of included files.
const Node* build(Reading& reading, const Source& source, const ValueSyntax& root,
                  const Position& position);

/// The object in a `.properties` file.
const Node* read_properties(Tree& tree, const Source& source, std::size_t nesting);

/// A regular file's bytes; nothing when there is none there.
Result<std::optional<std::string>> read_regular_file(const std::string& path);

}  // namespace muster::hocon
