# e2e_test(name): tests/e2e/<name>.sh against the programs of this build.
function(e2e_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 180)
    endif()
    add_test(NAME e2e_${name} COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/${name}.sh)
    set_tests_properties(e2e_${name} PROPERTIES LABELS e2e TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "RSNMS_SOURCE=${PROJECT_SOURCE_DIR};RSNMS_BUILD=${PROJECT_BINARY_DIR}")
endfunction()

unit_test(e2e/test_cli LINK cli LABELS unit)
e2e_test(command_line)
e2e_test(installed)
e2e_test(keeper)
e2e_test(sentences)
e2e_test(indicators)
e2e_test(demo_small)
e2e_test(history)
