# `cmake --install`: bin/muster with its manual pages and completions, and, with MUSTER_SHARED_ENGINE, what other projects build
# runners with: find_package(muster) gives muster_add_runner and muster_discover_scenarios.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS muster RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")

# from the program itself, so that they say what it takes
set(words "${muster_BINARY_DIR}/share")
add_custom_command(OUTPUT "${words}/stamp"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${words}/man"
  COMMAND muster completion bash --output "${words}/muster"
  COMMAND muster completion zsh --output "${words}/_muster"
  COMMAND muster completion fish --output "${words}/muster.fish"
  COMMAND muster completion man --output "${words}/man"
  COMMAND ${CMAKE_COMMAND} -E touch "${words}/stamp"
  DEPENDS muster VERBATIM)
add_custom_target(muster_words ALL DEPENDS "${words}/stamp")
install(FILES "${words}/muster" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${words}/_muster" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${words}/muster.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(DIRECTORY "${words}/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1")

if(NOT MUSTER_SHARED_ENGINE)
  return()
endif()
set(package "${CMAKE_INSTALL_LIBDIR}/cmake/muster")
install(TARGETS muster_engine muster_main muster_runner EXPORT muster_targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${muster_SOURCE_DIR}/harness/include/muster" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp")
# what the public headers include
install(FILES harness/base/result.hpp harness/base/diagnostic.hpp harness/base/json.hpp
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/muster/engine/base")
install(EXPORT muster_targets NAMESPACE muster:: DESTINATION "${package}")
configure_package_config_file("${muster_SOURCE_DIR}/ci/cmake/muster-config.cmake.in"
  "${muster_BINARY_DIR}/generated/muster-config.cmake" INSTALL_DESTINATION "${package}")
write_basic_package_version_file("${muster_BINARY_DIR}/generated/muster-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${muster_BINARY_DIR}/generated/muster-config.cmake"
  "${muster_BINARY_DIR}/generated/muster-config-version.cmake"
  "${muster_SOURCE_DIR}/ci/cmake/runner.cmake" "${muster_SOURCE_DIR}/ci/cmake/discover.cmake" DESTINATION "${package}")
