#include "chain/step_key.hpp"

namespace muster::chain {

std::string key_in(std::string_view step_text) {
  const std::size_t begin = step_text.find('"');
  if (begin == std::string_view::npos) return {};
  const std::size_t end = step_text.find('"', begin + 1);
  return end == std::string_view::npos ? std::string()
                                       : std::string(step_text.substr(begin + 1, end - begin - 1));
}

std::optional<std::vector<Json>> key_of_step(const Chain& chain, std::string_view step_text) {
  std::string key = key_in(step_text);
  if (key.empty() || chain.pattern().key.size() != 1) return std::nullopt;
  return std::vector<Json>{Json(std::move(key))};
}

char expected_gap(std::string_view step_text) {
  if (step_text == "the play breaks at no named gap:") return kNoLetter;
  constexpr std::string_view kGapStep = "the play breaks at gap ";
  return step_text.substr(0, kGapStep.size()) == kGapStep && step_text.size() > kGapStep.size()
             ? step_text[kGapStep.size()]
             : '\0';
}

}  // namespace muster::chain
