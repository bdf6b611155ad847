#include "services/routes/match.h"

/* How well the programme fits the step: smaller is better. */
enum { FIT_CHOSEN, FIT_OWN, FIT_ALTERNATIVE, FIT_NOT };

static int fit(const struct step *step, const struct step_now *now, const struct uuid *programme)
{
    if (uuid_equal(&now->programme, programme))
        return FIT_CHOSEN;
    if (uuid_equal(&step->programme, programme))
        return FIT_OWN;
    return uuid_equal(&step->alternative, programme) ? FIT_ALTERNATIVE : FIT_NOT;
}

static enum match by_document(const struct step_now *now, const struct fact_noted *fact)
{
    bool own = !uuid_is_nil(&fact->enrolment) && uuid_equal(&now->enrolment, &fact->enrolment);
    if (now->state != STEP_ACCEPTED)
        return own ? MATCH_TICK_OWN : MATCH_TICK;
    if (uuid_is_nil(&now->completion))
        return own ? MATCH_CONFIRM_OWN : MATCH_CONFIRM;
    return uuid_equal(&now->completion, &fact->fact) ? MATCH_SAME : MATCH_NONE;
}

/* Who is enrolled already is not enrolled by chance into something else: only where the fact says which step. */
static enum match by_enrolment(const struct step_now *now, const struct uuid *enrolment, bool named)
{
    if (uuid_equal(&now->enrolment, enrolment))
        return MATCH_SAME;
    if (now->state == STEP_ACCEPTED || (!named && !uuid_is_nil(&now->enrolment)))
        return MATCH_NONE;
    return MATCH_TICK;
}

static enum match one(const struct step_now *now, const struct fact_noted *fact)
{
    return fact->kind == NOTED_COMPLETION ? by_document(now, fact) : by_enrolment(now, &fact->fact, fact->step != 0);
}

enum match match_step(const struct step *steps, const struct step_now *now, uint32_t n,
                      const struct fact_noted *fact, uint32_t *at)
{
    enum match best = MATCH_NONE;
    int best_fit = FIT_NOT;
    for (uint32_t i = 0; i < n; i++) {
        int fits = fit(&steps[i], &now[i], &fact->programme);
        if (fits == FIT_NOT || (fact->step != 0 && steps[i].number != fact->step))
            continue;
        enum match this = one(&now[i], fact);
        if (this > best || (this == best && this != MATCH_NONE && fits < best_fit)) {
            best = this;
            best_fit = fits;
            *at = i;
        }
    }
    return best;
}
