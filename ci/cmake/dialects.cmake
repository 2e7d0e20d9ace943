# The dialect table of harness/gherkin, made from npm @cucumber/gherkin at build time; English alone without it.
set(languages "${muster_SOURCE_DIR}/ci/npm/node_modules/@cucumber/gherkin/dist/gherkin-languages.json")
set(generator "${muster_SOURCE_DIR}/ci/generate_dialects.mjs")
find_program(MUSTER_NODE node)
if(MUSTER_NODE AND EXISTS "${languages}")
  set(table "${muster_BINARY_DIR}/generated/dialects.inc")
  file(MAKE_DIRECTORY "${muster_BINARY_DIR}/generated")
  add_custom_command(OUTPUT "${table}"
    COMMAND "${MUSTER_NODE}" "${generator}" "${languages}" "${table}"
    DEPENDS "${generator}" "${languages}" VERBATIM)
  target_sources(muster_gherkin PRIVATE "${table}")
  set_property(SOURCE "${muster_SOURCE_DIR}/harness/gherkin/dialect.cpp" TARGET_DIRECTORY muster_gherkin
    APPEND PROPERTY COMPILE_DEFINITIONS "MUSTER_DIALECT_TABLE=\"${table}\"")
  set_property(SOURCE "${muster_SOURCE_DIR}/harness/gherkin/dialect.cpp" TARGET_DIRECTORY muster_gherkin
    APPEND PROPERTY OBJECT_DEPENDS "${table}")
else()
  message(STATUS "muster: no node or no npm @cucumber/gherkin (ci/setup): English is the only dialect")
endif()
