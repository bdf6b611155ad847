#include "services/roster/roster.h"

#include "common/core/err.h"
#include "common/core/text.h"
#include "services/roster/bands.h"
#include "services/roster/privacy.h"
#include "services/shared/staff_rules.h"

/* roster.worker.record: one row of a staff list. What a row leaves out is not said, and stays as it was;
 * a row that says nothing new answers without events, so that a list can be sent again. */

enum edit { EDIT_NONE, EDIT_NEW, EDIT_CHANGED, EDIT_ENDED };

struct row {
    struct worker_record in;            /* texts in NFC, empty ones NULL */
    struct staff_row read;
    struct organisation organisation;
    int kind;
    struct person_card card;            /* as the row has it, then as it will be sealed */
    struct match_hashes hashes;
    struct known known;
    bool found, card_changed, person_changed;
    struct uuid person;
    struct band young;
    struct moves moves;
    struct post_opened post;
    enum edit edit;
};

/* ── what the row says ────────────────────────────────────────────────────── */

enum verdict texts_fit(struct ctx *ctx, const struct msg_desc *desc, const void *tidied)
{
    struct staff_fault fault;
    return staff_texts_fit(desc, tidied, ctx->arena, &fault) ? VERDICT_OK : staff_refuse(ctx, &fault);
}

struct placing { struct ctx *ctx; struct organisation *organisation; };

static enum staff_place place_of_row(void *arg, const char *code)
{
    struct placing *placing = arg;
    struct ctx *ctx = placing->ctx;
    struct uuid id;

    if (!state_organisation_code(ctx, code, &id) || !state_organisation(ctx, &id, placing->organisation))
        return STAFF_PLACE_UNKNOWN;
    return may_reach(ctx, placing->organisation->chain.at, placing->organisation->chain.n) ? STAFF_PLACE_GOOD : STAFF_PLACE_BEYOND;
}

/* What a node has sealed as it was entered; from here on it is a row like any other. */
static enum verdict row_unseal(struct ctx *ctx, const struct worker_record *given, struct worker_record *row)
{
    struct worker_person person;
    struct msg_error error;
    struct bytes plain;

    *row = *given;
    if (given->sealed.n == 0)
        return VERDICT_OK;
    if (given->code != NULL || given->family != NULL || given->given != NULL || given->patronymic != NULL ||
        given->born != NULL || given->snils != NULL || given->teaching_since != 0)
        return refuse_field(ctx, "sealed_and_open", "sealed", "conflict");
    if (!vault_intake_open(ctx, given->sealed, &plain) ||
        msg_decode(&worker_person_desc, plain, MSG_STRICT, ctx->arena, &person, &error) != ERR_OK)
        return refuse_field(ctx, "sealed_unreadable", "sealed", "unreadable");
    row->code = person.code;
    row->family = person.family;
    row->given = person.given;
    row->patronymic = person.patronymic;
    row->born = person.born;
    row->snils = person.snils;
    row->teaching_since = person.teaching_since;
    row->sealed = bytes(NULL, 0);
    return VERDICT_OK;
}

static enum verdict row_read(struct ctx *ctx, const struct worker_record *given, struct row *row)
{
    struct placing placing = { ctx, &row->organisation };
    const struct staff_check check = { .posts = &roster_config(ctx)->posts, .today = ctx->today, .arena = ctx->arena,
                                       .place = place_of_row, .arg = &placing };
    struct worker_record open;
    struct staff_record record;
    struct staff_fault fault;

    if (row_unseal(ctx, given, &open) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (!staff_record_check(&open, &check, &record, &fault))
        return staff_refuse(ctx, &fault);
    row->in = record.in;
    row->read = record.read;
    row->kind = record.kind;
    return VERDICT_OK;
}

static void card_of_row(struct ctx *ctx, struct row *row)
{
    char *born = arena_alloc(ctx->arena, CIVIL_TEXT + 1);

    civil_format(&row->read.born, born);
    row->card = (struct person_card){
        .code = row->in.code, .family = row->in.family, .given = row->in.given, .patronymic = row->in.patronymic,
        .born = born, .snils = row->read.snils[0] != '\0' ? row->read.snils : NULL,
        .teaching_since = row->in.teaching_since };
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

static void card_merge(struct ctx *ctx, struct row *row)
{
    const struct person_card *was = &row->known.card;
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
}

/* A part-time list may not rewrite the card that the main place of work keeps. */
static bool card_is_theirs(struct ctx *ctx, const struct row *row)
{
    const struct post_opened *owner = moves_owner(&row->moves, ctx->today);
    return !row->in.part_time || owner == NULL || may_reach(ctx, owner->chain.at, owner->chain.n);
}

static enum verdict row_person(struct ctx *ctx, struct row *row)
{
    const struct profile_young *young = roster_config(ctx)->profile->young;
    struct person_blocked blocked;
    struct uuid holder;
    enum verdict verdict;

    card_of_row(ctx, row);
    row->hashes = match_hash(ctx, row->card.code, row->card.family, row->card.given, row->card.born, row->card.snils);
    if ((verdict = match_person(ctx, &row->card, &row->hashes, &row->known, &row->found)) != VERDICT_OK)
        return verdict;
    row->person = row->found ? row->known.id : decide_id(ctx);
    moves_load(ctx, &row->person, &row->moves);
    if (row->found)
        card_merge(ctx, row);
    if (row->card_changed && !card_is_theirs(ctx, row))
        return refuse_field(ctx, "person_kept_elsewhere", "family", "conflict");
    if (row->card_changed && state_blocked(ctx, &row->person, &blocked) && !block_passes(ctx))
        return refuse_blocked(ctx, PROBLEM_CONFLICT, &blocked);
    struct civil born;
    civil_parse(&born, row->card.born);
    row->young = band_young(&born, row->card.teaching_since, young->under_years, young->first_months);
    row->person_changed = row->found &&
        (row->card_changed || row->young.from != row->known.state.young_from ||
         row->young.until != row->known.state.young_until || !state_match(ctx, T_MATCH_CODES, row->hashes.code.b, &holder));
    return VERDICT_OK;
}

/* ── the post ─────────────────────────────────────────────────────────────── */

static enum verdict post_new(struct ctx *ctx, struct row *row)
{
    enum verdict verdict;

    if (row->moves.n == POSTS_MAX) {
        refuse_field(ctx, "too_many_posts", "post", "too_many");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", POSTS_MAX));
        return VERDICT_REFUSED;
    }
    row->post = (struct post_opened){
        .post = decide_id(ctx), .person = row->person,
        .chain = { row->organisation.chain.n, row->organisation.chain.at }, .organisation_kind = row->organisation.kind,
        .kind = row->kind, .title = row->in.post, .subject = row->in.subject, .main = !row->in.part_time,
        .from = row->in.from, .until = row->in.until };
    row->edit = EDIT_NEW;
    if (row->post.main && (verdict = moves_main(ctx, &row->moves, &row->post)) != VERDICT_OK)
        return verdict;
    row->moves.posts[row->moves.n++] = row->post;
    return VERDICT_OK;
}

static enum verdict post_again(struct ctx *ctx, struct row *row, struct post_opened *known)
{
    bool ends = row->in.until != 0 && row->in.until != known->until;
    bool main = !row->in.part_time, subject = row->in.subject != NULL &&
                (known->subject == NULL || strcmp(known->subject, row->in.subject) != 0);
    enum verdict verdict;

    row->post = *known;
    if (main != known->main || subject || row->kind != known->kind)
        row->edit = EDIT_CHANGED;
    else if (ends)
        row->edit = EDIT_ENDED;
    row->post.main = main;
    row->post.kind = row->kind;
    row->post.subject = subject ? row->in.subject : known->subject;
    row->post.until = ends ? row->in.until : known->until;
    if (main && (ends || !known->main) && (verdict = moves_main(ctx, &row->moves, &row->post)) != VERDICT_OK)
        return verdict;
    *known = row->post;
    return VERDICT_OK;
}

/* The same post is the same person, organisation, title and first day. The same but for the day is a
 * slip in one of the two lists, which only a person can tell. */
static enum verdict row_post(struct ctx *ctx, struct row *row)
{
    struct post_opened asked = { .from = row->in.from, .until = row->in.until };
    struct post_opened *near = NULL;
    const char *title = text_fold(ctx->arena, row->in.post);

    for (uint32_t i = 0; i < row->moves.n; i++) {
        struct post_opened *post = &row->moves.posts[i];
        if (!uuid_equal(&post->chain.at[0], &row->organisation.id) || !posts_overlap(post, &asked) ||
            strcmp(text_fold(ctx->arena, post->title), title) != 0)
            continue;
        if (post->from == row->in.from)
            return post_again(ctx, row, post);
        near = post;
    }
    if (near == NULL)
        return post_new(ctx, row);
    refuse_field(ctx, "post_overlaps", "from", "overlap");
    refuse_days(ctx, near->from, near->until);
    return VERDICT_REFUSED;
}

/* ── the events ───────────────────────────────────────────────────────────── */

static void emit_person(struct ctx *ctx, struct row *row, const struct uuid *ids, uint32_t n)
{
    const struct person_state *state = &row->known.state;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_registered event = {
        .person = row->person, .sealed = state->sealed, .match_code = bytes(row->hashes.code.b, HASH_SIZE),
        .match_snils = state->match_snils, .match_name = bytes(row->hashes.name.b, HASH_SIZE),
        .young_from = row->young.from, .young_until = row->young.until };

    if (row->found && !row->person_changed)
        return;
    if (!row->found || row->card_changed)
        event.sealed = vault_seal(ctx, &row->person, msg_encode_in(ctx->arena, &person_card_desc, &row->card));
    if (!row->found)
        event.match_snils = bytes(NULL, 0);
    if (row->hashes.has_snils)
        event.match_snils = bytes(row->hashes.snils.b, HASH_SIZE);
    if (row->found)
        emit(ctx, "roster.person.changed", &event, scope,
             scope_of(&row->person, NULL, 0, state->scope.at, state->scope.n, scope));
    else
        emit(ctx, "roster.person.registered", &event, scope, scope_of(&row->person, NULL, 0, ids, n, scope));
}

static void emit_posts(struct ctx *ctx, const struct row *row, const struct uuid *ids, uint32_t n)
{
    for (uint32_t i = 0; i < row->moves.ended_n; i++)
        emit_post_closed(ctx, &row->moves.posts[row->moves.ended[i]], ids, n);
    if (row->edit == EDIT_ENDED)
        emit_post_closed(ctx, &row->post, ids, n);
    else if (row->edit != EDIT_NONE)
        emit_post_opened(ctx, &row->post, ids, n);
}

enum verdict decide_worker_record(struct ctx *ctx, const void *command)
{
    struct row *row = ARENA_NEW(ctx->arena, struct row);
    struct uuid ids[SCOPE_IDS_MAX];
    enum verdict verdict;

    if ((verdict = row_read(ctx, command, row)) != VERDICT_OK ||
        (verdict = row_person(ctx, row)) != VERDICT_OK || (verdict = row_post(ctx, row)) != VERDICT_OK)
        return verdict;
    uint32_t n = moves_scope(&row->moves, ctx->today, ids);
    emit_person(ctx, row, ids, n);
    emit_posts(ctx, row, ids, n);
    if (row->found && row->edit != EDIT_NONE) {
        row->known.state.young_from = row->young.from;
        row->known.state.young_until = row->young.until;
        moves_emit(ctx, &row->person, &row->known.state, &row->moves);
    }
    struct worker_recorded recorded = {
        .person = row->person, .post = row->post.post, .new_person = !row->found, .new_post = row->edit == EDIT_NEW,
        .changed = row->person_changed || row->edit == EDIT_CHANGED || row->edit == EDIT_ENDED };
    reply(ctx, &recorded);
    return VERDICT_OK;
}
