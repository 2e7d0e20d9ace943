# What both consumers build: a runner of two step files, its scenarios as tests, a second runner, and a shared library of steps.
set(here "${CMAKE_CURRENT_LIST_DIR}")
set(CMAKE_CXX_STANDARD 20)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Werror)

muster_add_runner(pantry STEPS "${here}/putting_steps.cpp" "${here}/taking_steps.cpp" "${here}/shelf.cpp")
muster_discover_scenarios(pantry WORKING_DIRECTORY "${here}" LABELS pantry TIMEOUT 60)
muster_discover_scenarios(pantry WORKING_DIRECTORY "${here}" FEATURES broken PREFIX "red: ")

muster_add_step_library(pantry_steps STEPS "${here}/putting_steps.cpp" "${here}/shelf.cpp")
muster_add_runner(putting STEPS "${here}/putting_steps.cpp" "${here}/shelf.cpp")
