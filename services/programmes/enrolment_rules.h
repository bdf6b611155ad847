#pragma once
#include "proto/programmes.h"

/* enrolment_rules: which run a learner gets, and in what order the acts of an enrolment may follow one another.
 * Values in, values out. Faults are reasons of refusals (programmes_state.h); NULL: none. */

/* A run that can still be entered; `free` places, RUN_UNLIMITED where it has no limit. */
#define RUN_UNLIMITED UINT64_MAX
struct run_choice { struct uuid run; day_t day; uint64_t free; };

uint64_t run_free(const struct run_row *row);
/* Whether anybody can still be entered on that day: until its last day, and where that is not said until its
 * first one. */
bool run_over(const struct run *run, day_t day);
/* The first of the list (in order of first day, then id) that begins on `day` or later and has a place; -1: none. */
int  run_pick(const struct run_choice *list, uint32_t n, day_t day);
/* Why there was none: DECLINE_NO_RUN, or DECLINE_NO_PLACES where all that begin then are full. */
enum decline_reason run_lack(const struct run_choice *list, uint32_t n, day_t day);

bool decline_waits(int reason);

/* enrolment_over, day_before_enrolment */
const char *end_fault(const struct enrolment_row *row, day_t day);
/* enrolment_over, day_before_enrolment, run_not_begun, already_recorded (this kind on this day), already_attested
 * (nothing follows a final one that is passed), attestations_full */
const char *attestation_fault(const struct enrolment_row *row, day_t run_day, const struct attested *wanted);
/* already_issued, enrolment_over, no_final_attestation, day_before_attestation */
const char *certificate_fault(const struct enrolment_row *row, day_t day);
/* The day of the final attestation that is passed; 0: none is. */
day_t attested_finally(const struct enrolment_row *row);
/* NULL, or the field in which the record of a completion differs from the enrolment that it names. */
const char *completion_differs(const struct enrolment *enrolment, const struct completion_record *record);
