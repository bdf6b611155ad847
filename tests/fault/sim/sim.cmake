# The whole chain in one process, from seeds (tests/fault/sim/sim.c). What a process has from outside is put
# in its way by the linker, so that the machine and the services are the same code as in the daemons.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
add_executable(simulation ${sources})
target_include_directories(simulation PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(simulation PRIVATE RSNMS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(simulation PRIVATE svc_roster svc_diagnostics svc_programmes svc_routes svc_indicators svc_federal svc_node)
foreach(name mdb_txn_begin mdb_txn_commit mdb_txn_abort statvfs clock_gettime getrandom)
    target_link_options(simulation PRIVATE LINKER:--wrap=${name})
endforeach()

# Each seed in five is five times as long. --least: of the ends of long stories a tenth (counts.c).
add_test(NAME simulation COMMAND simulation --seeds 1..200 --batches 800 --least 100 --twice 50)
set_tests_properties(simulation PROPERTIES LABELS fault TIMEOUT 900 ENVIRONMENT RSNMS_SOURCE=${PROJECT_SOURCE_DIR})

# Its controls: each is a thing done wrong in the machine, and has to be found within these seeds.
if(SABOTAGE)
    # name:seeds, as many as it takes to meet it with some to spare; or from which to which
    foreach(control take_any:40 cursor_apart:40 forget_verdict:40 early_release:40 id_by_clock:40 after_by_number:40 overbook:40
                    any_predecessor:40 two_copies:80 head_apart:40 node_blind_copy:40 node_drop_answers:40 node_lost_answers:120
                    node_waits_for_clock:200
                    node_asks_in_chain:120 node_closed_deaf:601..800 routes_never_asks:150 fork_forgotten:701..900
                    node_trusts_head:901..1000 node_closes_early:601..700)
        string(REPLACE ":" ";" control ${control})
        list(GET control 0 name)
        list(GET control 1 seeds)
        if(NOT seeds MATCHES "\\.\\.")
            set(seeds "1..${seeds}")
        endif()
        add_test(NAME simulation_finds_${name} COMMAND simulation --seeds ${seeds} --batches 800 --planted ${name})
        set_tests_properties(simulation_finds_${name} PROPERTIES LABELS sabotage TIMEOUT 300
            PASS_REGULAR_EXPRESSION "violation found" ENVIRONMENT RSNMS_SOURCE=${PROJECT_SOURCE_DIR})
    endforeach()
endif()
