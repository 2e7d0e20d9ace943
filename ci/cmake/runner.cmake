# Programs of one's own step definitions with muster's command line, and their scenarios as CTest tests. Installed beside
# muster-config.cmake: what is here works in muster's own tree and in any project that uses muster.
#
#   muster_add_runner(NAME STEPS FILE... [LINK TARGET...])
#     An executable NAME of the step definitions FILE... It has no main() of its own. Step files compile without optimisation and
#     with a precompiled muster/step.hpp, one for all runners of a project: what is in them waits for processes. Reports name their
#     places relative to the project.
#
#   muster_add_step_library(NAME STEPS FILE... [LINK TARGET...])
#     A shared library NAME of the step definitions FILE..., for `muster match --steps`. Needs the engine as a shared library.
#
#   muster_discover_scenarios(RUNNER [FEATURES PATH...] [TAGS EXPRESSION] [WORKING_DIRECTORY DIR] [PREFIX TEXT]
#                             [LABELS LABEL...] [TIMEOUT SECONDS] [ARGUMENTS ARGUMENT...])
#     Each scenario of FEATURES (default: features) becomes a CTest test `PREFIX` `URI:LINE NAME`, labelled with its tags and LABELS.
#     ctest asks the runner itself each time it starts, so that no scenario is ever missed. Paths are relative to WORKING_DIRECTORY
#     (default: the current source folder), where the scenarios also run, with ARGUMENTS of `run`.
include_guard(GLOBAL)
set(MUSTER_DISCOVER_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/discover.cmake" CACHE INTERNAL "")

function(muster_add_runner name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "STEPS;LINK")
  if(NOT arg_STEPS OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "muster_add_runner(${name} STEPS FILE... [LINK TARGET...]): ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name} ${arg_STEPS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} muster::runner)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_compile_options(${name} PRIVATE -O0 -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
  # another engine of the same interface needs no other program
  set_target_properties(${name} PROPERTIES LINK_DEPENDS_NO_SHARED ON)
  # a precompiled header fits only where it is compiled alike
  if(arg_LINK)
    target_precompile_headers(${name} PRIVATE <muster/step.hpp>)
    return()
  endif()
  get_property(first DIRECTORY "${PROJECT_SOURCE_DIR}" PROPERTY MUSTER_FIRST_RUNNER)
  if(first)
    target_precompile_headers(${name} REUSE_FROM ${first})
  else()
    target_precompile_headers(${name} PRIVATE <muster/step.hpp>)
    set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" PROPERTY MUSTER_FIRST_RUNNER ${name})
  endif()
endfunction()

function(muster_add_step_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "STEPS;LINK")
  if(NOT arg_STEPS OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "muster_add_step_library(${name} STEPS FILE... [LINK TARGET...]): ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TARGET muster::engine)
    message(FATAL_ERROR "muster_add_step_library(${name}): this muster was built without its shared engine")
  endif()
  add_library(${name} MODULE ${arg_STEPS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} muster::engine)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_compile_options(${name} PRIVATE -O0 -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
  set_target_properties(${name} PROPERTIES LINK_DEPENDS_NO_SHARED ON)
endfunction()

function(muster_discover_scenarios runner)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TAGS;WORKING_DIRECTORY;PREFIX;TIMEOUT" "FEATURES;LABELS;ARGUMENTS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "muster_discover_scenarios(${runner}): unknown ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_FEATURES)
    set(arg_FEATURES features)
  endif()
  if(NOT arg_WORKING_DIRECTORY)
    set(arg_WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(NOT DEFINED arg_PREFIX)
    set(arg_PREFIX "${runner}: ")
  endif()
  get_property(count DIRECTORY PROPERTY MUSTER_DISCOVERIES)
  math(EXPR count "0${count} + 1")
  set_property(DIRECTORY PROPERTY MUSTER_DISCOVERIES ${count})
  set(base "${CMAKE_CURRENT_BINARY_DIR}/muster_${runner}_${count}")
  # read by ctest itself, in each of its runs
  set(content "set(runner [==[$<TARGET_FILE:${runner}>]==])\nset(answer [==[${base}_tests.cmake]==])\n")
  foreach(name FEATURES TAGS WORKING_DIRECTORY PREFIX LABELS TIMEOUT ARGUMENTS)
    string(TOLOWER "${name}" variable)
    string(APPEND content "set(${variable} [==[${arg_${name}}]==])\n")
  endforeach()
  string(APPEND content "include([==[${MUSTER_DISCOVER_SCRIPT}]==])\n")
  get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(several)
    file(GENERATE OUTPUT "${base}_$<CONFIG>.cmake" CONTENT "${content}")
    file(WRITE "${base}_include.cmake" "include(\"${base}_\${CTEST_CONFIGURATION_TYPE}.cmake\")\n")
  else()
    file(GENERATE OUTPUT "${base}_include.cmake" CONTENT "${content}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${base}_include.cmake")
endfunction()
