#include "services/roster/privacy/privacy.h"

#define CARD_FIELDS_MAX 16

/* roster.person.read: a reading of personal data is an entry first, then the card (design, part 5). The
 * entry is for the region alone: who looks at whom is nobody else's business. */

static uint32_t fields_said(const struct person_card *card, const char *said[CARD_FIELDS_MAX])
{
    const char *const all[] = { "code", "family", "given", "born" };
    uint32_t n = 0;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        said[n++] = all[i];
    if (card->patronymic != NULL)
        said[n++] = "patronymic";
    if (card->snils != NULL)
        said[n++] = "snils";
    if (card->teaching_since != 0)
        said[n++] = "teaching_since";
    if (card->working_since != 0)
        said[n++] = "working_since";
    if (card->education != EDUCATION_UNKNOWN || card->pedagogical != SAID_NOTHING)
        said[n++] = "education";
    return n;
}

enum verdict decide_person_read(struct ctx *ctx, const void *command)
{
    const struct person_read *read = command;
    const struct uuid *region = &roster_config(ctx)->profile->region->id;
    const char *said[CARD_FIELDS_MAX];
    struct known known = { .id = read->person };
    struct person_blocked blocked;
    struct person_state state;

    if (!state_person(ctx, &read->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &read->person, &state))
        return REFUSE_REACH(ctx);
    if (state_blocked(ctx, &read->person, &blocked) && !block_passes(ctx))
        return refuse_blocked(ctx, PROBLEM_DENIED, &blocked);
    if (!match_open(ctx, &state, &known))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unreadable");
    struct person_was_read was = { .person = read->person, .purpose = read->purpose };
    was.fields.n = fields_said(&known.card, said);
    was.fields.at = said;
    emit(ctx, "roster.person.was_read", &was, region, 1);
    return VERDICT_OK;
}

enum verdict answer_person_read(struct ctx *ctx, const void *command)
{
    const struct person_read *read = command;
    struct known known = { .id = read->person };
    struct person_blocked blocked;
    struct person_state state;

    if (!state_person(ctx, &read->person, &state) || !match_open(ctx, &state, &known))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unreadable");
    if (!person_reached(ctx, &read->person, &state))
        return REFUSE_REACH(ctx);           /* the same command again, and the person has moved away */
    if (state_blocked(ctx, &read->person, &blocked) && !block_passes(ctx))
        return refuse_blocked(ctx, PROBLEM_DENIED, &blocked);
    reply(ctx, &known.card);
    return VERDICT_OK;
}
