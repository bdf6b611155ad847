#include "services/roster/merge/doubts.h"
#include "services/roster/people/worker_row.h"

#include "common/core/failpoint.h"
#include "common/core/text.h"

#define NAMESAKES_MAX 16        /* of one name and birth whose cards are opened; where there are more, a person decides */
#define ALIKE_MAX     8         /* of one likeness that are looked at */

/* Whom a row means. Hashes find a candidate; the opened card has to agree with the row as well, since
 * two lists may number their people alike, and a slip in a SNILS must not make one person of two.
 *
 * Score      of a candidate, for a person to choose by: the same SNILS 50, name 25, birth 20, code 5; halved
 *            where both have a SNILS and they differ. Who is only alike: SCORE_FULL, SCORE_GIVEN. */
#define SCORE_SNILS 50
#define SCORE_NAME  25
#define SCORE_BORN  20
#define SCORE_CODE  5
#define SCORE_FULL  30      /* alike alone: the whole name, patronymic too */
#define SCORE_GIVEN 35      /* given name, patronymic and birth */

struct hash match_code(struct ctx *ctx, const char *code)
{
    return vault_match(ctx, "code", text_fold(ctx->arena, code));
}

static const char *said(const char *text) { return text != NULL ? text : ""; }

struct match_hashes match_hash(struct ctx *ctx, const struct person_card *card)
{
    struct arena *arena = ctx->arena;
    const char *family = text_fold(arena, card->family), *given = text_fold(arena, card->given);
    const char *patronymic = text_fold(arena, said(card->patronymic)), *snils = said(card->snils);
    struct match_hashes hashes = { .has_snils = snils[0] != '\0', .has_full = patronymic[0] != '\0' };

    hashes.code = match_code(ctx, card->code);
    hashes.name = vault_match(ctx, "name", arena_format(arena, "%s|%s|%s", family, given, card->born));
    hashes.row = vault_match(ctx, "row", arena_format(arena, "%s|%s|%s|%s|%s", text_fold(arena, card->code), family, given, card->born, snils));
    hashes.given = vault_match(ctx, "given", arena_format(arena, "%s|%s|%s", given, patronymic, card->born));
    if (hashes.has_full)
        hashes.full = vault_match(ctx, "full", arena_format(arena, "%s|%s|%s", family, given, patronymic));
    if (hashes.has_snils)
        hashes.snils = vault_match(ctx, "snils", snils);
    return hashes;
}

void match_said(const struct match_hashes *hashes, struct person_registered *event)
{
    event->match_code = bytes(hashes->code.b, HASH_SIZE);
    event->match_name = bytes(hashes->name.b, HASH_SIZE);
    event->match_given = bytes(hashes->given.b, HASH_SIZE);
    if (hashes->has_full)
        event->match_full = bytes(hashes->full.b, HASH_SIZE);
    if (hashes->has_snils)
        event->match_snils = bytes(hashes->snils.b, HASH_SIZE);
}

bool match_open(struct ctx *ctx, const struct person_state *state, struct known *known)
{
    struct bytes plain;
    struct msg_error error;

    known->state = *state;
    state_bands(ctx, &known->id, &known->bands);
    return vault_open(ctx, &known->id, state->sealed, &plain) &&
           msg_decode(&person_card_desc, plain, MSG_LENIENT, ctx->arena, &known->card, &error) == 0;
}

/* ── who there is: the state, with what rows before this one would have made of it ── */

static bool load(struct ctx *ctx, const struct ahead *ahead, const struct uuid *id, struct known *known)
{
    const struct ahead_row *made = ahead_of(ahead, id);
    struct person_state state;

    if (made != NULL) {
        *known = made->known;
        return true;
    }
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

static void suppose(struct match *match, const struct uuid *person, uint32_t score)
{
    uint32_t at;

    match->more |= match->n == LIST_CANDIDATES_MAX;
    if (match->n == LIST_CANDIDATES_MAX && match->candidate[match->n - 1].score >= score)
        return;
    match->n += match->n < LIST_CANDIDATES_MAX;
    for (at = match->n - 1; at > 0 && match->candidate[at - 1].score < score; at--)
        match->candidate[at] = match->candidate[at - 1];
    match->candidate[at] = (struct candidate){ *person, score };
}

static void suppose_like(struct match *match, const struct known *known, struct likeness like, uint32_t more)
{
    uint32_t score = SCORE_SNILS * like.snils + SCORE_NAME * like.name + SCORE_BORN * like.born + more;
    suppose(match, &known->id, like.snils_differs ? score / 2 : score);
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

/* By name and birth: one whose SNILS and patronymic, where both are known, agree. Among more than are opened he may be: nobody is
 * taken for new then. */
static enum verdict by_name(struct ctx *ctx, const struct ahead *ahead, const struct person_card *row,
                            const struct match_hashes *hashes, struct match *match)
{
    struct uuid persons[NAMESAKES_MAX];
    bool more;
    uint32_t n = ahead_namesakes(ctx, ahead, &hashes->name, persons, NAMESAKES_MAX, &more), fit = 0;
    struct known one;

    for (uint32_t i = 0; i < n; i++) {
        if (!load(ctx, ahead, &persons[i], &one))
            continue;
        struct likeness like = compare(ctx, row, &one.card);
        if (like.snils_differs || (row->patronymic != NULL && one.card.patronymic != NULL &&
                                   !folds_equal(ctx, row->patronymic, one.card.patronymic)))
            continue;
        match->known = one;
        suppose_like(match, &one, like, 0);
        fit++;
    }
    more &= !SABOTAGE("namesakes_cut");
    match->more |= more;
    match->found = fit == 1 && !more;
    if (fit <= 1 && !more)
        return VERDICT_OK;
    refuse_field(ctx, "person_ambiguous", "snils", "missing");
    refuse_arg(ctx, "found", arena_format(ctx->arena, "%u", more ? n : fit));
    return VERDICT_REFUSED;
}

/* What a person has decided of just this row. False: nothing, or of somebody who was erased since. */
static bool by_decision(struct ctx *ctx, const struct ahead *ahead, const struct match_hashes *hashes, struct match *match)
{
    struct person_state state;
    struct uuid person;

    *match = (struct match){ 0 };
    if (SABOTAGE("decision_forgotten") || !state_decision(ctx, &hashes->row, &person))
        return false;
    match->decided = uuid_is_nil(&person);
    if (match->decided)
        return true;
    if (state_person(ctx, &person, &state) && !uuid_is_nil(&state.into))
        person = state.into;
    match->found = load(ctx, ahead, &person, &match->known);
    return match->found;
}

static bool among_candidates(const struct match *match, const struct uuid *person)
{
    for (uint32_t k = 0; k < match->n; k++)
        if (uuid_equal(&match->candidate[k].person, person))
            return true;
    return false;
}

/* Somebody new who may be known all the same: given name, patronymic and birth with another family name (a marriage), or the whole
 * name with another birth (a slip). For a person to look at: it decides nothing, opens no card, and looks at few. */
static void alike(struct ctx *ctx, const struct match_hashes *hashes, const struct hash *hash, uint32_t score, struct match *match)
{
    struct uuid persons[ALIKE_MAX];
    struct bytes snils = bytes(hashes->snils.b, HASH_SIZE);
    struct person_state state;
    bool more;
    uint32_t n = state_namesakes(ctx, hash->b, persons, ALIKE_MAX, &more);

    match->more |= more;
    for (uint32_t i = 0; i < n; i++)
        if (!among_candidates(match, &persons[i]) && state_person(ctx, &persons[i], &state) && uuid_is_nil(&state.into) &&
            (!hashes->has_snils || state.match_snils.n == 0 || bytes_equal(state.match_snils, snils)))
            suppose(match, &persons[i], score);
}

static enum verdict by_name_or_alike(struct ctx *ctx, const struct ahead *ahead, const struct person_card *row,
                                     const struct match_hashes *hashes, struct match *match)
{
    enum verdict verdict = by_name(ctx, ahead, row, hashes, match);

    if (verdict != VERDICT_OK || match->found)
        return verdict;
    alike(ctx, hashes, &hashes->given, SCORE_GIVEN, match);
    if (hashes->has_full)
        alike(ctx, hashes, &hashes->full, SCORE_FULL, match);
    return VERDICT_OK;
}

enum verdict match_person(struct ctx *ctx, const struct ahead *ahead, const struct person_card *row,
                          const struct match_hashes *hashes, struct match *match)
{
    struct uuid by_code, by_snils;
    struct known other;

    if (by_decision(ctx, ahead, hashes, match))
        return VERDICT_OK;
    bool coded = ahead_code(ctx, ahead, &hashes->code, &by_code);
    bool numbered = hashes->has_snils && ahead_snils(ctx, ahead, &hashes->snils, &by_snils);

    *match = (struct match){ .found = coded || numbered };
    if (!match->found)
        return by_name_or_alike(ctx, ahead, row, hashes, match);
    if (!load(ctx, ahead, coded ? &by_code : &by_snils, &match->known))
        return refuse_unreadable(ctx);
    struct likeness like = compare(ctx, row, &match->known.card);
    suppose_like(match, &match->known, like, coded ? SCORE_CODE : 0);
    if (coded && numbered && !uuid_equal(&by_code, &by_snils) && load(ctx, ahead, &by_snils, &other))
        suppose_like(match, &other, compare(ctx, row, &other.card), 0);
    if (coded && !code_agrees(like))
        return refuse_field(ctx, "code_of_another", "code", "conflict");
    if (numbered && (coded ? !uuid_equal(&by_code, &by_snils) : !like.name && !like.born))
        return refuse_field(ctx, "snils_of_another", "snils", "conflict");
    return VERDICT_OK;
}
