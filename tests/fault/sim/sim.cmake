# The whole chain in one process, from seeds (tests/fault/sim/sim.c). What a process has from outside is put
# in its way by the linker, so that the machine and the services are the same code as in the daemons.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
add_executable(simulation ${sources})
target_include_directories(simulation PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(simulation PRIVATE RSNMS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(simulation PRIVATE svc_roster svc_diagnostics svc_programmes svc_routes svc_indicators)
foreach(name mdb_txn_begin mdb_txn_commit mdb_txn_abort statvfs clock_gettime getrandom)
    target_link_options(simulation PRIVATE LINKER:--wrap=${name})
endforeach()

add_test(NAME simulation COMMAND simulation --seeds 1..500 --batches 800 --least 100 --twice 50)
set_tests_properties(simulation PROPERTIES LABELS fault TIMEOUT 900 ENVIRONMENT RSNMS_SOURCE=${PROJECT_SOURCE_DIR})

# Its controls: each is a thing done wrong in the machine, and has to be found within these seeds.
if(SABOTAGE)
    foreach(name take_any cursor_apart forget_verdict early_release id_by_clock after_by_number overbook)
        add_test(NAME simulation_finds_${name} COMMAND simulation --seeds 1..40 --batches 800 --planted ${name})
        set_tests_properties(simulation_finds_${name} PROPERTIES LABELS sabotage TIMEOUT 300
            PASS_REGULAR_EXPRESSION "violation found" ENVIRONMENT RSNMS_SOURCE=${PROJECT_SOURCE_DIR})
    endforeach()
endif()
