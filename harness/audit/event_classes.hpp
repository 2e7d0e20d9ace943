#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/fields.hpp"
#include "chain/chain.hpp"

namespace muster::audit {

/// What an event is to a chain: which steps could take it by name and fields, which nevers name it.
/// Events of one class are the same to every state of the chain but for their time and their
/// `distinct` values.
struct EventClass {
  std::vector<bool> takes;    ///< by step
  std::vector<bool> forbids;  ///< by never
  bool listed = false;        ///< a step has its name

  friend bool operator==(const EventClass&, const EventClass&) = default;
};

/// The classes that were seen, numbered. Any thread.
class ClassBook {
 public:
  int number_of(const EventClass& made);
  EventClass at(int number) const;

 private:
  mutable std::mutex guard_;
  std::deque<EventClass> all_;
};

/// What all threads know of the fields of a chain.
struct ChainFields {
  explicit ChainFields(const chain::Chain& chain);

  /// A predicate of the chain; equal ones are one.
  struct Atom {
    const chain::Predicate* predicate = nullptr;
    int field = 0;
    Absence absence = Absence::none;
    std::string raw;  ///< of == and != with a plain string: the text that is equal
  };

  Fields fields;
  std::vector<int> key;              ///< fields
  std::vector<Absence> key_absence;  ///< of each
  std::vector<int> distinct;         ///< by slot of the chain: field
  std::vector<Atom> atoms;
  std::vector<std::vector<int>> of_step;   ///< atoms by step
  std::vector<std::vector<int>> of_never;  ///< and by never
  /// Whether all of the chain can be judged on the text of a line: it has no labels, at most 64
  /// predicates and no pointer to the whole event.
  bool fit = true;
};

/// Sorts events into classes. One per thread.
class Classifier {
 public:
  Classifier(const chain::Chain& chain, const ChainFields& fields, ClassBook& book)
      : chain_(chain), fields_(fields), book_(book) {}

  /// What the name of an event says.
  struct Named {
    bool in_scope = false;
    bool listed = false;
    bool named = false;  ///< by a step or a never: without a key it fails the chain
    std::vector<int> steps;
    std::vector<int> nevers;
    std::vector<int> atoms;                              ///< to be looked at
    std::vector<std::pair<std::uint64_t, int>> classes;  ///< by what holds of `atoms`
  };
  /// Of an event; valid as long as the classifier where `kept`, else until the next call.
  Named& named(std::string_view event, bool& kept);

  /// The class of an event; `holds(atom)` says which predicates hold of it.
  template <class Holds>
  int classify(Named& named, const Holds& holds) {
    std::uint64_t bits = 0;
    for (std::size_t at = 0; at < named.atoms.size(); ++at) {
      if (holds(fields_.atoms[static_cast<std::size_t>(named.atoms[at])]))
        bits |= std::uint64_t{1} << at;
    }
    for (const auto& [known, number] : named.classes) {
      if (known == bits) return number;
    }
    return make(named, bits);
  }

  static bool holds(const ChainFields::Atom& atom, const Value& value);

 private:
  int make(Named& named, std::uint64_t bits);

  const chain::Chain& chain_;
  const ChainFields& fields_;
  ClassBook& book_;
  std::unordered_map<std::string, std::unique_ptr<Named>> names_;
  std::unique_ptr<Named> passing_;
};

/// The value of a line as JSON.
Json to_json(const Value& value);

}  // namespace muster::audit
