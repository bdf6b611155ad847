#include "services/programmes/enrolment_rules.h"

uint64_t run_free(const struct run_row *row)
{
    if (row->run->places == 0)
        return RUN_UNLIMITED;
    return row->run->places > row->learners ? row->run->places - row->learners : 0;
}

bool run_over(const struct run *run, day_t day)
{
    return day > (run->until != 0 ? run->until : run->day);
}

int run_pick(const struct run_choice *list, uint32_t n, day_t day)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i].day >= day && list[i].free > 0)
            return (int)i;
    return -1;
}

enum decline_reason run_lack(const struct run_choice *list, uint32_t n, day_t day)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i].day >= day)
            return DECLINE_NO_PLACES;
    return DECLINE_NO_RUN;
}

bool decline_waits(int reason)
{
    return reason == DECLINE_NO_RUN || reason == DECLINE_NO_PLACES;
}

const char *end_fault(const struct enrolment_row *row, day_t day)
{
    if (row->state != ENROLMENT_OPEN)
        return "enrolment_over";
    return day < row->enrolment->day ? "day_before_enrolment" : NULL;
}

day_t attested_finally(const struct enrolment_row *row)
{
    for (uint32_t i = 0; i < row->attestations.n; i++)
        if (row->attestations.at[i].kind == ATTESTATION_FINAL && row->attestations.at[i].passed)
            return row->attestations.at[i].day;
    return 0;
}

const char *attestation_fault(const struct enrolment_row *row, day_t run_day, const struct attested *wanted)
{
    const char *fault = end_fault(row, wanted->day);
    day_t final = attested_finally(row);

    /* First of all: a list that is entered once more is to be told so, not what has become of its learners since. */
    for (uint32_t i = 0; i < row->attestations.n; i++)
        if (row->attestations.at[i].kind == wanted->kind && row->attestations.at[i].day == wanted->day)
            return "already_recorded";
    if (fault != NULL)
        return fault;
    if (wanted->day < run_day)
        return "run_not_begun";
    /* What was held before it may still be written down. */
    if (final != 0 && (wanted->kind == ATTESTATION_FINAL || wanted->day > final))
        return "already_attested";
    return row->attestations.n == ATTESTATIONS_MAX ? "attestations_full" : NULL;
}

const char *certificate_fault(const struct enrolment_row *row, day_t day)
{
    day_t final = attested_finally(row);

    if (row->state == ENROLMENT_COMPLETED)
        return "already_issued";
    if (row->state != ENROLMENT_OPEN)
        return "enrolment_over";
    if (final == 0)
        return "no_final_attestation";
    return day < final ? "day_before_attestation" : NULL;
}

const char *completion_differs(const struct enrolment *enrolment, const struct completion_record *record)
{
    if (!uuid_equal(&enrolment->programme, &record->programme))
        return "programme";
    if (!uuid_equal(&enrolment->person, &record->person))
        return "person";
    if (enrolment->day != record->enrolled)
        return "enrolled";
    if (!uuid_is_nil(&record->route) && !uuid_equal(&enrolment->route, &record->route))
        return "route";
    return record->step != 0 && record->step != enrolment->step ? "step" : NULL;
}
