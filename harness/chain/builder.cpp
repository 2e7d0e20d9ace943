// The builder writes the language and has it parsed: so there is one grammar, and an error shows
// the text that was built.
#include "chain/builder.hpp"

#include "base/text.hpp"

namespace muster::chain::build {
namespace {

template <class Range>
std::string lines(const Range& parts) {
  std::string text;
  for (const Part& part : parts) text += part.text() + "\n";
  return text;
}

std::string block(const std::string& inside) {
  return " {\n" + inside + "}";
}

}  // namespace

Part Part::with(const std::string& clause) const {
  Part made = *this;
  made.clauses_ += " " + clause;
  return made;
}

Part Part::counted(const std::string& count) const {
  Part made = *this;
  made.count_ += " " + count;
  return made;
}

Part Part::times(std::uint64_t count) const {
  return counted("x" + std::to_string(count));
}
Part Part::times(std::uint64_t min, std::uint64_t max) const {
  return counted("x" + std::to_string(min) + ".." + std::to_string(max));
}
Part Part::at_least(std::uint64_t min) const {
  return counted("x" + std::to_string(min) + "..");
}
Part Part::optional() const {
  return counted("?");
}
Part Part::distinct(const std::string& pointer) const {
  return with("distinct " + pointer);
}
Part Part::as(const std::string& label) const {
  return with("as " + label);
}
Part Part::until(const std::string& label) const {
  return with("until " + label);
}

Part Part::within_ms(std::uint64_t ms, const std::string& of_label) const {
  return with("within " + std::to_string(ms) + "ms" + (of_label.empty() ? "" : " of " + of_label));
}

Part Part::where(const std::string& pointer, const std::string& op, const Json& value) const {
  return where(pointer + " " + op + " " + dump_json(value));
}

Part Part::where(const std::string& predicate) const {
  Part made = *this;
  made.where_ += (where_.empty() ? " where " : ", ") + predicate;
  return made;
}

Part step(const std::string& name) {
  return Part(name);
}
Part never(const std::string& name) {
  return Part("never " + name);
}
Part any_order(Parts parts) {
  return Part("any order" + block(lines(parts)));
}

Part either(std::initializer_list<std::vector<Part>> branches) {
  std::string text;
  for (const auto& branch : branches)
    text += (text.empty() ? "either" : " or") + block(lines(branch));
  return Part(std::move(text));
}

Part repeat(std::uint64_t count, Parts parts) {
  return Part("repeat x" + std::to_string(count) + block(lines(parts)));
}

Part between(const std::string& opener, const std::string& closer, Parts parts) {
  return Part("between " + opener + " and " + closer + block(lines(parts)));
}

Result<std::shared_ptr<const Chain>> chain(Parts parts, const Heads& heads,
                                           const SchemaLoader& schemas) {
  std::string text;
  if (!heads.key.empty()) text += "key " + join(heads.key, ", ") + "\n";
  if (!heads.scope.empty()) text += "scope " + join(heads.scope, ", ") + "\n";
  if (heads.event_clock) text += "clock event\n";
  if (heads.lenient) text += "lenient\n";
  Place origin;
  origin.uri = "chain built in C++";
  return Chain::parse(text + lines(parts), origin, schemas);
}

}  // namespace muster::chain::build
