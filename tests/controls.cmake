# Controls of the tests in unit/, service/ and fault/: each runs a test over a build with one thing done wrong on
# purpose (common/core/failpoint.h), and passes only when that test fails at the sentence that is about it.
function(control name test sentence)
    add_test(NAME control_${name} COMMAND ${test})
    set_tests_properties(control_${name} PROPERTIES LABELS sabotage TIMEOUT 300
        PASS_REGULAR_EXPRESSION "FAILED  \\] ${sentence}" ENVIRONMENT "${TEST_ENVIRONMENT};RSNMS_SABOTAGE=${name}")
endfunction()

if(SABOTAGE)
    control(no_reach     test_rights     reach_is_asked_of_every_method_that_has_a_subject)
    control(no_scope     test_rights     a_followed_journal_holds_nothing_that_is_out_of_reach)
    control(fail_open    test_net_wire   a_server_without_a_zap_handler_refuses_everybody)
    control(revoked_live test_daemon     a_revoked_key_is_dead_on_a_living_session)
    control(blind_feed   test_machine    a_restored_backup_is_a_fork)
    control(no_credit    test_followers  the_others_reach_the_head_while_a_stalled_one_has_not_moved)
    control(no_bounds    test_hostile    a_peer_that_asks_much_and_never_reads)
    control(put_blindly  test_files      a_name_has_one_content_for_ever)
    control(early_facts  test_indicators any_order_of_the_streams_gives_the_same_tables)
    control(himself_alone test_indicators any_order_of_the_streams_gives_the_same_tables_of_every_kind)
    control(fact_forgotten test_routes_steps the_end_is_the_same_whatever_comes_first)
    control(load_as_it_was test_routes_tutors who_is_released_hands_over_evenly)
endif()
