#pragma once

#include <string>
#include <string_view>

#include "report/html_assets.hpp"
#include "report/line_writer.hpp"
#include "report/reporter.hpp"

namespace muster::report {

/// `html`: the standard report of Cucumber as one file that needs no network. Messages are written
/// as they come, each a line of a script. A content security policy keeps everything in the page
/// from reaching out, and lets no script run but those of the report: what programs said can only
/// be text.
class HtmlReporter final : public Reporter {
 public:
  /// `nonce` marks the report's own scripts; nobody may know it before the page is written.
  HtmlReporter(LineWriter out, const HtmlAssets& assets, std::string nonce);

  void on(const messages::Envelope& envelope) override;
  void on_line(const messages::Envelope&, std::string_view line) override;
  Result<void> finish() override;

 private:
  void write_page(std::string_view from, std::string_view to);
  std::string_view value_of(std::string_view name) const;

  LineWriter out_;
  const HtmlAssets& assets_;
  std::string nonce_, line_;
  bool first_ = true;
};

/// JSON as it may stand within a script element: no `<`, no line ends that only JavaScript knows.
std::string json_in_script(std::string_view json);

}  // namespace muster::report
