#pragma once

#include <string_view>

namespace muster::report {

/// The built files of npm `@cucumber/html-formatter`.
struct HtmlAssets {
  std::string_view page;     ///< its index.mustache: the page with `{{css}}`, `{{messages}}` …
  std::string_view css;      ///< main.css
  std::string_view script;   ///< main.js
  std::string_view icon;     ///< icon.url, a data URL
  std::string_view licence;  ///< of what the script was built of
  /// Muster's own part of the page, of the folder page/: its styles; what runs before the standard
  /// report, to keep the timelines for itself; and what draws.
  std::string_view own_css = {}, own_first = {}, own_script = {};
};

/// The files that were there when muster was built; null when there were none.
const HtmlAssets* html_assets();

}  // namespace muster::report
