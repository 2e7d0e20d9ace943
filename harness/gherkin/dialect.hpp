#pragma once

#include <span>
#include <string_view>

#include "messages/document.hpp"

namespace muster::gherkin {

/// A step keyword with its trailing blank, if the language writes one. A keyword of several phases
/// (`* ` everywhere) is StepKeywordType::unknown.
struct StepKeyword {
  std::string_view text;
  messages::StepKeywordType type;
};

/// The keywords of one spoken language, in the order in which they are tried.
struct Dialect {
  std::string_view language;  ///< what `# language:` takes, e.g. `en`, `pt`, `zh-CN`
  std::string_view name;
  std::string_view native;
  std::span<const std::string_view> feature;
  std::span<const std::string_view> background;
  std::span<const std::string_view> rule;
  std::span<const std::string_view> scenario;  ///< scenario, then scenario outline
  std::span<const std::string_view> examples;
  std::span<const StepKeyword> steps;  ///< longest first
};

/// All dialects by language. English alone when the build found no npm `@cucumber/gherkin`, whose
/// table it is.
std::span<const Dialect> dialects();

/// The dialect of a language; nullptr when there is none.
const Dialect* find_dialect(std::string_view language);

}  // namespace muster::gherkin
