# muster::runner is what a program of step definitions links: the engine and a main(). With MUSTER_SHARED_ENGINE the engine is one
# shared library, so that many runners stay small, and that it can be installed; else the libraries of the floors are linked into each.

# muster_floors_below(OUT FOLDER): the names of FOLDER's library and of all that it stands on, each before what it stands on: in
# another order CMake would name some of them twice, and their whole archives would clash with themselves
function(muster_floors_below out name)
  set(found ${name})
  set(open ${name})
  while(open)
    list(POP_FRONT open next)
    get_property(uses GLOBAL PROPERTY MUSTER_USES_${next})
    foreach(use IN LISTS uses)
      # behind all that use it: a linker line in another order has to name libraries twice
      list(REMOVE_ITEM found ${use})
      list(APPEND found ${use})
      list(APPEND open ${use})
    endforeach()
  endwhile()
  get_property(ordered GLOBAL PROPERTY MUSTER_FOLDERS)
  list(REVERSE ordered)
  set(below)
  foreach(folder IN LISTS ordered)
    if(folder IN_LIST found)
      list(APPEND below ${folder})
    endif()
  endforeach()
  set(${out} ${below} PARENT_SCOPE)
endfunction()

function(muster_add_engine)
  add_library(muster_main STATIC "${muster_SOURCE_DIR}/harness/app/main.cpp")
  target_include_directories(muster_main PRIVATE "${muster_SOURCE_DIR}/harness")
  # its options without the target, which is none that could be installed
  target_compile_options(muster_main PRIVATE $<TARGET_PROPERTY:muster_options,INTERFACE_COMPILE_OPTIONS>)
  add_library(muster_runner INTERFACE)
  add_library(muster::runner ALIAS muster_runner)
  if(NOT MUSTER_SHARED_ENGINE)
    # symbols of 46 runners would fill the disk
    target_link_libraries(muster_runner INTERFACE muster_main muster_app muster_options)
    if(NOT MUSTER_SANITIZE)
      target_link_options(muster_runner INTERFACE -Wl,-S)
    endif()
    return()
  endif()

  muster_floors_below(floors app)
  list(TRANSFORM floors PREPEND muster_)
  set(whole)
  foreach(floor IN LISTS floors)
    get_target_property(type ${floor} TYPE)
    if(type STREQUAL STATIC_LIBRARY)
      list(APPEND whole ${floor})
    endif()
  endforeach()
  list(APPEND whole GTest::gtest)  # one registry of assertions for step files and engine
  file(WRITE "${muster_BINARY_DIR}/generated/engine.cpp.new" "// The library is made of the libraries of the floors.\n")
  configure_file("${muster_BINARY_DIR}/generated/engine.cpp.new" "${muster_BINARY_DIR}/generated/engine.cpp" COPYONLY)
  add_library(muster_engine SHARED "${muster_BINARY_DIR}/generated/engine.cpp")
  add_library(muster::engine ALIAS muster_engine)
  set_target_properties(muster_engine PROPERTIES OUTPUT_NAME muster EXPORT_NAME engine VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} LIBRARY_OUTPUT_DIRECTORY "${muster_BINARY_DIR}/lib")
  string(REPLACE ";" "," names "${whole}")
  target_link_libraries(muster_engine PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,${names}>" muster_options)
  # its own copies of inline functions, and not the ones that a step file has at -O0
  target_link_options(muster_engine PRIVATE -Wl,-Bsymbolic-functions)
  set_target_properties(muster_engine PROPERTIES LINK_LIBRARY_OVERRIDE "WHOLE_ARCHIVE,${names}")
  # what the public headers need; the build tree has them where they are written
  target_compile_definitions(muster_engine INTERFACE BOOST_ASIO_SEPARATE_COMPILATION)
  target_include_directories(muster_engine INTERFACE
    "$<BUILD_INTERFACE:${muster_SOURCE_DIR}/harness/include>" "$<BUILD_INTERFACE:${muster_SOURCE_DIR}/harness>"
    "$<INSTALL_INTERFACE:include>" "$<INSTALL_INTERFACE:include/muster/engine>")
  target_link_libraries(muster_runner INTERFACE muster_main muster_engine)
  set_target_properties(muster_runner PROPERTIES EXPORT_NAME runner)
  set_target_properties(muster_main PROPERTIES EXPORT_NAME main)
endfunction()
