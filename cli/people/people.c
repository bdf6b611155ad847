/* people: by words of their names, by what they do, one of them, and how many. */
#include "cli/people/people.h"

#include <stdlib.h>
#include <time.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "common/core/err.h"
#include "proto/roster_people.h"
#include "proto/roster_privacy.h"
#include "proto/roster_search.h"
#include "services/shared/civil.h"
#include "services/shared/snils.h"

/* ── whom it is about ─────────────────────────────────────────────────────── */
/* The options of list, search and count. */
struct whom {
    const char *unit, *post, *subject, *population, *band, *register_id;
    uint64_t years_from, years_under;
    day_t on;
};
#define WHOM_ARGS(w)                                                                                                      \
    { "unit", ARG_TEXT, &(w)->unit, false }, { "on", ARG_DAY, &(w)->on, false }, { "post", ARG_TEXT, &(w)->post, false },  \
    { "subject", ARG_TEXT, &(w)->subject, false }, { "population", ARG_TEXT, &(w)->population, false },                    \
    { "band", ARG_TEXT, &(w)->band, false }, { "register", ARG_TEXT, &(w)->register_id, false },                           \
    { "years-from", ARG_NUMBER, &(w)->years_from, false }, { "years-under", ARG_NUMBER, &(w)->years_under, false }

/* The unit's identifier; nil where none was named. */
static int whom_read(struct cli *cli, const struct whom *whom, struct uuid *unit)
{
    return whom->unit != NULL ? refer_organisation(cli, whom->unit, unit) : cli_config(cli);
}

static bool is_filtered(const struct whom *whom)
{
    return whom->post != NULL || whom->subject != NULL || whom->population != NULL || whom->band != NULL ||
           whom->register_id != NULL || whom->years_from > 0 || whom->years_under > 0;
}

#define WHOM_OF(w) .on = (w)->on, .post = (w)->post, .subject = (w)->subject, .years_from = (w)->years_from,                 \
    .years_under = (w)->years_under, .population = (w)->population, .band = (w)->band, .register_id = (w)->register_id

/* ── search ───────────────────────────────────────────────────────────────── */
#define WAIT_STEP_MS 200
#define WAIT_MS      60000

static const struct export_column FOUND_COLUMNS[] = {
    { "family",       "column.family",       EXPORT_TEXT,   NULL, false },
    { "given",        "column.given_name",   EXPORT_TEXT,   NULL, false },
    { "patronymic",   "column.patronymic",   EXPORT_TEXT,   NULL, false },
    { "organisation", "column.organisation", EXPORT_LONG,   NULL, false },
    { "post",         "column.post",         EXPORT_TEXT,   NULL, false },
    { "subject",      "column.subject",      EXPORT_TEXT,   NULL, false },
    { "from",         "column.from",         EXPORT_DAY,    NULL, false },
    { "posts",        "column.posts",        EXPORT_NUMBER, NULL, true  },
    { "id",           "column.id",           EXPORT_TEXT,   NULL, false },
};

static void found_row(struct export *out, const struct found_person *row)
{
    export_row(out, (const char *const[]){
        row->family, row->given, row->patronymic, row->organisation_title, row->post, row->subject, export_day(out->cli, row->from),
        export_number(out->cli, row->posts), export_id(out->cli, &row->person) });
}

/* The index of names is built after each start: everything else works meanwhile. */
static int search_page(struct cli *cli, const struct person_search *ask, struct people_found *page)
{
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    struct client_reply reply;
    int err = ERR_OK;
    for (unsigned waited = 0; ; waited += WAIT_STEP_MS) {
        *page = (struct people_found){ 0 };
        err = cli_try(cli, "roster.person.search", ask, page, &reply, where);
        if (err != ERR_OK || reply.problem == NULL || strcmp(reply.problem->reason, "indexing") != 0 || waited >= WAIT_MS)
            return cli_outcome(cli, "roster.person.search", err, &reply, where);
        nanosleep(&(struct timespec){ 0, WAIT_STEP_MS * 1000000L }, NULL);
    }
}

int verb_people_search(struct cli *cli, int argc, char **argv)
{
    struct person_search ask = { 0 };
    struct people_found page;
    struct export out = { 0 };
    struct whom whom = { 0 };
    uint64_t wanted = 0;
    bool all = false;
    int code = args_read("people search", &argc, argv, ARGS({ "purpose", ARG_TEXT, &ask.purpose, true }, WHOM_ARGS(&whom),
                         { "count", ARG_NUMBER, &wanted, false }, { "all", ARG_FLAG, &all, false }, EXPORT_ARGS(&out)), "WORD…", 1, 6);
    if (code != CLI_OK || (code = whom_read(cli, &whom, &ask.unit)) != CLI_OK)
        return code;
    ask = (struct person_search){ .words = { (uint32_t)argc - 1, (const char **)argv + 1 }, .purpose = ask.purpose, .unit = ask.unit,
                                  WHOM_OF(&whom) };
    wanted = all ? EXPORT_ROWS_MAX : wanted > 0 ? wanted : 20;
    export_start(&out, cli, FOUND_COLUMNS, sizeof FOUND_COLUMNS / sizeof *FOUND_COLUMNS);
    do {
        ask.limit = wanted - out.n < SEARCH_ROWS_MAX ? wanted - out.n : SEARCH_ROWS_MAX;
        if ((code = search_page(cli, &ask, &page)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < page.rows.n; i++)
            found_row(&out, &page.rows.at[i]);
        ask.after = page.next;
    } while (ask.after.n > 0 && out.n < wanted);
    if (ask.after.n > 0)
        fprintf(stderr, "%s\n", cli_words(cli, "people.more", &(const struct catalogue_arg){ "shown", export_number(cli, out.n) }, 1));
    return export_end(&out);
}

/* ── list ─────────────────────────────────────────────────────────────────── */
static const struct export_column LIST_COLUMNS[] = {
    { "code",      "column.code",         EXPORT_TEXT, NULL, false },
    { "title",     "column.organisation", EXPORT_LONG, NULL, false },
    { "post",      "column.post",         EXPORT_TEXT, NULL, false },
    { "subject",   "column.subject",      EXPORT_TEXT, NULL, false },
    { "part_time", "column.part_time",    EXPORT_FLAG, NULL, false },
    { "from",      "column.from",         EXPORT_DAY,  NULL, false },
    { "until",     "column.until",        EXPORT_DAY,  NULL, false },
    { "rate",      "column.rate",         EXPORT_TEXT, NULL, false },
    { "matching",  "column.matching",     EXPORT_TEXT, "yes_no", false },
    { "person",    "column.person",       EXPORT_PERSON, NULL, false },
};

static void post_row(struct export *out, const struct units *units, const struct post_opened *post)
{
    struct cli *cli = out->cli;
    export_row(out, (const char *const[]){ units_code(units, &post->chain.at[0]), units_title(units, &post->chain.at[0]), post->title,
               post->subject, post->main ? "" : "yes", export_day(cli, post->from), export_day(cli, post->until),
               post->rate != 0 ? export_hundredths(cli, post->rate) : NULL,
               post->matching != SAID_NOTHING ? yes_no_names.names[post->matching] : NULL, export_id(cli, &post->person) });
}

/* All of them, page by page; without a unit those of the region. */
static int list_each(struct cli *cli, const struct whom *whom, void (*each)(void *arg, const struct post_opened *post), void *arg)
{
    struct uuid unit = UUID_NIL;
    int code = whom_read(cli, whom, &unit);
    struct workers_of ask = { .limit = 1000, WHOM_OF(whom) };
    struct worker_list page;
    ask.unit = uuid_is_nil(&unit) ? cli->config.region : unit;
    for (bool more = code == CLI_OK; more; more = ask.after.n > 0) {
        page = (struct worker_list){ 0 };
        if ((code = cli_ask(cli, "roster.worker.list", &ask, &page)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < page.rows.n; i++)
            each(arg, &page.rows.at[i]);
        ask.after = page.next;
    }
    return code;
}

struct posts { struct export out; struct units units; };

static void posts_add(void *arg, const struct post_opened *post)
{
    struct posts *posts = arg;
    post_row(&posts->out, &posts->units, post);
}

int verb_people_list(struct cli *cli, int argc, char **argv)
{
    struct posts posts = { 0 };
    struct whom whom = { 0 };
    int code = args_read("people list", &argc, argv, ARGS(WHOM_ARGS(&whom), EXPORT_NAMES_ARGS(&posts.out)), "", 0, 0);
    if (code != CLI_OK || (code = units_fetch(&posts.units, cli, 0)) != CLI_OK)
        return code;
    export_start(&posts.out, cli, LIST_COLUMNS, sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS);
    code = list_each(cli, &whom, posts_add, &posts);
    return code == CLI_OK ? export_end(&posts.out) : code;
}

/* ── show ─────────────────────────────────────────────────────────────────── */
/* 1979-08-17 and 11223344595, as they are in the card, as people write them. */
static const char *born_said(struct cli *cli, const char *born)
{
    struct civil date;
    return civil_parse(&date, born) ? arena_format(&cli->arena, "%02d.%02d.%04d", date.day, date.month, date.year) : born;
}

static const char *snils_said(struct cli *cli, const char *snils)
{
    return snils != NULL && strlen(snils) == SNILS_DIGITS
           ? arena_format(&cli->arena, "%.3s-%.3s-%.3s %.2s", snils, snils + 3, snils + 6, snils + 9) : snils;
}

static void card_print(struct cli *cli, const struct uuid *id, const struct person_card *card)
{
    export_line(cli, "column.family", card->family);
    export_line(cli, "column.given_name", card->given);
    export_line(cli, "column.patronymic", card->patronymic);
    export_line(cli, "column.born", born_said(cli, card->born));
    export_line(cli, "column.snils", snils_said(cli, card->snils));
    export_line(cli, "column.code", card->code);
    export_line(cli, "column.working_since", export_day_said(cli, card->working_since));
    export_line(cli, "column.teaching_since", export_day_said(cli, card->teaching_since));
    if (card->education != EDUCATION_UNKNOWN)
        export_line(cli, "column.education", cli_word(cli, arena_format(&cli->arena, "education_level.%s", education_level_names.names[card->education])));
    if (card->pedagogical != SAID_NOTHING)
        export_line(cli, "column.pedagogical", cli_word(cli, arena_format(&cli->arena, "yes_no.%s", yes_no_names.names[card->pedagogical])));
    export_line(cli, "column.pedagogical_since", export_day_said(cli, card->pedagogical_since));
    export_line(cli, "column.id", export_id(cli, id));
}

int verb_people_show(struct cli *cli, int argc, char **argv)
{
    struct person_read read = { 0 };
    struct person_of of;
    struct person_card card;
    struct worker_list posts;
    struct export out = { 0 };
    struct units units;
    int code = args_read("people show", &argc, argv, ARGS({ "purpose", ARG_TEXT, &read.purpose, true }), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &read.person)) != CLI_OK)
        return code;
    of.person = read.person;
    if ((code = cli_ask(cli, "roster.person.read", &read, &card)) != CLI_OK ||
        (code = cli_ask(cli, "roster.post.of", &of, &posts)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&person_card_desc, &card);
        cli_print_json(&worker_list_desc, &posts);
        return CLI_OK;
    }
    if ((code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    card_print(cli, &read.person, &card);
    export_start(&out, cli, LIST_COLUMNS, sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS - 1);      /* whose they are is known */
    for (uint32_t i = 0; i < posts.rows.n; i++)
        post_row(&out, &units, &posts.rows.at[i]);
    return export_end(&out);
}

/* ── count ────────────────────────────────────────────────────────────────── */
static const struct export_column COUNT_COLUMNS[] = {
    { "population", "column.population", EXPORT_TEXT,   NULL, false },
    { "size",       "column.size",       EXPORT_NUMBER, NULL, false },
    { "title",      "column.title",      EXPORT_LONG,   NULL, false },
    { "clause",     "column.clause",     EXPORT_TEXT,   NULL, true  },
    { "teams",      "column.teams",      EXPORT_FLAG,   NULL, true  },
};
static const struct export_column FILTERED_COLUMNS[] = {
    { "people", "column.people", EXPORT_NUMBER, NULL, false },
    { "posts",  "column.posts",  EXPORT_NUMBER, NULL, false },
};

struct heads { struct uuid last; uint64_t people, posts; };

/* Rows of a unit come person by person. */
static void count_head(void *arg, const struct post_opened *post)
{
    struct heads *heads = arg;
    heads->people += !uuid_equal(&heads->last, &post->person);
    heads->last = post->person;
    heads->posts++;
}

static int count_filtered(struct cli *cli, struct export *out, const struct whom *whom)
{
    struct heads heads = { UUID_NIL, 0, 0 };
    int code = list_each(cli, whom, count_head, &heads);
    if (code != CLI_OK)
        return code;
    export_start(out, cli, FILTERED_COLUMNS, sizeof FILTERED_COLUMNS / sizeof *FILTERED_COLUMNS);
    export_row(out, (const char *const[]){ export_number(cli, heads.people), export_number(cli, heads.posts) });
    return export_end(out);
}

/* Of every population that the profile defines for the day. */
static int count_populations(struct cli *cli, struct export *out, const struct population_in *ask)
{
    struct population_sizes sizes;
    int code = cli_ask(cli, "roster.population.sizes", ask, &sizes);
    if (code != CLI_OK)
        return code;
    export_start(out, cli, COUNT_COLUMNS, sizeof COUNT_COLUMNS / sizeof *COUNT_COLUMNS);
    for (uint32_t i = 0; i < sizes.rows.n; i++) {
        const struct population_size *row = &sizes.rows.at[i];
        export_row(out, (const char *const[]){ row->id, export_number(cli, row->size), row->title, row->clause, row->teams ? "yes" : "" });
    }
    return export_end(out);
}

int verb_people_count(struct cli *cli, int argc, char **argv)
{
    struct population_in ask = { 0 };
    struct refer_tree tree = { 0 };
    struct export out = { 0 };
    struct whom whom = { 0 };
    int code = args_read("people count", &argc, argv, ARGS(WHOM_ARGS(&whom), REFER_TREE_ARGS(&tree), EXPORT_ARGS(&out)), "", 0, 0);
    if (code != CLI_OK)
        return code;
    if (is_filtered(&whom) && (tree.now || tree.founder))
        return cli_usage("people count", "--now and --founder are for the sizes of populations, without filters");
    if (is_filtered(&whom))
        return count_filtered(cli, &out, &whom);
    if ((code = whom_read(cli, &whom, &ask.unit)) != CLI_OK)
        return code;
    if (uuid_is_nil(&ask.unit))
        ask.unit = cli->config.region;
    if ((ask.on = whom.on) == 0)
        args_day("today", &ask.on);
    REFER_TREE(&ask, &tree);
    return count_populations(cli, &out, &ask);
}
