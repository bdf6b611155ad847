# The figures (scripts/bench): no test, since a shared machine makes them waver.
file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
add_executable(rsnms-bench ${bench_sources})
target_compile_definitions(rsnms-bench PRIVATE BENCH_SOURCE="${PROJECT_SOURCE_DIR}")
target_link_libraries(rsnms-bench PRIVATE svc_roster svc_diagnostics svc_programmes svc_routes svc_indicators m)
add_dependencies(rsnms-bench rsnms rsnms-roster rsnms-diagnostics rsnms-programmes rsnms-routes rsnms-indicators)
