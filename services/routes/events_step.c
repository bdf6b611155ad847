#include "services/routes/routes.h"

/* The moves of steps, folded into their present state. */

static struct step_now present(struct ctx *ctx, const struct uuid *route, uint64_t step, const struct uuid *programme)
{
    struct step_now now;
    if (!step_now_find(ctx, route, step, &now))
        now = (struct step_now){ .step = step, .state = STEP_PLANNED };
    now.programme = *programme;
    return now;
}

static struct step_now moved_step(struct ctx *ctx, const struct step_moved *moved)
{
    struct step_now now = present(ctx, &moved->route, moved->step, &moved->programme);
    now.day = moved->day;
    return now;
}

void apply_step_chosen(struct ctx *ctx, const void *event)
{
    const struct step_chosen *chosen = event;
    struct step_now now = present(ctx, &chosen->route, chosen->step, &chosen->programme);
    now.state = STEP_CHOSEN;
    now.day = chosen->day;
    now.reason = NULL;
    now.enrolment = UUID_NIL;
    now.enrolled = 0;
    step_now_put(ctx, &chosen->route, &now);
}

void apply_step_enrolled(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_now now = moved_step(ctx, moved);
    if (now.state != STEP_SUBMITTED && now.state != STEP_RETURNED)
        now.state = STEP_ENROLLED;
    now.enrolment = moved->enrolment;
    now.enrolled = moved->enrolled;
    now.reason = NULL;
    step_now_put(ctx, &moved->route, &now);
    noted_delete(ctx, &moved->person, &moved->enrolment);
}

void apply_step_declined(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_now now = moved_step(ctx, moved);
    now.state = STEP_DECLINED;
    now.reason = moved->reason;
    now.enrolment = UUID_NIL;
    now.enrolled = 0;
    step_now_put(ctx, &moved->route, &now);
}

void apply_step_submitted(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_now now = moved_step(ctx, moved);
    now.state = STEP_SUBMITTED;
    now.evidence = moved->evidence;
    now.submissions++;
    step_now_put(ctx, &moved->route, &now);
}

void apply_step_returned(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_now now = moved_step(ctx, moved);
    now.state = STEP_RETURNED;
    now.comment = moved->comment;
    now.returns++;
    step_now_put(ctx, &moved->route, &now);
}

static void put_document(struct ctx *ctx, const struct step_moved *moved, struct step_now *now)
{
    if (uuid_is_nil(&moved->completion))
        return;
    now->completion = moved->completion;
    now->document = moved->document;
    if (moved->enrolled != 0)
        now->enrolled = moved->enrolled;
    if (!uuid_is_nil(&moved->enrolment)) {          /* it is over, and enrols into nothing any more */
        now->enrolment = moved->enrolment;
        noted_delete(ctx, &moved->person, &moved->enrolment);
        document_put(ctx, &moved->enrolment);
    }
    noted_delete(ctx, &moved->person, &moved->completion);
    document_put(ctx, &moved->completion);
}

void apply_step_accepted(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_now now = moved_step(ctx, moved);
    now.state = STEP_ACCEPTED;
    now.by = moved->by;
    now.reason = NULL;
    if (moved->comment != NULL && moved->comment[0] != '\0')
        now.comment = moved->comment;
    put_document(ctx, moved, &now);
    step_now_put(ctx, &moved->route, &now);
}

/* Who accepted and when stays as it was. */
void apply_step_confirmed(struct ctx *ctx, const void *event)
{
    const struct step_moved *moved = event;
    struct step_now now = present(ctx, &moved->route, moved->step, &moved->programme);
    put_document(ctx, moved, &now);
    step_now_put(ctx, &moved->route, &now);
}

void apply_fact_noted(struct ctx *ctx, const void *event)
{
    const struct fact_noted *fact = event;
    noted_put(ctx, fact);
    if (fact->kind == NOTED_COMPLETION)
        document_put(ctx, &fact->fact);
}

void apply_fact_dropped(struct ctx *ctx, const void *event)
{
    const struct fact_dropped *dropped = event;
    noted_delete(ctx, &dropped->person, &dropped->fact);
}
