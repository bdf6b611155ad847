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

# Its controls: each is a thing done wrong in the machine, and has to be found within these seeds: as many as it takes to
# meet it with some to spare, or from which to which. Where stories come to run otherwise, other seeds meet it.
function(simulation_finds name seeds)
    if(NOT seeds MATCHES "\\.\\.")
        set(seeds "1..${seeds}")
    endif()
    add_test(NAME simulation_finds_${name} COMMAND simulation --seeds ${seeds} --batches 800 --planted ${name} ${ARGN})
    set_tests_properties(simulation_finds_${name} PROPERTIES LABELS sabotage TIMEOUT 300
        PASS_REGULAR_EXPRESSION "violation found" ENVIRONMENT RSNMS_SOURCE=${PROJECT_SOURCE_DIR})
endfunction()
if(SABOTAGE)
    foreach(name take_any cursor_apart forget_verdict early_release id_by_clock after_by_number overbook any_predecessor head_apart
                 node_blind_copy node_drop_answers)
        simulation_finds(${name} 40)
    endforeach()
    simulation_finds(two_copies 80)
    simulation_finds(node_lost_answers 120)
    simulation_finds(node_asks_in_chain 120)
    simulation_finds(node_closes_early 301..500)
    simulation_finds(merged_twice 40)           # the registrar's, in one seed of three
    simulation_finds(key_kept 61..160 --backups)
    # What is met after a backup alone
    simulation_finds(fork_forgotten 131..200 --backups)
    foreach(name node_waits_for_clock node_closed_deaf routes_never_asks)
        simulation_finds(${name} 200 --backups)
    endforeach()
    simulation_finds(node_trusts_head 151..300 --backups)
endif()
