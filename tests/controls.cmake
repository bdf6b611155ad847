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
    control(no_public    test_daemon_followed a_role_that_may_follow_what_is_public_gets_nothing_else)
    control(fail_open    test_net_wire   a_server_without_a_zap_handler_refuses_everybody)
    control(revoked_live test_daemon     a_revoked_key_is_dead_on_a_living_session)
    control(blind_feed   test_machine    a_restored_backup_is_a_fork)
    control(fork_forgotten test_machine  copies_made_again_do_not_hide_a_fork)
    control(no_credit    test_followers  the_others_reach_the_head_while_a_stalled_one_has_not_moved)
    control(no_bounds    test_hostile    a_peer_that_asks_much_and_never_reads)
    control(any_predecessor test_senders order_is_kept_and_one_copy_alone_gets_in)
    control(two_copies   test_senders    order_is_kept_and_one_copy_alone_gets_in)
    control(head_apart   test_senders    order_is_kept_and_one_copy_alone_gets_in)
    control(letter_revoked test_letters  what_is_not_a_living_senders_letter_is_not_read)
    control(drop_first   test_errands    killed_anywhere_nothing_is_lost_and_nothing_said_twice)
    control(put_blindly  test_files      a_name_has_one_content_for_ever)
    control(early_facts  test_indicators any_order_of_the_streams_gives_the_same_tables)
    control(himself_alone test_indicators any_order_of_the_streams_gives_the_same_tables_of_every_kind)
    control(fact_forgotten test_routes_steps the_end_is_the_same_whatever_comes_first)
    control(routes_never_asks test_routes_lost enrolments_of_a_lost_history_are_asked_about_and_chosen_anew)
    control(days_of_greenwich test_roster_acts a_day_ends_where_the_region_lies)
    control(part_alone test_roster_acts each_population_is_whom_its_act_means)
    control(past_rewritten test_roster_years the_past_stays_and_as_now_adds_up)
    control(merged_twice test_merge who_was_entered_twice_is_counted_once)
    control(old_ids_forgotten test_one_person merging_and_undoing_it_leave_no_trace)
    control(merged_apart test_merged_region his_lists_hold_what_was_entered_under_both)
    control(decision_forgotten test_doubts what_was_decided_of_a_row_is_done_with_it)
    control(ground_forgotten test_roster_lists what_was_shown_is_done_or_the_ground_has_moved)
    control(check_unsaid test_roster_lists each_check_is_an_entry_of_whom_it_was_held_against)
    control(namesakes_cut test_roster_lists among_many_namesakes_who_is_named_exactly_is_found)
    control(closed_years_drift test_people a_mended_birth_moves_no_closed_year)
    control(load_as_it_was test_routes_tutors who_is_released_hands_over_evenly)
    control(package_by_clock  test_federal_outbox  a_fall_on_the_way_out_changes_no_byte)
    control(receipt_by_chance test_federal_inbox   a_fall_on_the_way_in_takes_it_once)
    control(key_kept          test_privacy         who_is_erased_is_gone_and_what_was_counted_stays)
    control(hashes_kept       test_privacy         who_is_erased_is_gone_and_what_was_counted_stays)
    control(mark_forgotten    test_names_index     what_changes_is_found_as_it_is)
    control(turn_one_batch    test_key_turning     the_key_is_turned_and_everything_can_be_read)
    control(turn_forgotten    test_key_turning     killed_anywhere_the_turn_goes_on)
    control(erasure_forgotten test_key_turning     a_backup_from_before_does_not_bring_him_back)
    control(ends_forgotten    test_key_turning     a_post_that_ended_since_the_backup_ends_again)
    control(intake_newest_alone test_intake_key    who_has_not_heard_gets_his_rows_in)
    control(intake_impatient    test_intake_key    who_has_not_heard_gets_his_rows_in)
    control(intake_turned_alone test_intake_key    a_store_from_before_the_turn_wants_the_newest_keys_and_says_them_again)
    control(book_on_disk test_book  nothing_of_a_workbook_touches_the_disk)
    control(dumps_made  test_core   what_a_process_holds_is_in_no_core_dump)
    control(prune_forgotten       test_key_turning     backups_of_the_vault_go_when_their_term_is_over)
    control(prune_any_clock       test_key_turning     backups_of_the_vault_go_when_their_term_is_over)
    control(words_of_today    test_federal         what_was_read_in_other_words_is_sent_in_them)

    # Of a job: what a script says.
    foreach(row "job_noted_early;killed at job_begun:1: not one person and one post a row"
                "job_other_ids;exit code 3 instead of 0")
        list(GET row 0 sabotage)
        list(GET row 1 sentence)
        add_test(NAME control_${sabotage} COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/jobs.sh)
        set_tests_properties(control_${sabotage} PROPERTIES LABELS sabotage TIMEOUT 300
            PASS_REGULAR_EXPRESSION "FAILED: ${sentence}" ENVIRONMENT "${TEST_ENVIRONMENT};RSNMS_SABOTAGE=${sabotage}")
    endforeach()

    # Of a node: one sentence of each test alone, since others take long.
    foreach(row "node_in_clear;test_node;nothing_about_a_person_is_taken_or_kept_in_the_clear"
                "node_forget_rows;test_node;the_same_row_is_taken_once_and_a_changed_one_again"
                "node_no_cap;test_node;at_its_cap_the_node_takes_answers_and_nothing_else"
                "node_keep_list;test_node_drop;lists_become_rows_and_their_faults_a_report"
                "node_other_rules;test_node_rules;the_node_says_of_every_row_what_the_region_decides"
                "node_ignores_closing;test_node_rules;the_node_says_of_every_row_what_the_region_decides"
                "node_blind_copy;test_node_copies;a_clone_is_held_back_and_what_it_holds_is_taken_over"
                "node_lost_answers;test_node_link;killed_at_every_failpoint_it_goes_on_where_it_was"
                "node_lines_again;test_node;a_piece_of_a_list_is_taken_once"
                "node_drop_answers;test_node_copies;a_restored_service_gets_again_what_it_lost"
                "node_no_conflicts;test_node_copies;a_verdict_that_a_restore_has_changed_is_shown_as_a_conflict"
                "node_never_silent;test_node_link;a_service_that_does_not_answer_is_said_to_be_silent"
                "no_public;test_node_link;a_municipality_follows_of_diagnostics_what_is_public_alone"
                "node_hold_bare;test_node_copies;a_taken_copy_does_not_pass_for_a_new_sender"
                "node_passes_for_new;test_node_copies;a_taken_copy_does_not_pass_for_a_new_sender"
                "node_trusts_copies;test_node_behind;a_service_without_copies_is_given_nothing"
                "node_sends_blind;test_node_behind;an_item_waits_for_what_the_node_knows"
                "node_new_id;test_node_link;after_a_month_away_all_is_sent_once_in_little_memory"
                "node_keeps_answers;test_node_link;after_a_month_away_all_is_sent_once_in_little_memory"
                "forget_verdict;test_node_cut;a_link_cut_at_every_byte_loses_and_doubles_nothing")
        list(GET row 0 sabotage)
        list(GET row 1 test)
        list(GET row 2 sentence)
        add_test(NAME control_node_${sabotage} COMMAND ${test} ${sentence})
        set_tests_properties(control_node_${sabotage} PROPERTIES LABELS sabotage TIMEOUT 600
            PASS_REGULAR_EXPRESSION "FAILED  \\] ${sentence}" ENVIRONMENT "${TEST_ENVIRONMENT};RSNMS_SABOTAGE=${sabotage};RSNMS_NODE_QUEUE=20000")
    endforeach()
endif()
