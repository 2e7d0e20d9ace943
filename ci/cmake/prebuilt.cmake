# For add_subdirectory(muster) with -DMUSTER_PREBUILT=BUILD_FOLDER: muster::runner of that build, made from these sources.
add_library(muster_engine SHARED IMPORTED GLOBAL)
add_library(muster::engine ALIAS muster_engine)
set_target_properties(muster_engine PROPERTIES IMPORTED_LOCATION "${MUSTER_PREBUILT}/lib/libmuster.so"
  INTERFACE_COMPILE_DEFINITIONS BOOST_ASIO_SEPARATE_COMPILATION
  INTERFACE_INCLUDE_DIRECTORIES "${muster_SOURCE_DIR}/harness/include;${muster_SOURCE_DIR}/harness")
add_library(muster_main STATIC IMPORTED GLOBAL)
set_target_properties(muster_main PROPERTIES IMPORTED_LOCATION "${MUSTER_PREBUILT}/libmuster_main.a")
add_library(muster_runner INTERFACE)
add_library(muster::runner ALIAS muster_runner)
target_link_libraries(muster_runner INTERFACE muster_main muster_engine)
