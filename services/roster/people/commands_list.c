#include "services/roster/merge/doubts.h"
#include "services/roster/people/worker_row.h"

#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/text.h"
#include "common/journal/entry.h"

/* roster.list.check: what each row of a list would do, by the rules that enter it. What is known of a person is told to
 * nobody here: the names of fields that differ, and identifiers of those whom the asker reaches. That a name, a birth or a number agrees is
 * a reading all the same: the entry says whom the rows were held against. */

#define CHANGES_MAX 20
#define HEADS_MAX   1000

struct said { struct ctx *ctx; const struct worker_row *row; struct listed *listed; struct list_read *read; };

static void change(struct said *answer, const char *field, const char *from, const char *to)
{
    struct listed *listed = answer->listed;

    if (listed->changes.at == NULL)
        listed->changes.at = ARENA_LIST(answer->ctx->arena, struct list_change, CHANGES_MAX);
    listed->changes.at[listed->changes.n++] = (struct list_change){ field, from, to };
}

static bool texts_differ(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0;
}

static void card_changes(struct said *answer)
{
    const struct worker_row *row = answer->row;
    const struct person_card *was = &row->match.known.card, *card = &row->card;
    const struct { const char *field, *was, *now; } texts[] = {
        { "family", was->family, card->family }, { "given", was->given, card->given },
        { "patronymic", was->patronymic, card->patronymic }, { "born", was->born, card->born }, { "snils", was->snils, card->snils },
    };
    uint32_t n = answer->listed->changes.n;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts_differ(texts[i].was, texts[i].now))
            change(answer, texts[i].field, NULL, NULL);
    if (was->teaching_since != card->teaching_since)
        change(answer, "teaching_since", NULL, NULL);
    if (was->working_since != card->working_since)
        change(answer, "working_since", NULL, NULL);
    if (was->education != card->education || was->pedagogical != card->pedagogical)
        change(answer, "education", NULL, NULL);
    if (was->pedagogical_since != card->pedagogical_since)
        change(answer, "pedagogical_since", NULL, NULL);
    if (!row->code_known)
        change(answer, "code", NULL, NULL);
    if (answer->listed->changes.n == n && row->person_changed)
        change(answer, "bands", NULL, NULL);        /* the profile's own terms have changed */
}

static const char *day_text(struct said *answer, day_t day)
{
    char *text = arena_alloc(answer->ctx->arena, DAY_TEXT + 1);

    if (day != 0)
        day_format(day, text);
    return text;
}

static void post_changes(struct said *answer)
{
    const struct post_opened *was = &answer->row->was, *now = &answer->row->post;

    if (was->until != now->until)
        change(answer, "until", day_text(answer, was->until), day_text(answer, now->until));
    if (texts_differ(was->subject, now->subject))
        change(answer, "subject", was->subject, now->subject);
    if (was->rate != now->rate)
        change(answer, "rate", arena_format(answer->ctx->arena, "%u.%02u", (unsigned)was->rate / 100, (unsigned)was->rate % 100),
               arena_format(answer->ctx->arena, "%u.%02u", (unsigned)now->rate / 100, (unsigned)now->rate % 100));
    if (was->matching != now->matching)
        change(answer, "matching", yes_no_names.names[was->matching], yes_no_names.names[now->matching]);
    if (was->main != now->main)
        change(answer, "part_time", was->main ? "false" : "true", now->main ? "false" : "true");
    if (was->kind != now->kind)
        change(answer, "post", post_kind_names.names[was->kind], post_kind_names.names[now->kind]);
}

static void ends(struct said *answer)
{
    const struct moves *moves = &answer->row->moves;
    struct list_end *at = ARENA_LIST(answer->ctx->arena, struct list_end, LIST_ENDS_MAX);

    answer->listed->ends.at = at;
    for (uint32_t i = 0; i < moves->ended_n && answer->listed->ends.n < LIST_ENDS_MAX; i++) {
        const struct post_opened *post = &moves->posts[moves->ended[i]];
        at[answer->listed->ends.n++] = (struct list_end){ post->post, post->chain.at[0], post->until };
    }
}

/* His card was held against a row, and the answer says how it came out. */
static void told_of(struct said *answer, const struct uuid *person)
{
    struct list_read *read = answer->read;
    struct person_state state;

    if (!uuid_is_nil(person) && !id_among(person, read->persons.at, read->persons.n) && state_person(answer->ctx, person, &state))
        read->persons.at[read->persons.n++] = *person;
}

/* Nil: one who is not there yet (an earlier row would make him), or whom the asker does not reach. */
static struct uuid shown(struct ctx *ctx, const struct uuid *person)
{
    struct person_state state;
    return state_person(ctx, person, &state) && person_reached(ctx, person, &state) ? *person : UUID_NIL;
}

static int outcome_of(const struct worker_row *row)
{
    if (!row->match.found)
        return LIST_NEW_PERSON;
    if (row->edit == EDIT_NEW)
        return row->moves.ended_n > 0 ? LIST_MOVED : LIST_NEW_POST;
    return row->edit != EDIT_NONE || row->person_changed ? LIST_CHANGED : LIST_UNCHANGED;
}

/* Others who head the organisation on the first day of the post. */
static uint64_t heads_there(struct ctx *ctx, const struct worker_row *row)
{
    struct key prefix = key_of_uuid(&row->organisation.id);
    struct bytes key, value;
    struct unit_post other;
    struct scan scan;
    uint64_t n = 0;

    scan_begin(&scan, ctx->txn, T_UNIT_POSTS, key_bytes(&prefix));
    while (n < HEADS_MAX && scan_next(&scan, &key, &value) && state_unit_post(ctx, key, value, &other))
        n += other.brief.kind == POST_HEAD && uuid_equal(&other.brief.organisation, &row->organisation.id) &&
             !uuid_equal(&other.person, &row->person) && post_held(other.brief.from, other.brief.until, row->post.from);
    scan_end(&scan);
    return n;
}

static void candidates(struct said *answer)
{
    const struct match *match = &answer->row->match;
    struct list_candidate *at = ARENA_LIST(answer->ctx->arena, struct list_candidate, LIST_CANDIDATES_MAX);

    answer->listed->candidates.at = at;
    answer->listed->more = match->more && match->n > 0;
    for (uint32_t i = 0; i < match->n; i++) {
        struct uuid id = shown(answer->ctx, &match->candidate[i].person);
        if (answer->listed->outcome == LIST_DOUBTFUL)
            told_of(answer, &match->candidate[i].person);       /* out of reach as well: they are counted */
        if (uuid_is_nil(&id))
            continue;
        at[answer->listed->candidates.n++] = (struct list_candidate){ id, match->candidate[i].score };
        told_of(answer, &id);
    }
}

static void taken(struct said *answer)
{
    const struct worker_row *row = answer->row;
    struct listed *listed = answer->listed;
    struct post_opened known;

    listed->outcome = outcome_of(row);
    listed->ground = bytes(row->ground.b, HASH_SIZE);
    listed->head = row->kind == POST_HEAD;
    if (listed->head && row->edit == EDIT_NEW)
        listed->heads = heads_there(answer->ctx, row);
    if (!row->match.found) {
        candidates(answer);             /* who is alike: nobody is taken for him, a person may look */
        return;
    }
    listed->person = shown(answer->ctx, &row->person);
    told_of(answer, &row->person);      /* out of reach as well: what differs is said */
    card_changes(answer);
    if (row->edit == EDIT_NEW)
        ends(answer);
    else if (state_post(answer->ctx, &row->post.post, &known))
        listed->post = row->post.post;
    if (row->edit == EDIT_CHANGED || row->edit == EDIT_ENDED)
        post_changes(answer);
}

/* ── refused ──────────────────────────────────────────────────────────────── */

static void refused(struct said *answer, const struct problem *problem, const struct worker_record *given)
{
    struct listed *listed = answer->listed;
    struct ctx *ctx = answer->ctx;
    struct uuid person;
    const uint32_t most = 4;

    listed->outcome = doubt_reason(problem->reason) ? LIST_DOUBTFUL : LIST_REFUSED;
    listed->reason = problem->reason;
    if (problem->fields.n > 0) {
        listed->field = problem->fields.at[0].path;
        listed->rule = problem->fields.at[0].rule;
        listed->limit = problem->fields.at[0].limit;
    }
    listed->args.at = ARENA_LIST(ctx->arena, struct list_arg, most);
    for (uint32_t i = 0; i < problem->args.n && i < most; i++)
        listed->args.at[listed->args.n++] = (struct list_arg){ problem->args.at[i].name, problem->args.at[i].value };
    if (answer->row->match.found)
        told_of(answer, &answer->row->match.known.id);
    if (listed->outcome == LIST_DOUBTFUL)
        candidates(answer);
    if (given->code == NULL)
        return;
    struct hash hash = match_code(ctx, text_nfc(ctx->arena, given->code));
    if (state_match(ctx, T_MATCH_CODES, hash.b, &person))
        listed->person = shown(ctx, &person);
    told_of(answer, &listed->person);
}

/* ── the whole ────────────────────────────────────────────────────────────── */

/* What the rows say of persons, sealed or not. */
static void fields_said(struct ctx *ctx, const struct list_check *asked, struct list_read *read)
{
    enum { CODE, FAMILY, GIVEN, PATRONYMIC, BORN, SNILS, TEACHING, WORKING, EDUCATION, PEDAGOGICAL, SEALED, FIELDS };
    static const char *const NAMES[FIELDS] = { "code", "family", "given", "patronymic", "born", "snils", "teaching_since", "working_since",
                                               "education", "pedagogical_since", "sealed" };
    bool said[FIELDS] = { [CODE] = true, [FAMILY] = true, [GIVEN] = true, [BORN] = true };

    for (uint32_t i = 0; i < asked->rows.n; i++) {
        const struct worker_record *row = &asked->rows.at[i];
        said[PATRONYMIC] |= row->patronymic != NULL;
        said[SNILS] |= row->snils != NULL;
        said[TEACHING] |= row->teaching_since != 0;
        said[WORKING] |= row->working_since != 0;
        said[EDUCATION] |= row->education != NULL;
        said[PEDAGOGICAL] |= row->pedagogical_since != 0;
        said[SEALED] |= row->sealed.n > 0;
    }
    read->fields.at = ARENA_LIST(ctx->arena, const char *, FIELDS);
    for (int i = 0; i < FIELDS; i++)
        if (said[i])
            read->fields.at[read->fields.n++] = NAMES[i];
}

static void check_rows(struct ctx *ctx, const struct list_check *asked, struct list_checked *checked, struct list_read *read)
{
    const struct profile *profile = roster_config(ctx)->profile;
    struct ahead ahead = { 0, ARENA_LIST(ctx->arena, struct ahead_row, asked->rows.n) };

    *checked = (struct list_checked){
        .rows = { asked->rows.n, ARENA_LIST(ctx->arena, struct listed, asked->rows.n) },
        .vanish_percent = profile->lists != NULL ? profile->lists->vanish_percent : PROFILE_VANISH_PERCENT };
    *read = (struct list_read){ .rows = asked->rows.n, .purpose = asked->purpose };
    read->persons.at = ARENA_LIST(ctx->arena, struct uuid, asked->rows.n * LIST_READ_EACH);
    fields_said(ctx, asked, read);
    for (uint32_t i = 0; i < asked->rows.n; i++) {
        struct worker_row *row = ARENA_NEW(ctx->arena, struct worker_row);
        struct said answer = { ctx, row, &checked->rows.at[i], read };
        if (worker_row_take(ctx, &ahead, &asked->rows.at[i], row) != VERDICT_OK) {
            refused(&answer, refusal_take(ctx), &asked->rows.at[i]);
            continue;
        }
        taken(&answer);
        ahead_add(ctx, &ahead, row);
    }
}

enum verdict decide_list_check(struct ctx *ctx, const void *command)
{
    const struct uuid *region = &roster_config(ctx)->profile->region->id;
    struct list_checked checked;
    struct list_read read;

    check_rows(ctx, command, &checked, &read);
    if (!SABOTAGE("check_unsaid"))
        emit(ctx, "roster.list.checked", &read, region, 1);
    reply(ctx, &checked);
    return VERDICT_OK;
}

/* For who has lost the answer; of nobody whom the entry does not name. */
enum verdict answer_list_check(struct ctx *ctx, const void *command)
{
    struct list_checked checked;
    struct list_read read, said;
    struct msg_error error;

    if (msg_decode(&list_read_desc, ctx->entry->body, MSG_LENIENT, ctx->arena, &said, &error) != ERR_OK)
        return refuse(ctx, PROBLEM_INTERNAL, "answer");
    check_rows(ctx, command, &checked, &read);
    for (uint32_t i = 0; i < read.persons.n; i++)
        if (!id_among(&read.persons.at[i], said.persons.at, said.persons.n))
            return refuse(ctx, PROBLEM_EXPIRED, "reading_over");
    reply(ctx, &checked);
    return VERDICT_OK;
}

/* The entry itself is all there is to keep of a reading. */
void apply_list_checked(struct ctx *ctx, const void *event)
{
    (void)ctx;
    (void)event;
}
