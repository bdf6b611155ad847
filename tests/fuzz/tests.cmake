# fuzz_test(name LINK ...): tests/fuzz/<name>.c under libFuzzer for a minute, from the seeds in
# tests/fuzz/corpus/<name without fuzz_>. What it finds worth keeping goes to the build tree.
function(fuzz_test name)
    if(NOT SANITIZE MATCHES "fuzzer")
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
    string(REPLACE "fuzz_" "" seeds ${name})
    set(corpus ${PROJECT_BINARY_DIR}/corpus/${seeds})
    file(MAKE_DIRECTORY ${corpus})
    add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}.c)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(${name} PRIVATE ${ARG_LINK})
    add_test(NAME ${name} COMMAND ${name} -max_total_time=60 -rss_limit_mb=512 -max_len=4096 -timeout=10 -verbosity=0 -print_final_stats=1
             ${corpus} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${seeds})
    set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 180)
endfunction()

fuzz_test(fuzz_msg LINK codec)
