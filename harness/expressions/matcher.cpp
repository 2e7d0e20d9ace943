#include "expressions/matcher.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace muster::expressions {
namespace {

/// A trie over the literal prefixes: the definitions that can fit a text are those on its path.
struct TrieNode {
  std::map<char, std::size_t> next;
  std::vector<std::size_t> entries;
};

}  // namespace

struct Matcher::Index {
  struct Entry {
    std::size_t definition;
    Expression expression;
  };
  std::vector<Entry> entries;
  std::vector<TrieNode> trie{1};
};

Matcher::Matcher() : index_(std::make_unique<Index>()) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

void Matcher::add(std::size_t definition, Expression expression) {
  std::size_t node = 0;
  for (const char c : expression.literal_prefix()) {
    const auto [at, fresh] = index_->trie[node].next.try_emplace(c, index_->trie.size());
    node = at->second;
    if (fresh) index_->trie.emplace_back();
  }
  index_->trie[node].entries.push_back(index_->entries.size());
  index_->entries.push_back({definition, std::move(expression)});
}

std::vector<Candidate> Matcher::match(std::string_view text) const {
  std::vector<std::size_t> possible;
  std::size_t node = 0;
  for (std::size_t at = 0;; ++at) {
    const TrieNode& here = index_->trie[node];
    possible.insert(possible.end(), here.entries.begin(), here.entries.end());
    if (at == text.size()) break;
    const auto next = here.next.find(text[at]);
    if (next == here.next.end()) break;
    node = next->second;
  }
  std::sort(possible.begin(), possible.end());
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
