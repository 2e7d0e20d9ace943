#include "run/suggester.hpp"

#include "run/snippet.hpp"

namespace muster::run {
namespace {

/// A text with many numbers can be read in very many ways.
constexpr std::size_t kProposals = 8;

}  // namespace

std::shared_ptr<const messages::Suggestion> Suggester::suggest(const messages::PickleStep& step,
                                                               IncrementalIds& ids) {
  auto [found, fresh] = proposals_.try_emplace(step.text);
  if (fresh) found->second = expressions::propose(step.text, library_.types, kProposals);
  if (found->second.empty()) return nullptr;
  auto made = std::make_shared<messages::Suggestion>();
  made->id = ids.next();
  made->pickle_step_id = step.id;
  for (const auto& proposal : found->second) {
    made->snippets.push_back({"cpp", snippet(proposal, step)});
  }
  return made;
}

}  // namespace muster::run
