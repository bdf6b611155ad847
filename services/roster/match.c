#include "services/roster/roster.h"

#include "common/core/text.h"

#define NAMESAKES_MAX 16

/* Whom a row means. Hashes find a candidate; the opened card has to agree with the row as well, since
 * two lists may number their people alike, and a slip in a SNILS must not make one person of two. */

struct hash match_code(struct ctx *ctx, const char *code)
{
    return vault_match(ctx, "code", text_fold(ctx->arena, code));
}

struct match_hashes match_hash(struct ctx *ctx, const char *code, const char *family, const char *given,
                               const char *born, const char *snils)
{
    struct match_hashes hashes = { .has_snils = snils != NULL };

    hashes.code = match_code(ctx, code);
    hashes.name = vault_match(ctx, "name", arena_format(ctx->arena, "%s|%s|%s", text_fold(ctx->arena, family),
                                                        text_fold(ctx->arena, given), born));
    if (snils != NULL)
        hashes.snils = vault_match(ctx, "snils", snils);
    return hashes;
}

bool match_open(struct ctx *ctx, const struct person_state *state, struct known *known)
{
    struct bytes plain;
    struct msg_error error;

    known->state = *state;
    return vault_open(ctx, &known->id, state->sealed, &plain) &&
           msg_decode(&person_card_desc, plain, MSG_LENIENT, ctx->arena, &known->card, &error) == 0;
}

static bool load(struct ctx *ctx, const struct uuid *id, struct known *known)
{
    struct person_state state;

    known->id = *id;
    return state_person(ctx, id, &state) && match_open(ctx, &state, known);
}

static bool folds_equal(struct ctx *ctx, const char *a, const char *b)
{
    return strcmp(text_fold(ctx->arena, a), text_fold(ctx->arena, b)) == 0;
}

struct likeness { bool name, born, snils, snils_differs; };

static struct likeness compare(struct ctx *ctx, const struct person_card *row, const struct person_card *card)
{
    bool both = row->snils != NULL && card->snils != NULL;
    return (struct likeness){
        .name = folds_equal(ctx, row->family, card->family) && folds_equal(ctx, row->given, card->given),
        .born = strcmp(row->born, card->born) == 0,
        .snils = both && strcmp(row->snils, card->snils) == 0,
        .snils_differs = both && strcmp(row->snils, card->snils) != 0,
    };
}

/* A code may be another list's for another person: a SNILS that differs needs both name and birth to
 * agree (it was mended), none at all one of the two (a marriage, a slip in the date). */
static bool code_agrees(struct likeness like)
{
    return like.snils || (like.snils_differs ? like.name && like.born : like.name || like.born);
}

static enum verdict refuse_unreadable(struct ctx *ctx)
{
    return refuse(ctx, PROBLEM_CONFLICT, "person_unreadable");
}

static enum verdict by_name(struct ctx *ctx, const struct person_card *row, const struct match_hashes *hashes,
                            struct known *known, bool *found)
{
    struct uuid persons[NAMESAKES_MAX];
    uint32_t n = state_namesakes(ctx, hashes->name.b, persons, NAMESAKES_MAX), fit = 0;
    struct known one;

    for (uint32_t i = 0; i < n; i++) {
        if (!load(ctx, &persons[i], &one) || compare(ctx, row, &one.card).snils_differs)
            continue;
        if (row->patronymic != NULL && one.card.patronymic != NULL &&
            !folds_equal(ctx, row->patronymic, one.card.patronymic))
            continue;
        *known = one;
        fit++;
    }
    *found = fit == 1;
    if (fit <= 1)
        return VERDICT_OK;
    refuse_field(ctx, "person_ambiguous", "snils", "missing");
    refuse_arg(ctx, "found", arena_format(ctx->arena, "%u", fit));
    return VERDICT_REFUSED;
}

enum verdict match_person(struct ctx *ctx, const struct person_card *row, const struct match_hashes *hashes,
                          struct known *known, bool *found)
{
    struct uuid by_code, by_snils;
    bool coded = state_match(ctx, T_MATCH_CODES, hashes->code.b, &by_code);
    bool numbered = hashes->has_snils && state_match(ctx, T_MATCH_SNILS, hashes->snils.b, &by_snils);

    *found = coded || numbered;
    if (!*found)
        return by_name(ctx, row, hashes, known, found);
    if (!load(ctx, coded ? &by_code : &by_snils, known))
        return refuse_unreadable(ctx);
    struct likeness like = compare(ctx, row, &known->card);
    if (coded && !code_agrees(like))
        return refuse_field(ctx, "code_of_another", "code", "conflict");
    if (numbered && (coded ? !uuid_equal(&by_code, &by_snils) : !like.name && !like.born))
        return refuse_field(ctx, "snils_of_another", "snils", "conflict");
    return VERDICT_OK;
}
