#include "expressions/builtin.hpp"

#include "base/text.hpp"

namespace muster::expressions {
namespace {

constexpr const char* kAny = R"(([^\n\r\x{2028}\x{2029}]*))";
constexpr const char* kWord =
    R"(([^ \t-\r\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]+))";

void digits(Program& program) {
  program.repeat([&] { program.one_of(CharClass::digit); }, true);
}

void fraction(Program& program) {
  program.literal(".");
  digits(program);
}

/// `[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[E][+-]?\d+)?`
void decimal(Program& program) {
  program.maybe([&] { program.one_of(CharClass::sign); });
  const std::size_t fork = program.split();
  program.prefer(fork, program.here());
  digits(program);
  program.maybe([&] { fraction(program); });
  const std::size_t past = program.jump();
  program.otherwise(fork, program.here());
  fraction(program);
  program.prefer(past, program.here());
  program.maybe([&] {
    program.literal("E");
    program.maybe([&] { program.one_of(CharClass::sign); });
    digits(program);
  });
}

/// `Q([^Q\\]*(\\.[^Q\\]*)*)Q` for a quote Q, its groups being `group` and `group + 1`
void quoted(Program& program, std::string_view quote, CharClass plain, std::size_t group) {
  const auto plain_run = [&] { program.repeat([&] { program.one_of(plain); }); };
  const std::size_t outer = 2 * (group - 1);
  program.literal(quote);
  program.save(outer);
  plain_run();
  program.repeat([&] {
    program.save(outer + 2);
    program.literal("\\");
    program.one_of(CharClass::any);
    plain_run();
    program.save(outer + 3);
  });
  program.save(outer + 1);
  program.literal(quote);
}

}  // namespace

GroupShape append_builtin(Program& program, const ParameterType& type, std::size_t group) {
  GroupShape shape{type.patterns.front(), group, {}};
  program.save(2 * (group - 1));
  if (type.name.empty()) {
    program.repeat([&] { program.one_of(CharClass::any); });
  } else if (type.name == "word") {
    program.repeat([&] { program.one_of(CharClass::not_space); }, true);
  } else if (type.name == "string") {
    const std::size_t fork = program.split();
    program.prefer(fork, program.here());
    quoted(program, "\"", CharClass::not_double_quoted_special, group + 1);
    const std::size_t past = program.jump();
    program.otherwise(fork, program.here());
    quoted(program, "'", CharClass::not_single_quoted_special, group + 3);
    program.prefer(past, program.here());
    shape.children = {{"", group + 1, {{"", group + 2, {}}}},
                      {"", group + 3, {{"", group + 4, {}}}}};
  } else if (type.patterns.size() == 2) {
    program.maybe([&] { program.literal("-"); });
    digits(program);
  } else {
    decimal(program);
  }
  program.save(2 * (group - 1) + 1);
  return shape;
}

std::string capture_of(const ParameterType& type) {
  if (type.patterns.size() == 1) return "(" + type.patterns.front() + ")";
  return "((?:" + join(type.patterns, ")|(?:") + "))";
}

std::string engine_capture_of(const ParameterType& type) {
  if (type.builtin && type.name.empty()) return kAny;
  if (type.builtin && type.name == "word") return kWord;
  return capture_of(type);
}

std::string escape_regex(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\^[({$.|?*+})]").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace muster::expressions
