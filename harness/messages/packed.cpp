// Members follow each other without names, in the order of fields(): numbers as LEB128 (zigzag when
// signed), texts and lists behind their length, optionals behind one byte that says whether they
// are there.
#include "messages/packed.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "messages/run_fields.hpp"

namespace muster::messages {
namespace {

struct Packer {
  std::string& out;

  template <class T>
  void operator()(const char*, const T& member) {
    write(member);
  }

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7F));
    out += static_cast<char>(value);
  }
  void write(const std::string& text) {
    number(text.size());
    out += text;
  }
  template <class T>
  void write(const std::optional<T>& value) {
    out += value ? '\1' : '\0';
    if (value) write(*value);
  }
  template <class T>
  void write(const std::vector<T>& items) {
    number(items.size());
    for (const T& item : items) write(item);
  }
  template <class T>
  void write(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_integral_v<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      number((static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      fields(*this, value);
    }
  }
};

struct Unpacker {
  std::string_view in;

  template <class T>
  void operator()(const char*, T& member) {
    read(member);
  }

  [[noreturn]] static void foreign() {
    throw std::logic_error("these bytes were packed elsewhere");
  }
  unsigned char byte() {
    if (in.empty()) foreign();
    const auto value = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned char next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
    foreign();
  }
  /// Every item takes at least a byte, so that no length can ask for more memory than there is.
  std::size_t length() {
    const std::uint64_t value = number();
    if (value > in.size()) foreign();
    return static_cast<std::size_t>(value);
  }
  void read(std::string& text) {
    const std::size_t size = length();
    text.assign(in.substr(0, size));
    in.remove_prefix(size);
  }
  template <class T>
  void read(std::optional<T>& value) {
    if (byte() != 0) read(value.emplace());
  }
  template <class T>
  void read(std::vector<T>& items) {
    items.resize(length());
    for (T& item : items) read(item);
  }
  template <class T>
  void read(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(number());
    } else if constexpr (std::is_integral_v<T>) {
      const std::uint64_t zigzag = number();
      value = static_cast<T>(static_cast<std::int64_t>(zigzag >> 1) ^
                             -static_cast<std::int64_t>(zigzag & 1));
    } else {
      fields(*this, value);
    }
  }
};

}  // namespace

template <class Message>
std::string pack(const Message& message) {
  thread_local std::string bytes;
  bytes.clear();
  Packer{bytes}.write(message);
  return bytes;  // a copy without room to spare
}

template <class Message>
Message unpack(std::string_view bytes) {
  Message message;
  Unpacker unpacker{bytes};
  unpacker.read(message);
  if (!unpacker.in.empty()) Unpacker::foreign();
  return message;
}

template std::string pack(const GherkinDocument&);
template std::string pack(const Pickle&);
template std::string pack(const TestCase&);
template GherkinDocument unpack(std::string_view);
template Pickle unpack(std::string_view);
template TestCase unpack(std::string_view);

}  // namespace muster::messages
