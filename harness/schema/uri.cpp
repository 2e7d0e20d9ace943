#include "schema/uri.hpp"

#include "base/text.hpp"

namespace muster::schema {
namespace {

/// The five components of RFC 3986, appendix B; each with its delimiter, empty when absent.
struct Parts {
  std::string scheme, authority, path, query;
};

Parts parts_of(std::string_view uri) {
  Parts parts;
  const auto colon = uri.find(':');
  if (colon != uri.npos && colon > 0 && uri.find_first_of("/?") > colon) {
    parts.scheme = uri.substr(0, colon + 1);
    uri.remove_prefix(colon + 1);
  }
  if (uri.starts_with("//")) {
    const auto end = std::min(uri.find_first_of("/?", 2), uri.size());
    parts.authority = uri.substr(0, end);
    uri.remove_prefix(end);
  }
  const auto query = std::min(uri.find('?'), uri.size());
  parts.path = uri.substr(0, query);
  parts.query = uri.substr(query);
  return parts;
}

/// Section 5.2.4.
std::string without_dots(std::string_view path) {
  std::vector<std::string> kept;
  const auto segments = split(path, '/');
  for (std::size_t at = 0; at < segments.size(); ++at) {
    const bool last = at + 1 == segments.size();
    if (segments[at] == "..") {
      if (kept.size() > 1 || (!kept.empty() && !kept.front().empty())) kept.pop_back();
      if (last) kept.emplace_back();
    } else if (segments[at] != ".") {
      kept.push_back(segments[at]);
    } else if (last) {
      kept.emplace_back();
    }
  }
  return join(kept, "/");
}

std::string merged(const Parts& base, const std::string& path) {
  if (!base.authority.empty() && base.path.empty()) return "/" + path;
  return base.path.substr(0, base.path.rfind('/') + 1) + path;
}

std::string text_of(const Parts& parts) {
  return parts.scheme + parts.authority + parts.path + parts.query;
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string resolve_uri(std::string_view base_text, std::string_view reference) {
  const auto hash = std::min(reference.find('#'), reference.size());
  const std::string fragment(reference.substr(hash));
  const Parts base = parts_of(base_text.substr(0, base_text.find('#')));
  Parts wanted = parts_of(reference.substr(0, hash));
  if (!wanted.scheme.empty()) {
    if (wanted.path.starts_with("/")) wanted.path = without_dots(wanted.path);
    return text_of(wanted) + fragment;
  }
  wanted.scheme = base.scheme;
  if (wanted.authority.empty()) {
    wanted.authority = base.authority;
    if (wanted.path.empty()) {
      wanted.path = base.path;
      if (wanted.query.empty()) wanted.query = base.query;
      return text_of(wanted) + fragment;
    }
    if (!wanted.path.starts_with("/")) wanted.path = merged(base, wanted.path);
  }
  wanted.path = without_dots(wanted.path);
  return text_of(wanted) + fragment;
}

std::pair<std::string, std::string> split_fragment(std::string_view uri) {
  const auto hash = uri.find('#');
  if (hash == uri.npos) return {std::string(uri), {}};
  return {std::string(uri.substr(0, hash)), percent_decoded(uri.substr(hash + 1))};
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
    if (low < 0) {
      out += text[at];
    } else {
      out += static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
  return out;
}

std::string pointer_to(std::string_view pointer, std::string_view token) {
  std::string out(pointer);
  out += '/';
  for (const char each : token) {
    if (each == '~') {
      out += "~0";
    } else if (each == '/') {
      out += "~1";
    } else {
      out += each;
    }
  }
  return out;
}

std::vector<std::string> pointer_tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (pointer.empty()) return tokens;
  for (std::string& token : split(pointer.substr(1), '/')) {
    std::string plain;
    for (std::size_t at = 0; at < token.size(); ++at) {
      const bool escape = token[at] == '~' && at + 1 < token.size();
      if (escape && token[at + 1] == '0') {
        plain += '~';
        ++at;
      } else if (escape && token[at + 1] == '1') {
        plain += '/';
        ++at;
      } else {
        plain += token[at];
      }
    }
    tokens.push_back(std::move(plain));
  }
  return tokens;
}

}  // namespace muster::schema
