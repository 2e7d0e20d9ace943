#include <charconv>
#include <cstring>

#include "messages/escape.hpp"
#include "messages/kinds.hpp"
#include "messages/run_fields.hpp"

namespace muster::messages {
namespace {

struct Writer {
  std::string& out;
  bool first = true;

  template <std::size_t N, class T>
  void operator()(const char (&name)[N], const T& member) {
    key(name);
    write(member);
  }
  template <std::size_t N, class T>
  void operator()(const char (&name)[N], const std::optional<T>& member) {
    if (!member) return;
    key(name);
    write(*member);
  }

  /// `,"name":` in one piece: a run has a million members.
  template <std::size_t N>
  void key(const char (&name)[N]) {
    char piece[N + 3];
    piece[0] = ',';
    piece[1] = '"';
    std::memcpy(piece + 2, name, N - 1);
    piece[N + 1] = '"';
    piece[N + 2] = ':';
    const std::size_t comma = first ? 1 : 0;
    out.append(piece + comma, sizeof piece - comma);
    first = false;
  }

  void write(const std::string& text) { append_json_string(out, text); }
  void write(bool value) { out += value ? "true" : "false"; }
  void write(int value) { write_integer(value); }
  void write(std::int64_t value) { write_integer(value); }
  template <class T>
  void write(const std::vector<T>& items) {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      write(items[i]);
    }
    out += ']';
  }
  template <class T>
  void write(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      out += '"';
      out += text_of(value);
      out += '"';
    } else {
      out += '{';
      Writer inner{out};
      fields(inner, value);
      out += '}';
    }
  }

  void write_integer(std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
  }
};

template <class Message, std::size_t I = 0>
constexpr std::size_t index_of() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, Envelope>, Message>) {
    return I;
  } else {
    return index_of<Message, I + 1>();
  }
}

}  // namespace

template <class Message>
void append_message(std::string& out, const Message& message) {
  out += "{\"";
  out += kKinds[index_of<Message>()];
  out += "\":";
  Writer{out}.write(message);
  out += "}\n";
}

void append_ndjson(std::string& out, const Envelope& envelope) {
  std::visit([&](const auto& message) { append_message(out, message); }, envelope);
}

std::string to_ndjson(const Envelope& envelope) {
  std::string line;
  append_ndjson(line, envelope);
  return line;
}

template void append_message(std::string&, const Meta&);
template void append_message(std::string&, const Source&);
template void append_message(std::string&, const GherkinDocument&);
template void append_message(std::string&, const Pickle&);
template void append_message(std::string&, const ParseError&);
template void append_message(std::string&, const Hook&);
template void append_message(std::string&, const StepDefinition&);
template void append_message(std::string&, const ParameterType&);
template void append_message(std::string&, const UndefinedParameterType&);
template void append_message(std::string&, const Suggestion&);
template void append_message(std::string&, const TestRunStarted&);
template void append_message(std::string&, const TestRunFinished&);
template void append_message(std::string&, const TestRunHookStarted&);
template void append_message(std::string&, const TestRunHookFinished&);
template void append_message(std::string&, const TestCase&);
template void append_message(std::string&, const TestCaseStarted&);
template void append_message(std::string&, const TestCaseFinished&);
template void append_message(std::string&, const TestStepStarted&);
template void append_message(std::string&, const TestStepFinished&);
template void append_message(std::string&, const Attachment&);
template void append_message(std::string&, const ExternalAttachment&);

}  // namespace muster::messages
