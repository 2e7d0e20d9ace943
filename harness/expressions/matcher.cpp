// A definition stands in the index once. One that has literal text between blanks stands under one
// piece of it, the least crowded at the time of adding: alike definitions differ in some piece, and
// each goes there. Regular expressions for RE2 are asked all at once, once they are many. The
// others stand in a trie of their literal prefixes. So what is tried for a text is what its own
// words and its own beginning lead to, however many definitions there are.
#include "expressions/matcher.hpp"

#include <re2/set.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text_hash.hpp"

namespace muster::expressions {
namespace {

/// So many regular expressions are better asked together.
constexpr std::size_t kManyRegexes = 8;
/// Of the automaton of all of them; one that needs more asks them by their prefixes.
constexpr std::int64_t kRegexSetBytes = 64 << 20;

/// Entries by the literal prefix of all that they fit.
class Trie {
 public:
  void add(std::string_view prefix, std::size_t entry) {
    std::size_t node = 0;
    for (const char c : prefix) {
      std::size_t next = next_of(node, c);
      if (next == 0) {
        next = nodes_.size();
        nodes_[node].next.emplace_back(c, next);
        nodes_.emplace_back();
      }
      node = next;
    }
    nodes_[node].entries.push_back(entry);
  }

  void collect(std::string_view text, std::vector<std::size_t>& into) const {
    std::size_t node = 0;
    for (std::size_t at = 0;; ++at) {
      const Node& here = nodes_[node];
      into.insert(into.end(), here.entries.begin(), here.entries.end());
      if (at == text.size()) return;
      node = next_of(node, text[at]);
      if (node == 0) return;
    }
  }

 private:
  struct Node {
    std::vector<std::pair<char, std::size_t>> next;  // few, mostly one
    std::vector<std::size_t> entries;
  };

  /// 0, the root, when there is none.
  std::size_t next_of(std::size_t node, char c) const {
    for (const auto& [letter, next] : nodes_[node].next) {
      if (letter == c) return next;
    }
    return 0;
  }

  std::vector<Node> nodes_{1};
};

/// Entries by one kind of fragment.
struct Buckets {
  // a map keeps its values where they are, so that add_by_fragment may hold on to one while it
  // makes others
  std::unordered_map<std::string, std::vector<std::size_t>, TextHash, std::equal_to<>> by_text;
  std::set<std::size_t> lengths;  ///< of the texts

  std::vector<std::size_t>& operator[](const std::string& text) {
    lengths.insert(text.size());
    return by_text[text];
  }
  void collect(std::string_view text, std::vector<std::size_t>& into) const {
    const auto found = by_text.find(text);
    if (found != by_text.end()) into.insert(into.end(), found->second.begin(), found->second.end());
  }
};

}  // namespace

struct Matcher::Index {
  struct Entry {
    std::size_t definition;
    Expression expression;
  };

  Buckets& buckets_of(Fragment::Kind kind) { return buckets[static_cast<std::size_t>(kind)]; }
  const Buckets& buckets_of(Fragment::Kind kind) const {
    return buckets[static_cast<std::size_t>(kind)];
  }

  void add_by_fragment(const std::vector<Fragment>& fragments, std::size_t entry) {
    std::vector<std::size_t>* best = nullptr;
    std::size_t length = 0;
    for (const Fragment& fragment : fragments) {
      std::vector<std::size_t>& here = buckets_of(fragment.kind)[fragment.text];
      const bool better = best == nullptr || here.size() < best->size() ||
                          (here.size() == best->size() && fragment.text.size() > length);
      if (!better) continue;
      best = &here;
      length = fragment.text.size();
    }
    best->push_back(entry);
  }

  void collect_by_fragment(std::string_view text, std::vector<std::size_t>& into) const {
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t end = std::min(text.find(' ', from), text.size());
      const std::string_view word = text.substr(from, end - from);
      buckets_of(Fragment::Kind::word).collect(word, into);
      for (const std::size_t length : buckets_of(Fragment::Kind::beginning).lengths) {
        if (length > word.size()) break;
        buckets_of(Fragment::Kind::beginning).collect(word.substr(0, length), into);
      }
      for (const std::size_t length : buckets_of(Fragment::Kind::end).lengths) {
        if (length > word.size()) break;
        buckets_of(Fragment::Kind::end).collect(word.substr(word.size() - length), into);
      }
      from = end + 1;
    }
  }

  void collect_by_regex(std::string_view text, std::vector<std::size_t>& into) {
    const std::size_t before = into.size();
    regex_prefixes.collect(text, into);
    if (into.size() - before < kManyRegexes) return;
    const re2::RE2::Set* all = regex_set();
    if (all == nullptr) return;
    std::vector<int> found;
    re2::RE2::Set::ErrorInfo problem{re2::RE2::Set::kNoError};
    all->Match({text.data(), text.size()}, &found, &problem);
    if (problem.kind != re2::RE2::Set::kNoError) return;
    into.resize(before);
    for (const int i : found) into.push_back(regexes[static_cast<std::size_t>(i)]);
  }

  /// Made when it is first asked; null when RE2 does not take them together.
  const re2::RE2::Set* regex_set() {
    const std::lock_guard<std::mutex> lock(making_set);
    if (in_set == regexes.size()) return set.get();
    in_set = regexes.size();
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexSetBytes);
    auto made = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
    bool taken = true;
    for (const std::size_t entry : regexes) {
      taken = taken && made->Add(*entries[entry].expression.linear_regex(), nullptr) >= 0;
    }
    set = taken && made->Compile() ? std::move(made) : nullptr;
    return set.get();
  }

  std::vector<Entry> entries;
  Buckets buckets[3];
  Trie prefixes;
  Trie regex_prefixes;
  std::vector<std::size_t> regexes;  // that RE2 takes; they stand in regex_prefixes
  std::mutex making_set;
  std::size_t in_set = 0;
  std::unique_ptr<re2::RE2::Set> set;
};

Matcher::Matcher() : index_(std::make_unique<Index>()) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

void Matcher::add(std::size_t definition, Expression expression) {
  const std::size_t entry = index_->entries.size();
  if (expression.linear_regex() != nullptr) {
    index_->regex_prefixes.add(expression.literal_prefix(), entry);
    index_->regexes.push_back(entry);
  } else if (expression.fragments().empty()) {
    index_->prefixes.add(expression.literal_prefix(), entry);
  } else {
    index_->add_by_fragment(expression.fragments(), entry);
  }
  index_->entries.push_back({definition, std::move(expression)});
}

std::vector<Candidate> Matcher::match(std::string_view text,
                                      std::vector<std::size_t>* exceeded) const {
  std::vector<std::size_t> possible;
  index_->collect_by_fragment(text, possible);
  index_->prefixes.collect(text, possible);
  index_->collect_by_regex(text, possible);
  std::sort(possible.begin(), possible.end());
  possible.erase(std::unique(possible.begin(), possible.end()), possible.end());
  std::vector<Candidate> candidates;
  for (const std::size_t entry : possible) {
    const auto& [definition, expression] = index_->entries[entry];
    Result<std::optional<Match>> match = expression.attempt(text);
    if (match && *match) candidates.push_back({definition, std::move(**match)});
    if (!match && exceeded != nullptr) exceeded->push_back(definition);
  }
  return candidates;
}

std::size_t Matcher::size() const {
  return index_->entries.size();
}

}  // namespace muster::expressions
