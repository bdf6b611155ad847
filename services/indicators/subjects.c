#include "common/core/err.h"
#include "common/store/store.h"
#include "services/indicators/records.h"
#include "services/indicators/tutors.h"

/* indicators.value.subjects: who or what stands behind a number. The same counting that made the number walks
 * over the records once more, with one column alone; so the two agree, or a recount would not.
 *
 * Cost       a page looks at so many records at most and may come back short, with a `next`: a number of a small
 *            school in a large region takes several pages, and no page holds a reader for long. */
#define PAGE_IDS       100
#define PAGE_IDS_MAX   1000
#define RECORDS_LOOKED 20000

struct looking {
    struct ctx *ctx;
    struct rules one;                       /* the column alone */
    const struct rules *rules;
    uint32_t column, year;
    bool charges;                           /* of a corridor's numerator: the charges, not the tutors */
    bool corridor;
    struct uuid unit;
    uint32_t limit;
    struct arena *scratch;
    struct subject_ids found;
};

/* How often the record with this key counts: once or not at all; a charge once for each of his tutors. */
typedef uint32_t look(struct looking *l, const struct uuid *id, struct bytes value);

static bool looked_marked(struct looking *l, const struct marks *marks)
{
    return marked(marks, &l->unit, cell_of(&l->one, 0, l->year));
}

static bool worker_read(struct looking *l, struct bytes value, struct worker *worker)
{
    if (worker_decode(value, l->scratch, worker))
        return true;
    txn_fail(l->ctx->txn, ERR_CORRUPT);
    return false;
}

static uint32_t look_person(struct looking *l, const struct uuid *id, struct bytes value)
{
    struct worker worker;
    struct marks marks;

    (void)id;
    if (!worker_read(l, value, &worker))
        return 0;
    if (l->one.column->subject == SUBJECT_PERSON)
        count_worker(&l->one, &worker, l->scratch, &marks);
    else
        member_count(l->ctx, &l->one, &worker, l->scratch, NULL, NULL, &marks);
    return looked_marked(l, &marks);
}

static uint32_t look_team(struct looking *l, const struct uuid *id, struct bytes value)
{
    struct team_record team;
    struct marks marks;

    (void)value;
    if (!team_load(l->ctx, id, l->scratch, NULL, NULL, &team))
        return 0;
    count_team(&l->one, &team, l->scratch, &marks);
    return looked_marked(l, &marks);
}

static uint32_t look_programme(struct looking *l, const struct uuid *id, struct bytes value)
{
    struct programme_record programme;
    struct marks marks;

    (void)id;
    if (!programme_decode(value, l->scratch, &programme)) {
        txn_fail(l->ctx->txn, ERR_CORRUPT);
        return 0;
    }
    count_programme(&l->one, &programme, l->scratch, &marks);
    return looked_marked(l, &marks);
}

static bool tutor_read(struct looking *l, const struct uuid *id, struct worker *tutor)
{
    struct key key = key_of_uuid(id);
    struct bytes value;

    *tutor = (struct worker){ 0 };
    return !txn_get(l->ctx->txn, T_WORKERS, key_bytes(&key), &value) || worker_read(l, value, tutor);
}

static uint32_t look_tutor(struct looking *l, const struct uuid *id, struct bytes value)
{
    uint64_t *cell = ARENA_LIST(l->scratch, uint64_t, l->rules->cells);
    struct worker tutor;

    (void)value;
    counters_get(l->ctx, id, cell);
    if (!tutor_read(l, id, &tutor) || !tutor_in(l->rules, &tutor, &l->unit, l->year))
        return 0;
    return cell[cell_of(l->rules, l->column, l->year)] != 0
        || (l->corridor && tutor_in_office(l->rules, &tutor, l->column, l->year));
}

static uint32_t look_charge(struct looking *l, const struct uuid *id, struct bytes value)
{
    struct worker worker, tutor;
    struct marks marks;
    uint32_t tutors = 0;

    (void)id;
    if (!worker_read(l, value, &worker))
        return 0;
    count_worker(&l->one, &worker, l->scratch, &marks);
    for (uint32_t i = 0; i < marks.n; i++)
        tutors += marked(&marks, &marks.at[i].unit, cell_of(&l->one, 0, l->year))
               && tutor_read(l, &marks.at[i].unit, &tutor) && tutor_in(l->rules, &tutor, &l->unit, l->year);
    return tutors;
}

/* ── the walk ─────────────────────────────────────────────────────────────── */

static void next_after(struct looking *l, const struct uuid *last)
{
    l->found.next = arena_bytes(l->ctx->arena, bytes(last, sizeof *last));
}

static void walk(struct looking *l, int table, look *each, struct bytes after)
{
    struct arena scratch = { .keep = 256 * 1024 };
    struct bytes key, value;
    struct scan scan;
    struct uuid last = UUID_NIL;
    uint32_t looked = 0;
    bool more = false;

    l->scratch = &scratch;
    scan_begin(&scan, l->ctx->txn, (table_t)table, bytes(NULL, 0));
    if (after.n != 0)
        scan_from(&scan, after);
    while (!more && scan_next(&scan, &key, &value)) {
        if (after.n != 0 && bytes_equal(key, after))
            continue;
        struct key_reader reader = key_read(key);
        struct uuid id = key_read_uuid(&reader);
        uint32_t times = l->found.ids.n < l->limit && looked < RECORDS_LOOKED ? each(l, &id, value) : UINT32_MAX;
        arena_reset(&scratch);
        more = times == UINT32_MAX || (l->found.ids.n != 0 && times > l->limit - l->found.ids.n);
        for (; !more && times > 0 && l->found.ids.n < PAGE_IDS_MAX; times--)
            l->found.ids.at[l->found.ids.n++] = id;
        last = more ? last : id;
        looked++;
    }
    scan_end(&scan);
    arena_free(&scratch);
    if (more)
        next_after(l, &last);
}

static const struct { int table; look *each; } LOOKS[subject_count] = {
    [SUBJECT_PERSON]      = { T_WORKERS,    look_person },
    [SUBJECT_TEAM]        = { T_TEAMS,      look_team },
    [SUBJECT_PROGRAMME]   = { T_PROGRAMMES, look_programme },
    [SUBJECT_TEAM_MEMBER] = { T_WORKERS,    look_person },
    [SUBJECT_TUTOR]       = { T_TUTORS,     look_tutor },
};

static void look_all(struct looking *l, const struct subjects_of *of)
{
    int subject = l->one.column->subject;

    l->limit = of->limit == 0 ? PAGE_IDS : of->limit > PAGE_IDS_MAX ? PAGE_IDS_MAX : (uint32_t)of->limit;
    l->found.ids.at = ARENA_LIST(l->ctx->arena, struct uuid, PAGE_IDS_MAX);
    l->found.kind = l->charges ? SUBJECT_PERSON : subject;
    if (l->charges)
        walk(l, T_WORKERS, look_charge, of->after);
    else
        walk(l, LOOKS[subject].table, LOOKS[subject].each, of->after);
}

/* ── the question ─────────────────────────────────────────────────────────── */

static enum verdict look_where(struct looking *l, const struct subjects_of *of)
{
    struct organisation unit;

    l->unit = uuid_is_nil(&of->unit) ? l->rules->profile->region->id : of->unit;
    if (!unit_find(l->ctx, &l->unit, &unit))
        return refuse_unit(l->ctx, &l->unit);
    return may_reach(l->ctx, unit.chain.at, unit.chain.n) ? VERDICT_OK : REFUSE_REACH(l->ctx);
}

static enum verdict look_what(struct looking *l, const struct subjects_of *of)
{
    const struct profile *profile = l->rules->profile;
    const char *fault;
    uint32_t indicator;

    if (!indicator_find(profile, of->act, of->indicator, &indicator, &fault))
        return refuse_indicator(l->ctx, fault, of->indicator);
    if (of->year < profile->first_year || of->year > profile->last_year)
        return refuse_year(l->ctx, of->year, "year_unknown");
    l->year = (uint32_t)(of->year - profile->first_year);
    l->corridor = profile->indicators.at[indicator].measure == MEASURE_CORRIDOR && of->line == LINE_MAIN;
    l->charges = l->corridor && of->side == OF_NUMERATOR;
    l->column = l->rules->line[indicator][of->line].column[l->corridor ? SIDE_NUMERATOR : (enum side)of->side];
    if (l->column == NO_COLUMN)
        return refuse_indicator(l->ctx, "side_not_counted", of->indicator);
    l->one = rules_of_column(l->rules, l->column);
    return VERDICT_OK;
}

enum verdict answer_subjects(struct ctx *ctx, const void *query)
{
    const struct subjects_of *of = query;
    struct looking l = { .ctx = ctx, .rules = ctx->config };

    if (look_what(&l, of) != VERDICT_OK || look_where(&l, of) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (of->after.n != 0 && of->after.n != sizeof(struct uuid))
        return refuse(ctx, PROBLEM_INVALID, "page_unknown");
    if (!counters_current(ctx) && txn_count(ctx->txn, T_COUNTERS) != 0)
        return refuse(ctx, PROBLEM_UNAVAILABLE, "counting_changed");
    look_all(&l, of);
    reply(ctx, &l.found);
    return VERDICT_OK;
}
