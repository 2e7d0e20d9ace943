#include "report/html_reporter.hpp"

#include <fmt/format.h>

#include <utility>

namespace muster::report {
namespace {

/// Where the messages go in the page.
constexpr std::string_view kMessages = "{{messages}}";

/// Styles may stand inline, for React sets them; pictures and films come as data.
std::string policy(const std::string& nonce) {
  return fmt::format(
      "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src "
      "'none'; script-src 'nonce-{}'; style-src 'unsafe-inline'; img-src data: blob:; media-src "
      "data: blob:; font-src data:; base-uri 'none'; form-action 'none'\">\n",
      nonce);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::string json_in_script(std::string_view json) {
  std::string out(json);
  replace_all(out, "<", "\\x3C");
  replace_all(out, "\u2028", "\\u2028");
  replace_all(out, "\u2029", "\\u2029");
  return out;
}

HtmlReporter::HtmlReporter(LineWriter out, const HtmlAssets& assets, std::string nonce)
    : out_(std::move(out)), assets_(assets), nonce_(std::move(nonce)) {
  write_page("", kMessages);
}

std::string_view HtmlReporter::value_of(std::string_view name) const {
  if (name == "title") return "muster";
  if (name == "icon") return assets_.icon;
  if (name == "css") return assets_.css;
  if (name == "script") return assets_.script;
  if (name == "custom_css") return assets_.own_css;
  if (name == "custom_script") return assets_.own_script;
  return {};
}

/// The page from behind the mark `from` up to the mark `to`, its other marks filled in.
void HtmlReporter::write_page(std::string_view from, std::string_view to) {
  std::string_view left = assets_.page;
  if (!from.empty()) left.remove_prefix(left.find(from) + from.size());
  left = left.substr(0, to.empty() ? left.npos : left.find(to));
  while (!left.empty()) {
    const std::size_t mark = left.find("{{");
    std::string plain(left.substr(0, mark));
    replace_all(plain, "<script>", fmt::format("<script nonce=\"{}\">", nonce_));
    replace_all(plain, "<head>",
                fmt::format("<head>\n{}<!--\n{}\n-->", policy(nonce_), assets_.licence));
    out_.write(plain);
    if (mark == left.npos) return;
    const std::size_t end = left.find("}}", mark);
    const std::string_view name = left.substr(mark + 2, end - mark - 2);
    if (name == "script") out_.write(assets_.own_first);
    out_.write(value_of(name));
    left.remove_prefix(end + 2);
  }
}

void HtmlReporter::on(const messages::Envelope& envelope) {
  line_.clear();
  messages::append_ndjson(line_, envelope);
  on_line(envelope, line_);
}

void HtmlReporter::on_line(const messages::Envelope&, std::string_view line) {
  line.remove_suffix(1);
  out_.write(first_ ? "\n" : ",\n");
  out_.write(json_in_script(line));
  first_ = false;
}

Result<void> HtmlReporter::finish() {
  write_page(kMessages, "");
  return out_.finish();
}

}  // namespace muster::report
