// Java's Properties.load: logical lines, escapes, separators. Keys are split at every dot and keep
// empty elements; where one key is both a value and a parent of others, the object wins.
#include <map>

#include "hocon/reading.hpp"

namespace muster::hocon {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\f';
}
bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

class PropertiesReader {
 public:
  PropertiesReader(Tree& tree, const Source& source, std::size_t nesting)
      : tree_(tree), source_(source), text_(source.text), nesting_(nesting) {}

  const Node* read() {
    Branch root;
    while (at_ < text_.size()) {
      skip_blanks();
      if (at_ >= text_.size()) break;
      if (is_line_end(text_[at_])) {
        end_line();
      } else if (text_[at_] == '#' || text_[at_] == '!') {
        while (at_ < text_.size() && !is_line_end(text_[at_])) ++at_;
      } else {
        property(root);
      }
    }
    return object(root, {&source_, 1, 1});
  }

 private:
  struct Branch {
    std::map<std::string, Branch> branches;
    std::map<std::string, const Node*> values;
    std::vector<std::string> order;
  };

  void end_line() {
    if (text_.substr(at_, 2) == "\r\n") ++at_;
    ++at_;
    ++line_;
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  void property(Branch& root) {
    const Spot spot{&source_, line_, 1};
    const std::string key = part(true, spot);
    skip_blanks();
    if (at_ < text_.size() && (text_[at_] == '=' || text_[at_] == ':')) {
      ++at_;
      skip_blanks();
    }
    const Node* value = tree_.text(part(false, spot), true, spot);
    Branch* branch = &root;
    std::size_t depth = 1;
    std::string_view rest = key;
    for (std::size_t dot; (dot = rest.find('.')) != std::string_view::npos;) {
      if (++depth > nesting_)
        refuse("limit", "a key has more than " + std::to_string(nesting_) + " elements", spot);
      const std::string element(rest.substr(0, dot));
      branch->order.push_back(element);
      branch = &branch->branches[element];
      rest.remove_prefix(dot + 1);
    }
    branch->order.emplace_back(rest);
    branch->values[std::string(rest)] = value;
  }

  // A key ends at a separator, a value at the line's end; a backslash continues the line.
  std::string part(bool key, const Spot& spot) {
    std::string out;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_line_end(c) || (key && (c == '=' || c == ':' || is_blank(c)))) break;
      ++at_;
      if (c != '\\') {
        out += c;
      } else if (at_ < text_.size()) {
        escape(out, spot);
      }
    }
    return out;
  }

  void escape(std::string& out, const Spot& spot) {
    const char c = text_[at_];
    if (is_line_end(c)) {
      end_line();
      skip_blanks();
      return;
    }
    ++at_;
    if (c == 'u') {
      unicode(out, spot);
    } else {
      out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
    }
  }

  char32_t hex4(const Spot& spot) {
    char32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = at_ < text_.size() ? text_[at_] : ' ';
      const std::size_t digit = std::string_view("0123456789abcdef")
                                    .find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit == std::string_view::npos)
        refuse("syntax", "'\\u' needs four hexadecimal digits", {&source_, line_, spot.column});
      value = value * 16 + static_cast<char32_t>(digit);
      ++at_;
    }
    return value;
  }

  void unicode(std::string& out, const Spot& spot) {
    const char32_t high = hex4(spot);
    if (high < 0xD800 || high > 0xDBFF || text_.substr(at_, 2) != "\\u")
      return append_utf8(out, high);
    at_ += 2;
    const char32_t low = hex4(spot);
    if (low >= 0xDC00 && low <= 0xDFFF)
      return append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    append_utf8(out, high);
    append_utf8(out, low);
  }

  const Node* object(const Branch& branch, const Spot& spot) {
    const Fields* fields = nullptr;
    for (const std::string& name : branch.order) {
      const Key* key = tree_.key(name);
      if (find(fields, key)) continue;
      const auto inner = branch.branches.find(name);
      const Node* value =
          inner != branch.branches.end() ? object(inner->second, spot) : branch.values.at(name);
      fields = tree_.set(fields, key, value);
    }
    return tree_.object(fields, false, spot);
  }

  Tree& tree_;
  const Source& source_;
  std::string_view text_;
  std::size_t nesting_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

const Node* read_properties(Tree& tree, const Source& source, std::size_t nesting) {
  return PropertiesReader(tree, source, nesting).read();
}

}  // namespace muster::hocon
