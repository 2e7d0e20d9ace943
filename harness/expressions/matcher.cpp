// A definition stands in the index once. One that has required words stands under one of them, the
// least crowded at the time of adding: alike definitions differ in some word, and each goes there.
// The others stand in a trie of their literal prefixes. So what is tried for a text is what its own
// words and its own beginning lead to, however many definitions there are.
#include "expressions/matcher.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace muster::expressions {
namespace {

struct TrieNode {
  std::map<char, std::size_t> next;
  std::vector<std::size_t> entries;
};

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

}  // namespace

struct Matcher::Index {
  struct Entry {
    std::size_t definition;
    Expression expression;
  };

  void add_by_word(const std::vector<std::string>& words, std::size_t entry) {
    std::vector<std::size_t>* best = nullptr;
    std::size_t length = 0;
    for (const std::string& word : words) {
      std::vector<std::size_t>& here = by_word[word];
      const bool better = best == nullptr || here.size() < best->size() ||
                          (here.size() == best->size() && word.size() > length);
      if (!better) continue;
      best = &here;
      length = word.size();
    }
    best->push_back(entry);
  }

  void add_by_prefix(std::string_view prefix, std::size_t entry) {
    std::size_t node = 0;
    for (const char c : prefix) {
      const auto [at, fresh] = trie[node].next.try_emplace(c, trie.size());
      node = at->second;
      if (fresh) trie.emplace_back();
    }
    trie[node].entries.push_back(entry);
  }

  void collect_by_word(std::string_view text, std::vector<std::size_t>& into) const {
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t end = std::min(text.find(' ', from), text.size());
      const auto found = by_word.find(text.substr(from, end - from));
      if (found != by_word.end())
        into.insert(into.end(), found->second.begin(), found->second.end());
      from = end + 1;
    }
  }

  void collect_by_prefix(std::string_view text, std::vector<std::size_t>& into) const {
    std::size_t node = 0;
    for (std::size_t at = 0;; ++at) {
      const TrieNode& here = trie[node];
      into.insert(into.end(), here.entries.begin(), here.entries.end());
      if (at == text.size()) return;
      const auto next = here.next.find(text[at]);
      if (next == here.next.end()) return;
      node = next->second;
    }
  }

  std::vector<Entry> entries;
  // a map keeps its values where they are, so that add_by_word may hold on to one while it makes
  // others
  std::unordered_map<std::string, std::vector<std::size_t>, Hash, std::equal_to<>> by_word;
  std::vector<TrieNode> trie{1};
};

Matcher::Matcher() : index_(std::make_unique<Index>()) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

void Matcher::add(std::size_t definition, Expression expression) {
  const std::size_t entry = index_->entries.size();
  if (expression.required_words().empty())
    index_->add_by_prefix(expression.literal_prefix(), entry);
  else
    index_->add_by_word(expression.required_words(), entry);
  index_->entries.push_back({definition, std::move(expression)});
}

std::vector<Candidate> Matcher::match(std::string_view text) const {
  std::vector<std::size_t> possible;
  index_->collect_by_word(text, possible);
  index_->collect_by_prefix(text, possible);
  std::sort(possible.begin(), possible.end());
  possible.erase(std::unique(possible.begin(), possible.end()), possible.end());
  std::vector<Candidate> candidates;
  for (const std::size_t entry : possible)
    if (std::optional<Match> match = index_->entries[entry].expression.match(text))
      candidates.push_back({index_->entries[entry].definition, std::move(*match)});
  return candidates;
}

std::size_t Matcher::size() const {
  return index_->entries.size();
}

}  // namespace muster::expressions
