#include "common/service/errand.h"
#include "proto/roles.h"
#include "proto/roster_lists.h"
#include "services/roster/documents/activity.h"
#include "services/roster/documents/documents.h"
#include "services/roster/documents/duties.h"
#include "services/roster/experts/calls.h"
#include "services/roster/experts/reviews.h"
#include "services/roster/merge/doubts.h"
#include "services/roster/merge/merge.h"
#include "services/roster/people/people.h"
#include "services/roster/privacy/privacy.h"
#include "services/roster/registers/bookings.h"
#include "services/roster/registers/registers.h"
#include "services/roster/registers/trainings.h"
#include "services/roster/search/search.h"
#include "services/roster/staffing/staffing.h"

/* roster: organisations, persons, posts, leadership teams, populations: who the system is about. */

#define KEEPERS  (ROLE(ROLE_CENTRE) | ROLE(ROLE_MUNICIPAL) | ROLE(ROLE_SCHOOL))
#define READERS  (KEEPERS | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_INSTITUTE) | ROLE(ROLE_SERVICE))
#define CARERS   (KEEPERS | ROLE(ROLE_TUTOR) | ROLE(ROLE_WORKER))       /* within reach: own charges, oneself */
#define VIEWERS  (CARERS | ROLE(ROLE_AUTHORITY))                         /* how a person's data stand, within reach */
#define GIVERS  (KEEPERS | ROLE(ROLE_WORKER))
#define OURSELVES ROLE(ROLE_SERVICE)            /* and no other service: decide looks at who->self */
#define DECIDERS (ROLE(ROLE_CENTRE) | ROLE(ROLE_INSTITUTE) | ROLE(ROLE_AUTHORITY) | ROLE(ROLE_MUNICIPAL))    /* the profile says which */
#define EXPERTS  (DECIDERS | ROLE(ROLE_WORKER))                         /* about own works; who decides, for paper */
#define ANYBODY  (READERS | CARERS | ROLE(ROLE_OPERATOR))               /* nothing personal */

static const struct table_def TABLES[] = { ROSTER_TABLES };
_Static_assert(sizeof TABLES / sizeof *TABLES == T_END - TABLE_OWN, "a table without its name");

static const struct command_def COMMANDS[] = {
    { "roster.organisation.register", &organisation_register_desc, &registered_desc, ROLE(ROLE_CENTRE),
      decide_organisation_register, NULL },
    { "roster.organisation.rename",  &organisation_rename_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_rename, NULL },
    { "roster.organisation.move",    &organisation_move_desc,  &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_move,   NULL },
    { "roster.organisation.found",   &organisation_found_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_found,  NULL },
    { "roster.organisation.close",   &organisation_close_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_close,  NULL },
    { "roster.organisation.reopen",  &organisation_close_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_reopen, NULL },
    { "roster.organisation.merge",   &organisation_merge_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_merge,  NULL },
    { "roster.organisation.split",   &organisation_split_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_organisation_split,  NULL },
    { "roster.worker.record", &worker_record_desc, &worker_recorded_desc, KEEPERS, decide_worker_record, NULL },
    { "roster.bands.renew",   &nothing_desc,       &nothing_desc,         ROLE(ROLE_CENTRE) | ROLE(ROLE_OPERATOR), decide_bands_renew, NULL },
    { "roster.doubt.raise",   &doubt_raise_desc,   &registered_desc,      KEEPERS, decide_doubt_raise,   NULL },
    { "roster.doubt.decide",  &doubt_decide_desc,  &nothing_desc,         KEEPERS, decide_doubt_decide,  NULL },
    { "roster.post.close",    &post_close_desc,    &nothing_desc,         KEEPERS, decide_post_close,    NULL },
    { "roster.post.transfer", &post_transfer_desc, &registered_desc,      KEEPERS, decide_post_transfer, NULL },
    { "roster.person.read",   &person_read_desc,   &person_card_desc,     CARERS,  decide_person_read,   answer_person_read },
    { "roster.person.search", &person_search_desc, &people_found_desc,    KEEPERS, decide_person_search, answer_person_search },
    { "roster.person.name",   &person_name_desc,   &people_found_desc,    KEEPERS, decide_person_name,   answer_person_name },
    { "roster.person.erase",   &person_erase_desc,   &nothing_desc, ROLE(ROLE_CENTRE), decide_person_erase,   NULL },
    { "roster.person.block",   &person_block_desc,   &nothing_desc, ROLE(ROLE_CENTRE), decide_person_block,   NULL },
    { "roster.person.unblock", &person_unblock_desc, &nothing_desc, ROLE(ROLE_CENTRE), decide_person_unblock, NULL },
    { "roster.person.merge",   &person_merge_desc,   &nothing_desc, ROLE(ROLE_CENTRE) | ROLE(ROLE_MUNICIPAL), decide_person_merge, NULL },
    { "roster.person.unmerge", &person_unmerge_desc, &nothing_desc, ROLE(ROLE_CENTRE) | ROLE(ROLE_MUNICIPAL), decide_person_unmerge, NULL },
    { "roster.erasure.repeat", &person_of_desc,      &nothing_desc, OURSELVES,         decide_erasure_repeat, NULL },
    { "roster.consent.give",     &consent_give_desc,     &nothing_desc, GIVERS, decide_consent_give,     NULL },
    { "roster.consent.withdraw", &consent_withdraw_desc, &nothing_desc, GIVERS, decide_consent_withdraw, NULL },
    { "roster.vault.rotate", &nothing_desc,      &nothing_desc,         ROLE(ROLE_OPERATOR), decide_vault_rotate, NULL },
    { "roster.vault.rewrap", &vault_rewrap_desc, &vault_rewrapped_desc, OURSELVES,           decide_vault_rewrap, NULL },
    { "roster.vault.finish", &vault_finish_desc, &nothing_desc,         OURSELVES,           decide_vault_finish, NULL },
    { "roster.entry.propose", &entry_propose_desc, &registered_desc, DECIDERS | ROLE(ROLE_SCHOOL), decide_entry_propose, NULL },
    { "roster.entry.record",  &entry_record_desc,  &registered_desc, DECIDERS, decide_entry_record, NULL },
    { "roster.entry.decide",  &entry_decide_desc,  &nothing_desc,    DECIDERS, decide_entry_decide, NULL },
    { "roster.entry.renew",   &entry_renew_desc,   &nothing_desc,    DECIDERS, decide_entry_renew,  NULL },
    { "roster.entry.end",     &entry_end_desc,     &nothing_desc,    DECIDERS, decide_entry_end,    NULL },
    { "roster.part.join",     &part_join_desc,     &registered_desc, DECIDERS, decide_part_join,    NULL },
    { "roster.part.leave",    &part_leave_desc,    &nothing_desc,    DECIDERS, decide_part_leave,   NULL },
    { "roster.duty.set",      &duty_set_desc,      &registered_desc, DECIDERS, decide_duty_set,     NULL },
    { "roster.duty.fulfil",   &duty_fulfil_desc,   &nothing_desc,    DECIDERS, decide_duty_fulfil,  NULL },
    { "roster.duty.drop",     &duty_drop_desc,     &nothing_desc,    DECIDERS, decide_duty_drop,    NULL },
    { "roster.document.register", &document_register_desc, &registered_desc, DECIDERS, decide_document_register, NULL },
    { "roster.document.edition",  &document_edition_desc,  &registered_desc, DECIDERS, decide_document_edition,  NULL },
    { "roster.document.send",     &document_send_desc,     &nothing_desc,    DECIDERS, decide_document_send,     NULL },
    { "roster.document.acknowledge", &document_acknowledge_desc, &nothing_desc, DECIDERS | ROLE(ROLE_SCHOOL),
      decide_document_acknowledge, NULL },
    { "roster.review.open",     &review_open_desc,     &registered_desc, DECIDERS | ROLE(ROLE_SERVICE), decide_review_open, NULL },
    { "roster.review.assign",   &review_assign_desc,   &registered_desc, DECIDERS, decide_review_assign,   NULL },
    { "roster.review.answer",   &review_answer_desc,   &nothing_desc,    EXPERTS,  decide_review_answer,   NULL },
    { "roster.review.submit",   &review_submit_desc,   &nothing_desc,    EXPERTS,  decide_review_submit,   NULL },
    { "roster.review.return",   &review_return_desc,   &nothing_desc,    DECIDERS, decide_review_return,   NULL },
    { "roster.review.withdraw", &review_withdraw_desc, &nothing_desc,    DECIDERS, decide_review_withdraw, NULL },
    { "roster.review.close",    &review_close_desc,    &nothing_desc,    DECIDERS, decide_review_close,    NULL },
    { "roster.review.pay",      &review_pay_desc,      &nothing_desc,    DECIDERS, decide_review_pay,      NULL },
    { "roster.call.open",  &call_open_desc,  &registered_desc,  DECIDERS, decide_call_open, NULL },
    { "roster.call.apply", &call_apply_desc, &application_desc, DECIDERS | ROLE(ROLE_SCHOOL), decide_call_apply, NULL },
    { "roster.training.record", &training_record_desc, &registered_desc, DECIDERS, decide_training_record, NULL },
    { "roster.training.strike", &training_strike_desc, &nothing_desc,    DECIDERS, decide_training_strike, NULL },
    { "roster.vacancy.open",  &vacancy_open_desc,  &registered_desc, KEEPERS, decide_vacancy_open,  NULL },
    { "roster.vacancy.close", &vacancy_close_desc, &nothing_desc,    KEEPERS, decide_vacancy_close, NULL },
    { "roster.booking.make",   &booking_make_desc,   &registered_desc, DECIDERS, decide_booking_make,   NULL },
    { "roster.booking.cancel", &booking_cancel_desc, &nothing_desc,    DECIDERS, decide_booking_cancel, NULL },
    { "roster.tie.declare",     &tie_desc,             &nothing_desc,    EXPERTS,  decide_tie_declare,     NULL },
};
static const struct event_def EVENTS[] = {
    { "roster.organisation.registered", 1, &organisation_desc,       apply_organisation_registered },
    { "roster.organisation.renamed",    1, &organisation_changed_desc, apply_organisation_changed },
    { "roster.organisation.moved",      1, &organisation_changed_desc, apply_organisation_changed },
    { "roster.organisation.founded",    1, &organisation_changed_desc, apply_organisation_changed },
    { "roster.organisation.closed",     1, &organisation_changed_desc, apply_organisation_changed },
    { "roster.organisation.reopened",   1, &organisation_changed_desc, apply_organisation_changed },
    { "roster.organisation.succeeded",  1, &organisation_changed_desc, apply_organisation_changed },
    { "roster.organisation.placed",     1, &unit_placed_desc,        apply_unit_placed },
    { "roster.organisation.following",  1, &unit_following_desc,     apply_unit_following },
    { "roster.person.registered",       1, &person_registered_desc,  apply_person_registered },
    { "roster.person.changed",          1, &person_registered_desc,  apply_person_changed },
    { "roster.person.handed_over",      1, &person_handed_over_desc, apply_person_handed_over },
    { "roster.person.withdrawn",        1, &person_withdrawn_desc,   apply_person_withdrawn },
    { "roster.person.was_read",         1, &person_was_read_desc,    apply_person_was_read },
    { "roster.person.searched",         1, &person_searched_desc,    apply_person_searched },
    { "roster.post.opened",             1, &post_opened_desc,        apply_post_opened },
    { "roster.post.closed",             1, &post_closed_desc,        apply_post_closed },
    { "roster.bands.renewing",          1, &bands_renewing_desc,     apply_bands_renewing },
    { "roster.doubt.raised",            1, &doubt_desc,              apply_doubt_raised },
    { "roster.doubt.decided",           1, &doubt_decided_desc,      apply_doubt_decided },
    { "roster.person.merged",           1, &person_merged_desc,      apply_person_merged },
    { "roster.person.unmerged",         1, &person_unmerged_desc,    apply_person_unmerged },
    { "roster.person.erased",           1, &person_erased_desc,      apply_person_erased },
    { "roster.person.blocked",          1, &person_blocked_desc,     apply_person_blocked },
    { "roster.person.unblocked",        1, &person_unblocked_desc,   apply_person_unblocked },
    { "roster.consent.given",           1, &consent_give_desc,       apply_consent_given },
    { "roster.consent.withdrawn",       1, &consent_withdrawn_desc,  apply_consent_withdrawn },
    { "roster.vault.turned",            1, &vault_turned_desc,       apply_vault_turned },
    { "roster.entry.proposed",          1, &listing_desc,            apply_entry_proposed },
    { "roster.entry.admitted",          1, &listing_desc,            apply_entry_admitted },
    { "roster.entry.declined",          1, &entry_declined_desc,     apply_entry_declined },
    { "roster.entry.renewed",           1, &entry_renewed_desc,      apply_entry_renewed },
    { "roster.entry.ended",             1, &entry_ended_desc,        apply_entry_ended },
    { "roster.entry.lapsed",            1, &entry_lapsed_desc,       apply_entry_lapsed },
    { "roster.part.joined",             1, &part_desc,               apply_part_joined },
    { "roster.part.left",               1, &part_desc,               apply_part_left },
    { "roster.duty.set",                1, &duty_desc,               apply_duty_set },
    { "roster.duty.fulfilled",          1, &duty_fulfilled_desc,     apply_duty_fulfilled },
    { "roster.duty.overdue",            1, &duty_overdue_desc,       apply_duty_overdue },
    { "roster.duty.dropped",            1, &duty_dropped_desc,       apply_duty_dropped },
    { "roster.document.registered",     1, &document_desc,           apply_document_registered },
    { "roster.document.superseded",     1, &document_superseded_desc, apply_document_superseded },
    { "roster.document.sent",           1, &document_sent_desc,      apply_document_sent },
    { "roster.document.acknowledged",   1, &document_acknowledged_desc, apply_document_acknowledged },
    { "roster.review.opened",           1, &review_desc,             apply_review_opened },
    { "roster.review.closed",           1, &review_desc,             apply_review_closed },
    { "roster.review.assigned",         1, &assignment_desc,         apply_assignment },
    { "roster.review.accepted",         1, &assignment_desc,         apply_assignment },
    { "roster.review.refused",          1, &assignment_desc,         apply_assignment },
    { "roster.review.submitted",        1, &assignment_desc,         apply_assignment },
    { "roster.review.returned",         1, &assignment_desc,         apply_assignment },
    { "roster.review.withdrawn",        1, &assignment_desc,         apply_assignment },
    { "roster.review.overdue",          1, &assignment_desc,         apply_assignment },
    { "roster.review.paid",             1, &assignment_desc,         apply_assignment },
    { "roster.call.opened",             1, &call_desc,               apply_call_opened },
    { "roster.call.applied",            1, &application_desc,        apply_call_applied },
    { "roster.training.recorded",       1, &training_desc,           apply_training_recorded },
    { "roster.training.struck",         1, &training_struck_desc,    apply_training_struck },
    { "roster.vacancy.opened",          1, &vacancy_desc,            apply_vacancy },
    { "roster.vacancy.closed",          1, &vacancy_desc,            apply_vacancy },
    { "roster.booking.made",            1, &booking_desc,            apply_booking },
    { "roster.booking.cancelled",       1, &booking_desc,            apply_booking },
    { "roster.tie.declared",            1, &tie_desc,                apply_tie_declared },
};
static const struct timer_def TIMERS[] = {
    { TIMER_POST_OVER, fire_post_over },
    { TIMER_BANDS_RENEW, fire_bands_renew },
    { TIMER_UNITS_FOLLOW, fire_units_follow },
    { TIMER_PEOPLE_FOLLOW, fire_people_follow },
    { TIMER_ENTRY_OVER, fire_entry_over },
    { TIMER_DUTY_OVER, fire_duty_over },
    { TIMER_BLOCK_OVER, fire_block_over },
    { TIMER_REVIEW_OVER, fire_review_over },
    { TIMER_ENTRY_REPORT, fire_entry_report },
};
static const struct projection_def PROJECTIONS[] = {
    { "programmes", "programmes.completion.recorded", 1, &completion_desc, take_trained },
};
static const struct errand_def ERRANDS[] = {
    { "guard", GUARD_MEMORY, guard_step, NULL },
    { "names", NAMES_MEMORY, names_step, NULL },
};
static const struct query_def QUERIES[] = {
    { "roster.person.find",       &codes_desc,         &found_desc,             READERS, query_person_find },
    { "roster.organisation.find", &codes_desc,         &found_desc,             ANYBODY, query_organisation_find },
    { "roster.organisation.list", &organisations_at_desc, &organisation_list_desc, ANYBODY, query_organisation_list },
    { "roster.organisation.get",  &organisation_at_desc, &organisation_desc,    ANYBODY, query_organisation_get },
    { "roster.organisation.history", &history_of_desc, &organisation_history_desc, ANYBODY, query_organisation_history },
    { "roster.worker.list",       &workers_of_desc,    &worker_list_desc,       READERS, query_worker_list },
    { "roster.post.of",           &person_of_desc,     &worker_list_desc,       READERS | CARERS, query_post_of },
    { "roster.population.count",  &population_in_desc, &population_desc,        READERS, query_population_count },
    { "roster.population.list",   &population_yields_desc, &population_list_desc, READERS, query_population_list },
    { "roster.population.sizes",  &population_of_desc,     &population_sizes_desc, READERS, query_population_sizes },
    { "roster.team.get",          &population_of_desc, &team_desc,              READERS, query_team_get },
    { "roster.doubt.list",        &doubts_of_desc,     &doubt_list_desc,        KEEPERS, query_doubt_list },
    { "roster.list.check",        &list_check_desc,    &list_checked_desc,      KEEPERS, query_list_check },
    { "roster.intake.get",        &nothing_desc,       &intake_key_desc,        ANYBODY, query_intake_get },
    { "roster.person.standing",   &person_of_desc,     &person_standing_desc,   VIEWERS, query_person_standing },
    { "roster.names.get",         &nothing_desc,       &names_standing_desc,    ROLE(ROLE_OPERATOR) | ROLE(ROLE_CENTRE), query_names_get },
    { "roster.person.merges",     &person_of_desc,     &merges_desc,            READERS | CARERS, query_person_merges },
    { "roster.consent.list",      &person_of_desc,     &consent_list_desc,      VIEWERS, query_consent_list },
    { "roster.vault.get",         &nothing_desc,       &vault_standing_desc,    ROLE(ROLE_OPERATOR) | ROLE(ROLE_CENTRE), query_vault_get },
    { "roster.vault.export",      &vault_export_desc,  &vault_rows_desc,        ROLE(ROLE_OPERATOR), query_vault_export },
    { "roster.register.list",     &nothing_desc,       &register_list_desc,     ANYBODY, query_register_list },
    { "roster.register.get",      &register_of_desc,   &profile_register_desc,  ANYBODY, query_register_get },
    { "roster.register.count",    &register_count_of_desc, &register_count_desc, READERS, query_register_count },
    { "roster.register.activity", &activity_of_desc,   &activity_list_desc,     READERS, query_register_activity },
    { "roster.entry.list",        &entries_of_desc,    &entry_list_desc,        READERS | CARERS, query_entry_list },
    { "roster.entry.of",          &memberships_of_desc, &entry_list_desc,       READERS | CARERS, query_entry_of },
    { "roster.entry.get",         &registered_desc,    &listing_desc,           READERS | CARERS, query_entry_get },
    { "roster.part.list",         &parts_of_desc,      &part_list_desc,         READERS | CARERS, query_part_list },
    { "roster.duty.list",         &duties_of_desc,     &duty_list_desc,         READERS | CARERS, query_duty_list },
    { "roster.document.get",      &registered_desc,    &document_card_desc,     ANYBODY, query_document_get },
    { "roster.document.list",     &documents_of_desc,  &document_list_desc,     ANYBODY, query_document_list },
    { "roster.document.sendings", &sendings_of_desc,   &sending_list_desc,      READERS, query_document_sendings },
    { "roster.review.get",        &registered_desc,    &review_card_desc,       READERS | CARERS, query_review_get },
    { "roster.review.list",       &reviews_of_desc,    &review_list_desc,       READERS, query_review_list },
    { "roster.review.candidates", &candidates_of_desc, &candidate_list_desc,    DECIDERS, query_review_candidates },
    { "roster.expert.get",        &expert_of_desc,     &expert_standing_desc,   EXPERTS, query_expert_get },
    { "roster.expert.works",      &assignments_of_desc, &assignment_list_desc,  EXPERTS, query_expert_works },
    { "roster.call.list",         &calls_of_desc,      &call_list_desc,         ANYBODY, query_call_list },
    { "roster.call.get",          &registered_desc,    &call_card_desc,         ANYBODY, query_call_get },
    { "roster.duty.due",          &duties_in_desc,     &duty_list_desc,         READERS, query_duty_due },
    { "roster.training.kinds",    &nothing_desc,       &training_lines_desc,    ANYBODY, query_training_kinds },
    { "roster.training.list",     &trainings_of_desc,  &training_list_desc,     READERS, query_training_list },
    { "roster.training.count",    &training_count_of_desc, &training_counts_desc, READERS, query_training_count },
    { "roster.vacancy.list",      &vacancies_of_desc,  &vacancy_list_desc,      READERS, query_vacancy_list },
    { "roster.staffing.get",      &population_of_desc, &staffing_desc,          READERS, query_staffing_get },
    { "roster.retraining.list",   &retraining_of_desc, &retraining_list_desc,   READERS, query_retraining_list },
    { "roster.booking.list",      &bookings_of_desc,   &booking_list_desc,      READERS, query_booking_list },
    { "roster.booking.free",      &free_of_desc,       &free_list_desc,         READERS, query_booking_free },
    { "roster.tie.list",          &expert_of_desc,     &tie_list_desc,          EXPERTS, query_tie_list },
};

extern const struct service roster_service;
const struct service roster_service = {
    .name = "roster", .state_version = 12, .copy_version = 1,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .timers = ROWS(TIMERS),
    .errands = ROWS(ERRANDS),
    .roles = &role_names,
    .configure = roster_configure,
    .follow_roles = ROLE(ROLE_SERVICE) | ROLE(ROLE_OPERATOR) | ROLE(ROLE_MUNICIPAL),
    .carry_roles = ROLE(ROLE_CENTRE),
    .personal = true,
    .memory_open = names_memory_open,
    .memory_close = names_memory_close,
};
