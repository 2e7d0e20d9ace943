#include "report/html_assets.hpp"

// ci/cmake/html.cmake names the folder. The assembler takes the files in as they are: a megabyte of
// string literals would have to be escaped, and parsed.
#ifdef MUSTER_HTML_FORMATTER

#define MUSTER_INCBIN(name, file)                                                             \
  __asm__(".pushsection .rodata\n" #name "_begin:\n.incbin \"" MUSTER_HTML_FORMATTER "/" file \
          "\"\n" #name "_end:\n.byte 0\n.popsection\n");                                      \
  extern "C" __attribute__((visibility("hidden"))) const char name##_begin[];                 \
  extern "C" __attribute__((visibility("hidden"))) const char name##_end[]

// Several files of a folder as one.
#define MUSTER_INCBIN_PAGE(name, files)                                                            \
  __asm__(".pushsection .rodata\n" #name "_begin:\n" files #name "_end:\n.byte 0\n.popsection\n"); \
  extern "C" __attribute__((visibility("hidden"))) const char name##_begin[];                      \
  extern "C" __attribute__((visibility("hidden"))) const char name##_end[]
#define MUSTER_PAGE_FILE(file) ".incbin \"" MUSTER_HTML_PAGE "/" file "\"\n"

MUSTER_INCBIN_PAGE(muster_page_css, MUSTER_PAGE_FILE("page.css"));
MUSTER_INCBIN_PAGE(muster_page_first, MUSTER_PAGE_FILE("first.js"));
MUSTER_INCBIN_PAGE(muster_page_script,
                   MUSTER_PAGE_FILE("model.js") MUSTER_PAGE_FILE("drawing.js")
                       MUSTER_PAGE_FILE("timeline.js") MUSTER_PAGE_FILE("summary.js"));
MUSTER_INCBIN(muster_html_page, "src/index.mustache");
MUSTER_INCBIN(muster_html_css, "main.css");
MUSTER_INCBIN(muster_html_script, "main.js");
MUSTER_INCBIN(muster_html_icon, "src/icon.url");
MUSTER_INCBIN(muster_html_licence, "main.js.LICENSE.txt");

#endif

namespace muster::report {

const HtmlAssets* html_assets() {
#ifdef MUSTER_HTML_FORMATTER
  const auto text = [](const char* begin, const char* end) {
    return std::string_view(begin, static_cast<std::size_t>(end - begin));
  };
  static const HtmlAssets assets{text(muster_html_page_begin, muster_html_page_end),
                                 text(muster_html_css_begin, muster_html_css_end),
                                 text(muster_html_script_begin, muster_html_script_end),
                                 text(muster_html_icon_begin, muster_html_icon_end),
                                 text(muster_html_licence_begin, muster_html_licence_end),
                                 text(muster_page_css_begin, muster_page_css_end),
                                 text(muster_page_first_begin, muster_page_first_end),
                                 text(muster_page_script_begin, muster_page_script_end)};
  return &assets;
#else
  return nullptr;
#endif
}

}  // namespace muster::report
