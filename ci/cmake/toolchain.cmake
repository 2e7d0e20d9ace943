# Language, warnings, sanitizers and the libraries of the distribution. Nothing is downloaded.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${muster_BINARY_DIR}/bin")

option(MUSTER_WERROR "Treat warnings as errors" OFF)
option(MUSTER_FUZZ "Build the libFuzzer targets only" OFF)
set(MUSTER_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(PROJECT_IS_TOP_LEVEL)
  include(CTest)
else()
  set(BUILD_TESTING OFF)  # muster's own tests are no part of another project
endif()
# not in debug builds: they link into each runner only what it uses, and stay quick to build
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(shared OFF)
else()
  set(shared ON)
endif()
option(MUSTER_SHARED_ENGINE "The engine of runners is the shared library libmuster" ${shared})
if(MUSTER_SHARED_ENGINE)
  # nobody interposes on the engine's own functions: calls within it stay direct
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_compile_options(-fno-semantic-interposition)
endif()

# In the presets of every day. The others prove that each file includes what it uses.
option(MUSTER_PRECOMPILED_HEADERS "The headers that cost most are compiled once" OFF)

add_library(muster_options INTERFACE)
file(RELATIVE_PATH muster_source_from_build "${CMAKE_BINARY_DIR}" "${muster_SOURCE_DIR}/")
target_compile_options(muster_options INTERFACE
  # places in reports are relative to the project, wherever it was built, also by ccache with a base_dir
  -fmacro-prefix-map=${muster_SOURCE_DIR}/= -fmacro-prefix-map=${muster_source_from_build}=
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  # coroutine frames and variants in g++ 12 raise false alarms of these
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
    -Wno-mismatched-new-delete>
  $<$<BOOL:${MUSTER_WERROR}>:-Werror>)
if(MUSTER_SANITIZE)
  target_compile_options(muster_options INTERFACE -fsanitize=${MUSTER_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  if(MUSTER_SANITIZE STREQUAL "thread")
    target_compile_options(muster_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
  target_link_options(muster_options INTERFACE -fsanitize=${MUSTER_SANITIZE})
endif()
if(MUSTER_FUZZ)
  target_compile_options(muster_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
find_program(MUSTER_LLD ld.lld)
if(MUSTER_LLD)
  target_link_options(muster_options INTERFACE -fuse-ld=lld)
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(GTest 1.12 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
# Debian's cpp-httplib is a compiled library: without its own compile definitions class layouts differ
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
find_package(CLI11 REQUIRED)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(LIBPQ REQUIRED libpq)
# libpq is loaded by its soname when it is first needed
file(REAL_PATH "${pkgcfg_lib_LIBPQ_pq}" muster_libpq_file)
string(REGEX MATCH "libpq\\.so\\.[0-9]+" muster_libpq "${muster_libpq_file}")
if(NOT muster_libpq)
  message(FATAL_ERROR "no soname in ${muster_libpq_file}, the file of libpq")
endif()
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
# libpg_query ships neither a CMake nor a pkg-config file
find_path(PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
add_library(PgQuery::PgQuery UNKNOWN IMPORTED)
set_target_properties(PgQuery::PgQuery PROPERTIES IMPORTED_LOCATION "${PG_QUERY_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${PG_QUERY_INCLUDE}")
