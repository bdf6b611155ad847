#include "proto/programmes.h"

ENUM_DEFINE(programme_kind, PROGRAMME_KINDS)
ENUM_DEFINE(programme_form, PROGRAMME_FORMS)
ENUM_DEFINE(decline_reason, DECLINE_REASONS)
ENUM_DEFINE(end_reason, END_REASONS)
ENUM_DEFINE(attestation_kind, ATTESTATION_KINDS)
ENUM_DEFINE(enrolment_state, ENROLMENT_STATES)
MSG_DEFINE(programme, PROGRAMME_FIELDS)
MSG_DEFINE(programme_included, PROGRAMME_INCLUDED_FIELDS)
MSG_DEFINE(run, RUN_FIELDS)
MSG_DEFINE(enrolment_open, ENROLMENT_OPEN_FIELDS)
MSG_DEFINE(enrolment_record, ENROLMENT_RECORD_FIELDS)
MSG_DEFINE(enrolment, ENROLMENT_FIELDS)
MSG_DEFINE(enrolment_declined, ENROLMENT_DECLINED_FIELDS)
MSG_DEFINE(wish, WISH_FIELDS)
MSG_DEFINE(enrolment_end, ENROLMENT_END_FIELDS)
MSG_DEFINE(enrolment_unknown, ENROLMENT_UNKNOWN_FIELDS)
MSG_DEFINE(enrolment_ended, ENROLMENT_ENDED_FIELDS)
MSG_DEFINE(attestation_record, ATTESTATION_RECORD_FIELDS)
MSG_DEFINE(attestation, ATTESTATION_FIELDS)
MSG_DEFINE(certificate_issue, CERTIFICATE_ISSUE_FIELDS)
MSG_DEFINE(completion_record, COMPLETION_RECORD_FIELDS)
MSG_DEFINE(completion, COMPLETION_FIELDS)
MSG_DEFINE(programme_row, PROGRAMME_ROW_FIELDS)
MSG_DEFINE(programme_list, PROGRAMME_LIST_FIELDS)
MSG_DEFINE(run_row, RUN_ROW_FIELDS)
MSG_DEFINE(runs_of, RUNS_OF_FIELDS)
MSG_DEFINE(run_list, RUN_LIST_FIELDS)
MSG_DEFINE(attested, ATTESTED_FIELDS)
MSG_DEFINE(enrolment_row, ENROLMENT_ROW_FIELDS)
MSG_DEFINE(enrolments_of, ENROLMENTS_OF_FIELDS)
MSG_DEFINE(enrolment_list, ENROLMENT_LIST_FIELDS)
MSG_DEFINE(wish_list, WISH_LIST_FIELDS)

static size_t big_endian(uint8_t *at, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
    return sizeof value;
}

struct uuid enrolment_id(const struct uuid *route, uint64_t step, const struct uuid *programme, uint64_t again)
{
    uint8_t key[2 * sizeof(struct uuid) + 2 * sizeof(uint64_t)];
    size_t n = sizeof *route;

    memcpy(key, route, sizeof *route);
    n += big_endian(key + n, step);
    memcpy(key + n, programme, sizeof *programme);
    n += sizeof *programme;
    if (again != 0)
        n += big_endian(key + n, again);
    return uuid_derive("enrolment", bytes(key, n));
}
