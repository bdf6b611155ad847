#include "services/federal/federal.h"

/* The federal gateway: its table of contents. */

extern const struct service federal_service;

#define CENTRE    ROLE(ROLE_CENTRE)
#define AUTHORITY ROLE(ROLE_AUTHORITY)
#define OURSELVES ROLE(ROLE_SERVICE)        /* and no other service: decide looks at who->self */
#define READERS   (CENTRE | AUTHORITY | ROLE(ROLE_INSTITUTE))
#define KEEPERS   (READERS | ROLE(ROLE_OPERATOR))       /* how it stands, not what it says */

static const struct table_def TABLES[] = {
    { "passports", TABLE_STATE },
    { "by_year",   TABLE_STATE },
    { "cells",     TABLE_STATE },
    { "letters",   TABLE_STATE },
    { "done",      TABLE_COPY },
    { "learners",  TABLE_COPY },
    { "read",      TABLE_COPY },
    { "registry",  TABLE_COPY },
};

static const struct command_def COMMANDS[] = {
    { "federal.passport.open",    &passport_open_desc,    &registered_desc, CENTRE,    decide_passport_open,    NULL },
    { "federal.passport.fill",    &passport_id_desc,      &nothing_desc,    CENTRE,    decide_passport_fill,    NULL },
    { "federal.cell.enter",       &cell_enter_desc,       &nothing_desc,    CENTRE,    decide_cell_enter,       NULL },
    { "federal.cell.withdraw",    &cell_at_desc,          &nothing_desc,    CENTRE,    decide_cell_withdraw,    NULL },
    { "federal.passport.submit",  &passport_id_desc,      &nothing_desc,    CENTRE,    decide_passport_submit,  NULL },
    { "federal.passport.approve", &passport_approve_desc, &nothing_desc,    AUTHORITY, decide_passport_approve, NULL },
    { "federal.passport.return",  &passport_return_desc,  &nothing_desc,    AUTHORITY, decide_passport_return,  NULL },
    { "federal.passport.send",    &passport_id_desc,      &nothing_desc,    CENTRE | AUTHORITY, decide_passport_send, NULL },
    { "federal.passport.recall",  &passport_recall_desc,  &nothing_desc,    CENTRE | AUTHORITY, decide_passport_recall, NULL },
    { "federal.answer.enter",     &operator_answer_desc,           &nothing_desc,    CENTRE,    decide_answer_enter,     NULL },
    { "federal.block.fill",       &block_fill_desc,       &nothing_desc,    OURSELVES, decide_block_fill,       NULL },
    { "federal.package.deliver",  &package_deliver_desc,  &nothing_desc,    OURSELVES, decide_package_deliver,  NULL },
    { "federal.package.fault",    &package_fault_desc,    &nothing_desc,    OURSELVES, decide_package_fault,    NULL },
    { "federal.package.recall",   &passport_id_desc,      &nothing_desc,    OURSELVES, decide_package_recall,   NULL },
    { "federal.receipt.take",     &operator_answer_desc,           &nothing_desc,    OURSELVES, decide_receipt_take,     NULL },
    { "federal.letter.refuse",    &letter_refused_desc,   &nothing_desc,    OURSELVES, decide_letter_refuse,    NULL },
};

static const struct event_def EVENTS[] = {
    { "federal.passport.opened",    1, &passport_opened_desc, apply_passport_opened },
    { "federal.filling.begun",      1, &passport_moved_desc,  apply_filling_begun },
    { "federal.block.filled",       1, &block_fill_desc,      apply_block_filled },
    { "federal.cell.entered",       1, &cell_entered_desc,    apply_cell_entered },
    { "federal.cell.withdrawn",     1, &cell_entered_desc,    apply_cell_withdrawn },
    { "federal.passport.submitted", 1, &passport_moved_desc,  apply_passport_submitted },
    { "federal.passport.approved",  1, &passport_moved_desc,  apply_passport_approved },
    { "federal.passport.returned",  1, &passport_moved_desc,  apply_passport_returned },
    { "federal.passport.sent",      1, &passport_moved_desc,  apply_passport_sent },
    { "federal.recall.asked",       1, &passport_moved_desc,  apply_recall_asked },
    { "federal.passport.recalled",  1, &passport_moved_desc,  apply_passport_recalled },
    { "federal.package.delivered",  1, &package_deliver_desc, apply_package_delivered },
    { "federal.package.faulted",    1, &package_fault_desc,   apply_package_faulted },
    { "federal.answer.taken",       1, &operator_answer_desc,          apply_answer_taken },
    { "federal.letter.refused",     1, &letter_refused_desc,  apply_letter_refused },
};

static const struct query_def QUERIES[] = {
    { "federal.passport.get",     &passport_id_desc,  &passport_desc,        READERS, answer_passport_get },
    { "federal.passport.list",    &passports_of_desc, &passport_list_desc,   KEEPERS, answer_passport_list },
    { "federal.passport.compare", &compare_of_desc,   &difference_list_desc, READERS, answer_passport_compare },
    { "federal.cell.list",        &cells_of_desc,     &cell_list_desc,       READERS, answer_cell_list },
    { "federal.letter.list",      &letters_of_desc,   &letter_list_desc,     KEEPERS, answer_letter_list },
};

static const struct projection_def PROJECTIONS[] = {
    { "programmes", "programmes.programme.included",  1, &programme_included_desc, take_programme_included },
    { "programmes", "programmes.enrolment.opened",    1, &enrolment_desc,          take_enrolment_opened },
    { "programmes", "programmes.completion.recorded", 1, &completion_desc,         take_completion_recorded },
};

static const struct errand_def ERRANDS[] = {
    { "filling", 0, filling_step, NULL },
    { "outbox",  0, outbox_step,  NULL },
    { "inbox",   INBOX_MEMORY, inbox_step, NULL },
};

#define COMMAND_KEPT (300 * MOMENT_DAY)     /* well within what the machine takes */

struct uuid federal_command(const struct errand *errand, moment_t about, const char *kind, struct bytes of)
{
    struct hash hash = hash_two(bytes_of(kind), of);
    if (about < errand->now - COMMAND_KEPT || about > errand->now + MOMENT_DAY)
        about = errand->now - errand->now % MOMENT_DAY;
    return uuid_v7(about / MOMENT_MS, hash.b);
}

const struct service federal_service = {
    .name = "federal",
    .state_version = 1,
    .copy_version = 1,
    .tables = ROWS(TABLES),
    .commands = ROWS(COMMANDS),
    .events = ROWS(EVENTS),
    .queries = ROWS(QUERIES),
    .projections = ROWS(PROJECTIONS),
    .errands = ROWS(ERRANDS),
    .roles = &role_names,
    .configure = profile_configure,
    .follow_roles = ROLE(ROLE_SERVICE),     /* the operator reads what it says nowhere, here neither */
    .carry_roles = ROLE(ROLE_CENTRE),
};
