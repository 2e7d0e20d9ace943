# muster_embed(TARGET SOURCE FILES...): FILES of the folder of SOURCE as C++ raw strings in a generated file; SOURCE includes
# it by the name MUSTER_EMBEDDED. `import_boot.py` becomes `constexpr std::string_view import_boot_py`.
function(muster_embed target source)
  if(NOT TARGET ${target})
    return()
  endif()
  get_filename_component(folder "${source}" DIRECTORY)
  get_filename_component(stem "${source}" NAME_WE)
  set(embedded "${muster_BINARY_DIR}/generated/${target}_${stem}.inc")
  set(content "")
  foreach(name IN LISTS ARGN)
    file(READ "${folder}/${name}" text)
    string(MAKE_C_IDENTIFIER "${name}" identifier)
    string(APPEND content "constexpr std::string_view ${identifier} = R\"muster(${text})muster\";\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/${name}")
  endforeach()
  file(WRITE "${embedded}.new" "${content}")
  configure_file("${embedded}.new" "${embedded}" COPYONLY)
  set_property(SOURCE "${source}" TARGET_DIRECTORY ${target} APPEND PROPERTY COMPILE_DEFINITIONS
    "MUSTER_EMBEDDED=\"${embedded}\"")
  set_property(SOURCE "${source}" TARGET_DIRECTORY ${target} APPEND PROPERTY OBJECT_DEPENDS "${embedded}")
endfunction()

# The program that harness/preflight gives to the interpreter of a project
muster_embed(muster_preflight "${muster_SOURCE_DIR}/harness/preflight/import_program.cpp"
  import_boot.py import_standard.py import_autopsy.py import_zygote.py)

# What a KAHN frame is
muster_embed(muster_events "${muster_SOURCE_DIR}/harness/events/kahn_read.cpp" kahn.schema.json)

# The program that reads what the modules of a project import
muster_embed(muster_profile "${muster_SOURCE_DIR}/harness/profile/audit_modules.cpp" audit_modules.py)

# The project that `muster init` makes
muster_embed(muster_app "${muster_SOURCE_DIR}/harness/app/init_command.cpp"
  init_project/muster.toml init_project/CMakeLists.txt init_project/features/greeting.feature
  init_project/step_definitions/greeting_steps.cpp init_project/bin/greeter init_project/vscode/settings.json
  init_project/gitignore init_project/README.md)
