/* compare: what the system found against DIR/expected.json, which was counted by other means. Every
 * difference is named; what one of the two knows and the other does not is a difference too. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include "cli/daemons/follow.h"
#include "cli/show/progress.h"
#include "cli/show/values.h"
#include "common/core/err.h"
#include "proto/roster_registers.h"
#include "proto/diagnostics.h"
#include "proto/roster_tree.h"

#define SHOWN_MAX 40                /* differences that are printed; all are counted */
#define FIND_MAX  256               /* codes in one question */

struct compare { struct cli *cli; const char *refused; uint64_t checked, different; };

static void differ(struct compare *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(struct compare *c, const char *format, ...)
{
    va_list args;
    if (c->different++ >= SHOWN_MAX)
        return;
    va_start(args, format);
    fputs("  ≠ ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text != NULL ? text : "";
}

static uint64_t number_of(const json_t *row, const char *name)
{
    json_int_t n = json_integer_value(json_object_get(row, name));
    return n > 0 ? (uint64_t)n : 0;
}

static void same_number(struct compare *c, const char *what, const char *name, uint64_t expected, uint64_t found)
{
    c->checked++;
    if (expected != found)
        differ(c, "%s: %s: expected %" PRIu64 ", found %" PRIu64, what, name, expected, found);
}

/* ── indicator values ─────────────────────────────────────────────────────── */
/* An older expectation names no act: then the indicator's code has to tell. */
static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static int by_key(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    int order = strcmp(or_empty(a->unit_code), or_empty(b->unit_code));
    if (order == 0)
        order = strcmp(a->indicator, b->indicator);
    if (order == 0)
        order = (a->year > b->year) - (a->year < b->year);
    return order != 0 || *or_empty(a->act) == '\0' || *or_empty(b->act) == '\0' ? order : strcmp(a->act, b->act);
}

static void same_text(struct compare *c, const char *what, const char *name, const char *expected, const char *found)
{
    c->checked++;
    if (strcmp(expected, found) != 0)
        differ(c, "%s: %s: expected %s, found %s", what, name, expected, found);
}

/* What the row names; a figure that it does not name is not compared. */
static void compare_value(struct compare *c, const char *what, const json_t *row, const struct value *v)
{
    static const struct value nothing = { .indicator = "" };
    v = v != NULL ? v : &nothing;
    const struct value_beside *beside = v->beside.n > 0 ? &v->beside.at[0] : &(const struct value_beside){ 0 };
    const struct { const char *name; uint64_t found; } figures[] = {
        { "numerator", v->numerator }, { "denominator", v->denominator },
        { "cumulative_numerator", v->cumulative_numerator }, { "cumulative_denominator", v->cumulative_denominator },
        { "beside_numerator", beside->numerator }, { "beside_denominator", beside->denominator },
        { "least", v->least }, { "greatest", v->greatest }, { "below", v->below }, { "above", v->above }, { "grade", v->grade },
    };
    const struct { const char *name; bool found; } answers[] = {
        { "yes", v->yes }, { "has_target", v->has_target }, { "met", v->met },
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (json_object_get(row, figures[i].name) != NULL)
            same_number(c, what, figures[i].name, number_of(row, figures[i].name), figures[i].found);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (json_object_get(row, answers[i].name) != NULL)
            same_text(c, what, answers[i].name, json_is_true(json_object_get(row, answers[i].name)) ? "yes" : "no",
                      answers[i].found ? "yes" : "no");
    same_text(c, what, "state", json_object_get(row, "state") != NULL ? text_of(row, "state") : "counted",
              value_state_names.names[v->state]);
}

static void compare_level(struct compare *c, const json_t *rows, struct values *found, const char *level)
{
    bool *seen = ARENA_LIST(&c->cli->arena, bool, found->n + 1);
    uint64_t first = UINT64_MAX, last = 0;
    size_t i;
    const json_t *row;
    qsort(found->at, found->n, sizeof *found->at, by_key);
    json_array_foreach((json_t *)rows, i, row) {
        const struct value key = { .act = text_of(row, "act"), .indicator = text_of(row, "indicator"),
                                   .unit_code = text_of(row, "unit"), .year = number_of(row, "year") };
        if (key.year < first)
            first = key.year;
        if (key.year > last)
            last = key.year;
        if (strcmp(text_of(row, "level"), level) != 0)
            continue;
        const char *what = arena_format(&c->cli->arena, "indicator %s %s, %" PRIu64 ", %s", key.act, key.indicator, key.year, key.unit_code);
        const struct value *v = found->n > 0 ? bsearch(&key, found->at, found->n, sizeof key, by_key) : NULL;
        compare_value(c, what, row, v);
        if (v != NULL)
            seen[v - found->at] = true;
    }
    for (uint32_t k = 0; k < found->n; k++) {
        const struct value *v = &found->at[k];
        bool beside = v->beside.n > 0 && (v->beside.at[0].numerator != 0 || v->beside.at[0].denominator != 0);
        if (!seen[k] && v->year >= first && v->year <= last
            && (v->numerator != 0 || v->denominator != 0 || v->cumulative_numerator != 0 || beside))
            differ(c, "indicator %s %s, %" PRIu64 ", %s: expected nothing, found %" PRIu64 " / %" PRIu64, v->act, v->indicator,
                   v->year, v->unit_code != NULL ? v->unit_code : "?", v->numerator, v->denominator);
    }
}

static int compare_values(struct compare *c, const json_t *rows)
{
    for (int level = 0; level < level_count; level++) {
        const struct values_of ask = { .level = level };
        struct values values;
        int code = values_fetch(c->cli, &ask, &values);
        if (code != CLI_OK)
            return code;
        compare_level(c, rows, &values, level_names.names[level]);
    }
    return CLI_OK;
}

/* ── populations ──────────────────────────────────────────────────────────── */
/* Identifiers of the organisations named in the rows, in the order of the rows. */
static int find_units(struct compare *c, const json_t *rows, struct uuid *ids)
{
    size_t n = json_array_size(rows);
    for (size_t from = 0; from < n; from += FIND_MAX) {
        const char *list[FIND_MAX];
        struct found found;
        uint32_t count = 0;
        while (count < FIND_MAX && from + count < n) {
            list[count] = text_of(json_array_get(rows, from + count), "unit");
            count++;
        }
        const struct codes ask = { .codes = { count, list } };
        int code = cli_ask(c->cli, "roster.organisation.find", &ask, &found);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < count && i < found.ids.n; i++)
            ids[from + i] = found.ids.at[i];
    }
    return CLI_OK;
}

static int compare_population(struct compare *c, const json_t *rows)
{
    static const struct { const char *name; size_t offset; } FIELDS[] = {
        { "workers", offsetof(struct population, workers) }, { "educators", offsetof(struct population, educators) },
        { "leaders", offsetof(struct population, leaders) }, { "young", offsetof(struct population, young) },
        { "teams", offsetof(struct population, teams) } };
    struct uuid *ids = ARENA_LIST(&c->cli->arena, struct uuid, json_array_size(rows) + 1);
    struct progress progress;
    int code = find_units(c, rows, ids);
    size_t i;
    const json_t *row;
    progress_start(&progress, "populations", json_array_size(rows));
    json_array_foreach((json_t *)rows, i, row) {
        const char *unit = text_of(row, "unit"), *on = text_of(row, "on");
        struct population_in ask = { .unit = ids[i] };
        struct population found;
        if (code != CLI_OK)
            break;
        const char *what = arena_format(&c->cli->arena, "population of %s on %s", unit, on);
        if (uuid_is_nil(&ask.unit) || !day_parse(&ask.on, on, strlen(on))) {
            differ(c, "%s: no such organisation or day", what);
            continue;
        }
        code = cli_ask(c->cli, "roster.population.count", &ask, &found);
        for (size_t f = 0; code == CLI_OK && f < sizeof FIELDS / sizeof *FIELDS; f++)
            if (json_object_get(row, FIELDS[f].name) != NULL)
                same_number(c, what, FIELDS[f].name, number_of(row, FIELDS[f].name),
                            *(const uint64_t *)((const char *)&found + FIELDS[f].offset));
        progress_at(&progress, i + 1);
    }
    progress_end(&progress);
    return code;
}

/* ── deficits of the region ───────────────────────────────────────────────── */
static int compare_deficits(struct compare *c, const json_t *rows)
{
    struct catalogue about;
    struct deficit_summary summary = { 0 };
    uint64_t year = 0;
    size_t i;
    const json_t *row;
    int code = cli_ask(c->cli, "indicators.catalogue.get", NULL, &about);
    json_array_foreach((json_t *)rows, i, row) {
        const char *competency = text_of(row, "competency");
        uint64_t persons = 0;
        if (code == CLI_OK && number_of(row, "year") != year) {
            year = number_of(row, "year");
            const struct unit_year ask = { about.region->id, year };
            code = cli_ask(c->cli, "diagnostics.deficit.summary", &ask, &summary);
        }
        if (code != CLI_OK)
            return code;
        for (uint32_t k = 0; k < summary.rows.n; k++)
            if (strcmp(summary.rows.at[k].competency, competency) == 0)
                persons = summary.rows.at[k].persons;
        same_number(c, arena_format(&c->cli->arena, "deficits of %" PRIu64, year), competency, number_of(row, "persons"), persons);
    }
    return code;
}

/* ── who stands in registers ──────────────────────────────────────────────── */
static int compare_registers(struct compare *c, const json_t *rows)
{
    struct uuid *ids = ARENA_LIST(&c->cli->arena, struct uuid, json_array_size(rows) + 1);
    int code = find_units(c, rows, ids);
    size_t i;
    const json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        const char *on = text_of(row, "on"), *name = text_of(row, "register");
        struct register_count_of ask = { .register_id = name, .unit = ids[i] };
        struct register_count found;
        if (code != CLI_OK)
            break;
        const char *what = arena_format(&c->cli->arena, "register %s on %s", name, on);
        if (uuid_is_nil(&ask.unit) || !day_parse(&ask.on, on, strlen(on))) {
            differ(c, "%s: no such organisation or day", what);
            continue;
        }
        if ((code = cli_ask(c->cli, "roster.register.count", &ask, &found)) == CLI_OK)
            same_number(c, what, "members", number_of(row, "members"), found.members);
    }
    return code;
}

/* ── how many entries of a kind ───────────────────────────────────────────── */
static const struct kind { const char *count, *service, *event; } KINDS[] = {
    { "persons",       "roster",      "roster.person.registered" },
    { "entries",       "roster",      "roster.entry.admitted" },
    { "proposals",     "roster",      "roster.entry.proposed" },
    { "parts",         "roster",      "roster.part.joined" },
    { "fulfilled",     "roster",      "roster.duty.fulfilled" },
    { "documents",     "roster",      "roster.document.registered" },
    { "sendings",      "roster",      "roster.document.sent" },
    { "acknowledged",  "roster",      "roster.document.acknowledged" },
    { "renamed",       "roster",      "roster.organisation.renamed" },
    { "founded",       "roster",      "roster.organisation.founded" },
    { "consents",      "roster",      "roster.consent.given" },
    { "withdrawals",   "roster",      "roster.consent.withdrawn" },
    { "trainings",     "roster",      "roster.training.recorded" },
    { "bookings",      "roster",      "roster.booking.made" },
    { "contests",      "roster",      "roster.call.opened" },
    { "applications",  "roster",      "roster.call.applied" },
    { "works",         "roster",      "roster.review.opened" },
    { "experts_asked", "roster",      "roster.review.assigned" },
    { "opinions",      "roster",      "roster.review.submitted" },
    { "works_decided", "roster",      "roster.review.closed" },
    { "procedures",    "diagnostics", "diagnostics.procedure.opened" },
    { "sittings",      "diagnostics", "diagnostics.sitting.scored" },
    { "programmes",    "programmes",  "programmes.programme.registered" },
    { "runs",          "programmes",  "programmes.run.recorded" },
    { "completions",   "programmes",  "programmes.completion.recorded" },
    { "enrolments",    "programmes",  "programmes.enrolment.opened" },
    { "departures",    "programmes",  "programmes.enrolment.ended" },
    { "attestations",  "programmes",  "programmes.attestation.recorded" },
    { "routes",        "routes",      "routes.route.drafted" },
    { "agreements",    "routes",      "routes.route.agreed" },
    { "effects",       "routes",      "routes.effect.shown" },
    { "tutors",        "routes",      "routes.tutor.appointed" },
    { "assignments",   "routes",      "routes.tutor.assigned" },
    { "judgements",    "indicators",  "indicators.judgement.recorded" },
    { "support",       "routes",      "routes.support.recorded" },
};

static bool count_one(void *arg, const struct entry *entry)
{
    (void)entry;
    ++*(uint64_t *)arg;
    return true;
}

/* What is said again when it changes is counted once: organisations; posts without those that only go on elsewhere. */
struct things { struct arena arena; struct uuid *at; uint32_t n, room; };

static void thing_add(struct things *things, const struct uuid *id)
{
    if (things->n == things->room) {
        struct uuid *more = ARENA_LIST(&things->arena, struct uuid, things->room * 2 + 1024);
        if (things->n > 0)
            memcpy(more, things->at, sizeof *more * things->n);
        things->at = more;
        things->room = things->room * 2 + 1024;
    }
    things->at[things->n++] = *id;
}

static bool organisation_one(void *arg, const struct entry *entry)
{
    struct arena arena = { 0 };
    struct organisation unit;
    struct msg_error error;
    if (msg_decode(&organisation_desc, entry->body, MSG_LENIENT, &arena, &unit, &error) == ERR_OK)
        thing_add(arg, &unit.id);
    arena_free(&arena);
    return true;
}

static bool post_one(void *arg, const struct entry *entry)
{
    struct arena arena = { 0 };
    struct post_opened post;
    struct msg_error error;
    if (msg_decode(&post_opened_desc, entry->body, MSG_LENIENT, &arena, &post, &error) == ERR_OK && post.began == 0)
        thing_add(arg, &post.post);
    arena_free(&arena);
    return true;
}

static int by_id(const void *a, const void *b) { return uuid_compare(a, b); }

static int compare_things(struct compare *c, const json_t *counts, const char *name, const char *event, follow_each *each)
{
    const struct follow_ask ask = { .service = "roster", .event = event };
    struct things things = { .n = 0 };
    uint64_t found = 0;
    int code = json_object_get(counts, name) != NULL ? follow_journal(c->cli, &ask, each, &things) : CLI_OK;
    if (things.n > 1)
        qsort(things.at, things.n, sizeof *things.at, by_id);
    for (uint32_t i = 0; i < things.n; i++)
        found += i == 0 || !uuid_equal(&things.at[i - 1], &things.at[i]);
    arena_free(&things.arena);
    if (code == CLI_OK && json_object_get(counts, name) != NULL)
        same_number(c, "things", name, number_of(counts, name), found);
    return code;
}

static int compare_counts(struct compare *c, const json_t *counts)
{
    int things = compare_things(c, counts, "organisations", "roster.organisation.registered", organisation_one);
    if (things == CLI_OK)
        things = compare_things(c, counts, "posts", "roster.post.opened", post_one);
    if (things != CLI_OK)
        return things;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        const struct follow_ask ask = { .service = KINDS[i].service, .event = KINDS[i].event };
        uint64_t found = 0;
        if (json_object_get(counts, KINDS[i].count) == NULL)
            continue;
        int code = follow_journal(c->cli, &ask, count_one, &found);
        if (code != CLI_OK)
            return code;
        same_number(c, "entries", KINDS[i].event, number_of(counts, KINDS[i].count), found);
    }
    return CLI_OK;
}

/* ── rows that had to be refused ──────────────────────────────────────────── */
/* `file`: one JSON object a line, as rsnms history load --json prints them. */
static const json_t *find_row(const json_t *rows, uint64_t line, bool *seen)
{
    size_t i;
    const json_t *row;
    json_array_foreach((json_t *)rows, i, row)
        if (number_of(row, "line") == line && !seen[i]) {
            seen[i] = true;
            return row;
        }
    return NULL;
}

static void compare_refusal(struct compare *c, const json_t *rows, bool *seen, const json_t *found)
{
    const char *what = arena_format(&c->cli->arena, "refused line %" PRIu64, number_of(found, "line"));
    const json_t *row = find_row(rows, number_of(found, "line"), seen);
    c->checked++;
    if (row == NULL)
        differ(c, "%s: expected to be taken, refused: %s", what, text_of(found, "reason"));
    else if (strcmp(text_of(row, "column"), text_of(found, "column")) != 0
             || strcmp(text_of(row, "reason"), text_of(found, "reason")) != 0)
        differ(c, "%s: expected %s: %s, found %s: %s", what, text_of(row, "column"), text_of(row, "reason"),
               text_of(found, "column"), text_of(found, "reason"));
}

static int compare_refused(struct compare *c, const json_t *rows)
{
    bool *seen = ARENA_LIST(&c->cli->arena, bool, json_array_size(rows) + 1);
    json_error_t error;
    FILE *file = c->refused != NULL ? fopen(c->refused, "re") : NULL;
    if (c->refused == NULL) {
        puts("refused      not compared: --refused FILE names what the load has said");
        return CLI_OK;
    }
    if (file == NULL)
        return cli_say(CLI_FAILED, "%s: %s", c->refused, strerror(errno));
    for (json_t *found; (found = json_loadf(file, JSON_DISABLE_EOF_CHECK, &error)) != NULL; json_decref(found))
        compare_refusal(c, rows, seen, found);
    fclose(file);
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (!seen[i])
            differ(c, "refused line %" PRIu64 ": expected %s, but it was taken", number_of(json_array_get(rows, i), "line"),
                   text_of(json_array_get(rows, i), "reason"));
    return CLI_OK;
}

/* ── the whole ────────────────────────────────────────────────────────────── */
static int compare_all(struct compare *c, const json_t *expected)
{
    static const struct { const char *name; int (*run)(struct compare *c, const json_t *part); } PARTS[] = {
        { "values", compare_values }, { "population", compare_population }, { "deficits", compare_deficits },
        { "registers", compare_registers }, { "counts", compare_counts }, { "refused", compare_refused } };
    bool any = false;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        const json_t *part = json_object_get(expected, PARTS[i].name);
        if (part == NULL)
            continue;
        any = true;
        uint64_t checked = c->checked, different = c->different;
        int code = PARTS[i].run(c, part);
        if (code != CLI_OK)
            return code;
        if (c->checked > checked || c->different > different)
            printf("%-12s %" PRIu64 " figures, %" PRIu64 " differences\n", PARTS[i].name, c->checked - checked,
                   c->different - different);
    }
    return any ? CLI_OK : cli_say(CLI_FAILED, "nothing to compare in it");
}

int verb_compare(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "refused", required_argument, NULL, 'r' }, { 0 } };
    struct compare compare = { .cli = cli };
    json_error_t error;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        if (c != 'r')
            return CLI_USAGE;
        else
            compare.refused = optarg;
    if (optind + 1 != argc)
        return cli_usage("compare", "one DIR is needed");
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    const char *file = arena_format(&cli->arena, "%s/expected.json", argv[optind]);
    json_t *expected = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    if (expected == NULL)
        return cli_say(CLI_FAILED, "%s:%d:%d: %s", file, error.line, error.column, error.text);
    code = compare_all(&compare, expected);
    json_decref(expected);
    if (code != CLI_OK)
        return code;
    if (compare.different > SHOWN_MAX)
        printf("  … and %" PRIu64 " more\n", compare.different - SHOWN_MAX);
    if (compare.different > 0)
        return cli_say(CLI_FAILED, "%" PRIu64 " of %" PRIu64 " figures differ from %s", compare.different,
                       compare.checked, file);
    printf("all %" PRIu64 " figures are those of %s\n", compare.checked, file);
    return CLI_OK;
}
