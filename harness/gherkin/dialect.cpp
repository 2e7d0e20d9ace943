#include "gherkin/dialect.hpp"

namespace muster::gherkin {
namespace {

using Type = messages::StepKeywordType;

#ifdef MUSTER_DIALECT_TABLE
#include MUSTER_DIALECT_TABLE
#else
#include "gherkin/dialects_english.inc"
#endif

}  // namespace

std::span<const Dialect> dialects() {
  return kDialects;
}

const Dialect* find_dialect(std::string_view language) {
  for (const Dialect& dialect : kDialects) {
    if (dialect.language == language) return &dialect;
  }
  return nullptr;
}

}  // namespace muster::gherkin
