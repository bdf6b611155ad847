#pragma once
#include "proto/routes.h"

/* match: which step of a route a fact of the registry answers. Values in, values out.
 *
 * Rules      a step is answered by its own programme, by the alternative that covers the same, and by the one chosen
 *            last; the one chosen last comes first.
 *            A fact that names its step answers that one or none. Otherwise the first open step in order.
 *            A document ticks a step that is not accepted (M6: no second entry); one that a person has accepted
 *            before the registry knew is confirmed by it, once. Whatever else it could answer, the document of an
 *            enrolment belongs to the step that was enrolled by it.
 *            An enrolment never moves a step that is accepted. */
enum match {            /* the better the later */
    MATCH_NONE,         /* nothing here: another route may have it */
    MATCH_CONFIRM,      /* the step is accepted already, and now has its document */
    MATCH_TICK,         /* the step moves */
    MATCH_CONFIRM_OWN,  /* the same two of the step that was enrolled by the document's enrolment */
    MATCH_TICK_OWN,
    MATCH_SAME,         /* the step stands as the fact says */
};
static inline bool match_confirms(enum match match) { return match == MATCH_CONFIRM || match == MATCH_CONFIRM_OWN; }
static inline bool match_ticks(enum match match)    { return match == MATCH_TICK || match == MATCH_TICK_OWN; }
/* `now` has one row for each step, in the same order. `at`: the number of the step in both, when it is not MATCH_NONE. */
enum match match_step(const struct step *steps, const struct step_now *now, uint32_t n,
                      const struct fact_noted *fact, uint32_t *at);
