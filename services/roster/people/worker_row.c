#include "services/roster/people/worker_row.h"
#include <stdlib.h>

#include "common/core/err.h"
#include "common/core/text.h"
#include "common/service/vault_intake.h"
#include "services/roster/privacy/privacy.h"
#include "services/roster/units/units.h"
#include "services/shared/staff_rules.h"

/* ── what the row says ────────────────────────────────────────────────────── */

struct placing { struct ctx *ctx; struct organisation *organisation; };

static enum staff_place place_of_row(void *arg, const char *code, struct staff_unit *unit)
{
    struct placing *placing = arg;
    struct ctx *ctx = placing->ctx;
    struct uuid id;

    if (!state_organisation_code(ctx, code, &id) || !state_organisation(ctx, &id, placing->organisation))
        return STAFF_PLACE_UNKNOWN;
    *unit = (struct staff_unit){ placing->organisation->closed, unit_goes_on(ctx, placing->organisation) };
    return may_reach(ctx, placing->organisation->chain.at, placing->organisation->chain.n) ? STAFF_PLACE_GOOD : STAFF_PLACE_BEYOND;
}

/* What a node has sealed as it was entered; from here on it is a row like any other. */
static enum verdict row_unseal(struct ctx *ctx, const struct worker_record *given, struct worker_record *row, struct worker_row *whole)
{
    struct worker_person person;
    struct msg_error error;
    struct bytes plain;

    *row = *given;
    if (given->sealed.n == 0)
        return VERDICT_OK;
    if (given->code != NULL || given->family != NULL || given->given != NULL || given->patronymic != NULL ||
        given->born != NULL || given->snils != NULL || given->teaching_since != 0 ||
        given->working_since != 0 || given->education != NULL || given->pedagogical_since != 0)
        return refuse_field(ctx, "sealed_and_open", "sealed", "conflict");
    whole->unsealed = vault_intake_open(ctx, given->sealed, &plain, &whole->generation);
    if (!whole->unsealed ||
        msg_decode(&worker_person_desc, plain, MSG_STRICT, ctx->arena, &person, &error) != ERR_OK)
        return refuse_field(ctx, "sealed_unreadable", "sealed", "unreadable");
    row->code = person.code;
    row->family = person.family;
    row->given = person.given;
    row->patronymic = person.patronymic;
    row->born = person.born;
    row->snils = person.snils;
    row->teaching_since = person.teaching_since;
    row->working_since = person.working_since;
    row->education = person.education;
    row->pedagogical_since = person.pedagogical_since;
    row->sealed = bytes(NULL, 0);
    return VERDICT_OK;
}

static enum verdict row_read(struct ctx *ctx, const struct worker_record *given, struct worker_row *row)
{
    struct placing placing = { ctx, &row->organisation };
    const struct staff_check check = { .posts = &roster_config(ctx)->posts, .today = ctx->today, .arena = ctx->arena,
                                       .place = place_of_row, .arg = &placing };
    struct worker_record open;
    struct staff_record record;
    struct staff_fault fault;

    if (row_unseal(ctx, given, &open, row) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!staff_record_check(&open, &check, &record, &fault))
        return staff_refuse(ctx, &fault);
    row->in = record.in;
    row->read = record.read;
    row->kind = record.kind;
    row->education = record.education;
    row->rate = record.rate;
    row->matching = record.matching;
    row->in.part_time |= post_off_staff(record.kind);       /* no staff list is his main one */
    return VERDICT_OK;
}

static void card_of_row(struct ctx *ctx, struct worker_row *row)
{
    char *born = arena_alloc(ctx->arena, CIVIL_TEXT + 1);

    civil_format(&row->read.born, born);
    row->card = (struct person_card){
        .code = row->in.code, .family = row->in.family, .given = row->in.given, .patronymic = row->in.patronymic,
        .born = born, .snils = row->read.snils[0] != '\0' ? row->read.snils : NULL,
        .teaching_since = row->in.teaching_since, .working_since = row->in.working_since, .education = row->education.level,
        .pedagogical = row->education.pedagogical, .pedagogical_since = row->in.pedagogical_since };
}

/* ── what the answer rests on ─────────────────────────────────────────────── */

static void ground_text(struct hash_state *state, const char *text)
{
    hash_more(state, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 1);
}

static void ground_days(struct hash_state *state, day_t from, day_t until)
{
    struct key key = { 0 };

    key_u32(&key, from);
    key_u32(&key, until);
    hash_more(state, key_bytes(&key).at, key_bytes(&key).n);
}

static struct hash ground_post(const struct post_opened *post)
{
    const uint8_t kinds[] = { (uint8_t)post->kind, post->main, (uint8_t)post->matching, (uint8_t)post->rate, (uint8_t)(post->rate >> 8) };
    struct hash_state state;

    hash_start(&state, NULL);
    hash_more(&state, post->chain.at, post->chain.n * sizeof *post->chain.at);
    ground_days(&state, post->from, post->until);
    hash_more(&state, kinds, sizeof kinds);
    ground_text(&state, post->title);
    ground_text(&state, post->subject);
    return hash_end(&state);
}

static int by_bytes(const void *a, const void *b) { return memcmp(a, b, HASH_SIZE); }

/* The posts in an order of their own: ids, which give the state's, are not known before the row is entered. */
static struct hash row_ground(struct ctx *ctx, const struct worker_row *row)
{
    const uint8_t said[] = { row->match.found, row->code_known, (uint8_t)row->organisation.kind };
    struct hash *posts = ARENA_LIST(ctx->arena, struct hash, row->moves.n + 1);
    char text[HASH_TEXT + 1];
    struct hash_state state;

    hash_start(&state, NULL);
    hash_more(&state, said, sizeof said);
    hash_more(&state, row->organisation.chain.at, row->organisation.chain.n * sizeof *row->organisation.chain.at);
    if (row->match.found) {
        struct bytes card = msg_encode_in(ctx->arena, &person_card_desc, &row->match.known.card);
        hash_more(&state, card.at, card.n);
        struct bytes bands = msg_encode_in(ctx->arena, &person_bands_desc, &row->match.known.bands);
        hash_more(&state, bands.at, bands.n);
    }
    for (uint32_t i = 0; i < row->moves.n; i++)
        posts[i] = ground_post(&row->moves.posts[i]);
    qsort(posts, row->moves.n, sizeof *posts, by_bytes);
    hash_more(&state, posts, row->moves.n * sizeof *posts);
    struct hash plain = hash_end(&state);
    hash_format(&plain, text);
    return vault_match(ctx, "ground", text);
}

/* ── the person ───────────────────────────────────────────────────────────── */

static uint32_t count_yo(const char *text)
{
    uint32_t n = 0;
    for (; *text != '\0'; text++)
        n += memcmp(text, "ё", 2) == 0 || memcmp(text, "Ё", 2) == 0;
    return n;
}

/* Lists shout, and write е for ё: a spelling is news only when it says more than ours. */
static const char *spelling(struct ctx *ctx, const char *ours, const char *theirs, bool *changed)
{
    if (theirs == NULL)
        return ours;
    if (ours != NULL && strcmp(text_fold(ctx->arena, ours), text_fold(ctx->arena, theirs)) == 0 &&
        count_yo(theirs) <= count_yo(ours))
        return ours;
    *changed = true;
    return theirs;
}

static void education_merge(struct worker_row *row, const struct person_card *was)
{
    struct person_card *card = &row->card;

    if (card->education == EDUCATION_UNKNOWN)
        card->education = was->education;
    if (card->pedagogical == SAID_NOTHING)
        card->pedagogical = was->pedagogical;
    if (card->pedagogical_since == 0 && card->pedagogical == SAID_YES)
        card->pedagogical_since = was->pedagogical_since;
    row->card_changed |= card->education != was->education || card->pedagogical != was->pedagogical ||
                         card->pedagogical_since != was->pedagogical_since;
}

static void card_merge(struct ctx *ctx, struct worker_row *row)
{
    const struct person_card *was = &row->match.known.card;
    struct person_card *card = &row->card;

    card->code = was->code;             /* of the list that named him first; the others' are matched too */
    card->family = spelling(ctx, was->family, card->family, &row->card_changed);
    card->given = spelling(ctx, was->given, card->given, &row->card_changed);
    card->patronymic = spelling(ctx, was->patronymic, card->patronymic, &row->card_changed);
    row->card_changed |= strcmp(was->born, card->born) != 0;
    if (card->snils == NULL)
        card->snils = was->snils;
    row->card_changed |= card->snils != NULL && (was->snils == NULL || strcmp(was->snils, card->snils) != 0);
    if (card->teaching_since == 0)
        card->teaching_since = was->teaching_since;
    row->card_changed |= card->teaching_since != was->teaching_since;
    if (card->working_since == 0)
        card->working_since = was->working_since;
    row->card_changed |= card->working_since != was->working_since;
    education_merge(row, was);
}

/* A part-time list may not rewrite the card that the main place of work keeps. */
static bool card_is_theirs(struct ctx *ctx, const struct worker_row *row)
{
    const struct post_opened *owner = moves_owner(&row->moves, ctx->today);
    return !row->in.part_time || owner == NULL || may_reach(ctx, owner->chain.at, owner->chain.n);
}

static enum verdict row_person(struct ctx *ctx, const struct ahead *ahead, struct worker_row *row)
{
    struct uuid holder;
    enum verdict verdict;

    card_of_row(ctx, row);
    row->hashes = match_hash(ctx, &row->card);
    if ((verdict = match_person(ctx, ahead, &row->card, &row->hashes, &row->match)) != VERDICT_OK)
        return verdict;
    row->person = row->match.found ? row->match.known.id : decide_id(ctx);
    row->code_known = ahead_code(ctx, ahead, &row->hashes.code, &holder);
    if (row->match.found)
        ahead_posts(ctx, ahead, &row->person, &row->moves);
    else
        row->moves = (struct moves){ .posts = ARENA_LIST(ctx->arena, struct post_opened, 1) };     /* has none yet */
    row->ground = row_ground(ctx, row);
    if (row->match.found)
        card_merge(ctx, row);
    if (row->card_changed && !card_is_theirs(ctx, row))
        return refuse_field(ctx, "person_kept_elsewhere", "family", "conflict");
    struct person_blocked blocked;
    if (row->card_changed && state_blocked(ctx, &row->person, &blocked) && !block_passes(ctx))
        return refuse_blocked(ctx, PROBLEM_CONFLICT, &blocked);
    if ((verdict = bands_of_card(ctx, &row->card, row->match.found ? &row->match.known.bands : NULL, &row->bands)) != VERDICT_OK)
        return verdict;
    const struct person_bands *was = &row->match.known.bands;
    row->person_changed = row->match.found && (row->card_changed || !row->code_known ||
        !bands_equal(was->spans.at, was->spans.n, row->bands.spans.at, row->bands.spans.n));
    return VERDICT_OK;
}

/* ── the post ─────────────────────────────────────────────────────────────── */

static enum verdict post_new(struct ctx *ctx, struct worker_row *row)
{
    enum verdict verdict;

    if (row->moves.n == POSTS_MAX) {
        refuse_field(ctx, "too_many_posts", "post", "too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", POSTS_MAX));
        return VERDICT_REFUSED;
    }
    row->post = (struct post_opened){
        .post = decide_id(ctx), .person = row->person,
        .chain = { row->organisation.chain.n, row->organisation.chain.at }, .organisation_kind = unit_counted_kind(ctx, &row->organisation),
        .kind = row->kind, .title = row->in.post, .subject = row->in.subject, .main = !row->in.part_time,
        .from = row->in.from, .until = row->in.until, .rate = row->rate, .matching = (uint32_t)row->matching };
    row->edit = EDIT_NEW;
    if (row->post.main && (verdict = moves_main(ctx, &row->moves, &row->post)) != VERDICT_OK)
        return verdict;
    row->moves.posts[row->moves.n++] = row->post;
    return VERDICT_OK;
}

static enum verdict post_again(struct ctx *ctx, struct worker_row *row, struct post_opened *known)
{
    bool ends = row->in.until != 0 && row->in.until != known->until;
    bool main = !row->in.part_time, subject = row->in.subject != NULL &&
                (known->subject == NULL || strcmp(known->subject, row->in.subject) != 0);
    enum verdict verdict;

    if (ends && row->in.until + 1 < known->from)
        return refuse_field(ctx, "until_before_from", "until", "order");
    row->was = row->post = *known;
    bool terms = (row->rate != 0 && row->rate != known->rate) || (row->matching != SAID_NOTHING && row->matching != (int)known->matching);
    if (main != known->main || subject || row->kind != (int)known->kind || terms)
        row->edit = EDIT_CHANGED;
    else if (ends)
        row->edit = EDIT_ENDED;
    row->post.main = main;
    row->post.kind = row->kind;
    row->post.rate = row->rate != 0 ? row->rate : known->rate;
    row->post.matching = row->matching != SAID_NOTHING ? row->matching : known->matching;
    row->post.subject = subject ? row->in.subject : known->subject;
    row->post.until = ends ? row->in.until : known->until;
    if (main && (ends || !known->main) && (verdict = moves_main(ctx, &row->moves, &row->post)) != VERDICT_OK)
        return verdict;
    *known = row->post;
    return VERDICT_OK;
}

/* The same post is the same person, organisation, title and first day. The same but for the day is a
 * slip in one of the two lists, which only a person can tell. */
static enum verdict row_post(struct ctx *ctx, struct worker_row *row)
{
    struct post_opened asked = { .from = row->in.from, .until = row->in.until };
    struct post_opened *near = NULL, *same = NULL;
    const char *title = text_fold(ctx->arena, row->in.post);

    for (uint32_t i = 0; i < row->moves.n; i++) {
        struct post_opened *post = &row->moves.posts[i];
        if (!uuid_equal(&post->chain.at[0], &row->organisation.id) || !posts_overlap(post, &asked) ||
            strcmp(text_fold(ctx->arena, post->title), title) != 0)
            continue;
        if (post->from != row->in.from && post->began != row->in.from)
            near = post;
        else if (same == NULL || post->from > same->from)
            same = post;                /* what goes on after a reorganisation is the same employment */
    }
    if (same != NULL)
        return post_again(ctx, row, same);
    if (near == NULL)
        return post_new(ctx, row);
    refuse_field(ctx, "post_overlaps", "from", "overlap");
    refuse_days(ctx, near->from, near->until);
    return VERDICT_REFUSED;
}

enum verdict worker_row_take(struct ctx *ctx, const struct ahead *ahead, const struct worker_record *given, struct worker_row *row)
{
    enum verdict verdict = row_read(ctx, given, row);

    if (verdict == VERDICT_OK)
        verdict = row_person(ctx, ahead, row);
    return verdict == VERDICT_OK ? row_post(ctx, row) : verdict;
}
