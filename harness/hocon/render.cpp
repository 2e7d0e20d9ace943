#include "base/text.hpp"
#include "hocon/hocon.hpp"
#include "hocon/number.hpp"

namespace muster::hocon {
namespace {

class Writer {
 public:
  Writer(Secrets secrets, bool indented) : secrets_(secrets), indented_(indented) {}

  void value(const Value& value) {
    switch (value.kind) {
      case Kind::null:
        out_ += "null";
        break;
      case Kind::boolean:
        out_ += value.boolean ? "true" : "false";
        break;
      case Kind::number:
        out_ += number_to_json(value.text);
        break;
      case Kind::string:
        string(value.environment.empty() || secrets_ == Secrets::shown
                   ? value.text
                   : "[from environment " + join(value.environment, ", ") + "]");
        break;
      case Kind::list:
        list(value);
        break;
      case Kind::object:
        object(value);
        break;
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void string(const std::string& text) { out_ += dump_json(Json(text)); }

  void line() {
    if (!indented_) return;
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }

  void list(const Value& value) {
    out_ += '[';
    ++depth_;
    bool first = true;
    for (const Value& item : value.items) {
      if (!first) out_ += ',';
      first = false;
      line();
      this->value(item);
    }
    --depth_;
    if (!first) line();
    out_ += ']';
  }

  void object(const Value& value) {
    out_ += '{';
    ++depth_;
    bool first = true;
    for (const auto& [key, field] : value.fields) {
      if (!first) out_ += ',';
      first = false;
      line();
      string(key);
      out_ += indented_ ? ": " : ":";
      this->value(field);
    }
    --depth_;
    if (!first) line();
    out_ += '}';
  }

  Secrets secrets_;
  bool indented_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string to_json(const Value& value, Secrets secrets, bool indented) {
  Writer writer(secrets, indented);
  writer.value(value);
  return writer.take();
}

}  // namespace muster::hocon
