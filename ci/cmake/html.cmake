# The standard report of Cucumber, embedded into harness/report from the built files of npm @cucumber/html-formatter;
# without them the format `html` answers unsupported(assets). With it muster's own part of the page, harness/report/page.
set(formatter "${muster_SOURCE_DIR}/ci/npm/node_modules/@cucumber/html-formatter/dist")
if(TARGET muster_report AND EXISTS "${formatter}/main.js")
  set(assets "${muster_SOURCE_DIR}/harness/report/html_assets.cpp")
  set_property(SOURCE "${assets}" TARGET_DIRECTORY muster_report APPEND PROPERTY COMPILE_DEFINITIONS
    "MUSTER_HTML_FORMATTER=\"${formatter}\"" "MUSTER_HTML_PAGE=\"${muster_SOURCE_DIR}/harness/report/page\"")
  file(GLOB page CONFIGURE_DEPENDS "${muster_SOURCE_DIR}/harness/report/page/*.css" "${muster_SOURCE_DIR}/harness/report/page/*.js")
  set_property(SOURCE "${assets}" TARGET_DIRECTORY muster_report APPEND PROPERTY OBJECT_DEPENDS ${page})
  foreach(file main.js main.css main.js.LICENSE.txt src/index.mustache src/icon.url)
    set_property(SOURCE "${assets}" TARGET_DIRECTORY muster_report APPEND PROPERTY OBJECT_DEPENDS "${formatter}/${file}")
  endforeach()
elseif(TARGET muster_report)
  message(STATUS "muster: no npm @cucumber/html-formatter (ci/setup): no html report")
endif()
