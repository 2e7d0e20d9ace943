#include <unistd.h>

#include <algorithm>

#include "hocon/deep_stack.hpp"
#include "hocon/resolver.hpp"

namespace muster::hocon {
namespace {

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=', 1);
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

struct ToValue {
  Value& out;
  void operator()(const NullValue&) const { out.kind = Kind::null; }
  void operator()(bool value) const {
    out.kind = Kind::boolean;
    out.boolean = value;
  }
  void operator()(const Number& number) const {
    out.kind = Kind::number;
    out.text = number.text;
  }
  void operator()(const Text& text) const {
    out.kind = Kind::string;
    out.text = text.text;
    if (text.environment) out.environment = *text.environment;
  }
  void operator()(const List& list) const;
  void operator()(const Object& object) const;
  template <class T>
  void operator()(const T&) const {}  // nothing pending is left
};

Value to_value(const Node& node) {
  Value value;
  value.place = place_of(node.spot);
  std::visit(ToValue{value}, node.value);
  return value;
}

void ToValue::operator()(const List& list) const {
  out.kind = Kind::list;
  for (const Node* item : items_of(list)) out.items.push_back(to_value(*item));
}

void ToValue::operator()(const Object& object) const {
  out.kind = Kind::object;
  std::vector<const Fields*> entries;
  each(object.fields, entries);
  std::sort(entries.begin(), entries.end(),
            [](const Fields* a, const Fields* b) { return a->born < b->born; });
  for (const Fields* entry : entries)
    out.fields.push_back({entry->key->text, to_value(*entry->value)});
}

Config read(const std::function<const Node*(Reading&)>& root, const Options& options) {
  const Limits& limits = options.limits;
  Tree tree({limits.output_bytes, limits.nesting, limits.work_bytes});
  Notes notes;
  Reading reading(options, tree, notes);
  const std::map<std::string, std::string> environment =
      options.environment ? *options.environment : process_environment();
  Resolver resolver(reading, environment);
  const Node* resolved = resolver.resolve(root(reading));
  for (const std::string& name : options.declared)
    if (!resolver.used_environment().count(name))
      notes.add("unused_environment", "nothing asks for the declared variable " + name,
                {&reading.sources().front(), 0, 0});
  std::map<std::string, std::string> texts;
  for (const Source& source : reading.sources()) texts.emplace(source.name, source.text);
  return Config(to_value(*resolved), notes.take(), std::move(texts));
}

Result<Config> loaded(const std::function<const Node*(Reading&)>& root, const Options& options) {
  std::optional<Result<Config>> result;
  const Result<void> ran = on_deep_stack([&] {
    try {
      result = Result<Config>(read(root, options));
    } catch (Failure& failure) {
      result = Result<Config>(std::move(failure.error));
    }
  });
  if (!ran.ok()) return ran.error();
  return std::move(*result);
}

}  // namespace

Result<Config> load(const std::string& path, const Options& options) {
  return loaded([&](Reading& reading) { return reading.file(path); }, options);
}

Result<Config> load_text(const std::string& name, std::string_view text, const Options& options) {
  return loaded([&](Reading& reading) { return reading.text(name, text); }, options);
}

}  // namespace muster::hocon
