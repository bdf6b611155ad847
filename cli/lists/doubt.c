#include "cli/lists/doubt.h"

#include <inttypes.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/lists/staff_plan.h"
#include "proto/roster_doubts.h"
#include "proto/roster_privacy.h"

static const struct export_column COLUMNS[] = {
    { "mark",         "column.mark",         EXPORT_TEXT, NULL,     false }, { "organisation", "column.organisation", EXPORT_TEXT,   NULL, false },
    { "post",         "column.post",         EXPORT_TEXT, NULL,     false }, { "reason",       "column.reason",       EXPORT_LONG,   "reason", false },
    { "candidates",   "column.candidates",   EXPORT_TEXT, NULL,     false }, { "list",         "column.list",         EXPORT_TEXT,   NULL, false },
    { "line",         "column.line",         EXPORT_NUMBER, NULL,   false }, { "day",          "column.day",          EXPORT_DAY,    NULL, false },
    { "id",           "column.id",           EXPORT_TEXT, NULL,     true  },
};

struct rows { struct export out; struct units units; };
static void doubt_row(void *arg, const void *row)
{
    const struct doubt *doubt = row;
    struct rows *rows = arg;
    struct cli *cli = rows->out.cli;
    const char *candidates = "";
    for (uint32_t i = 0; i < doubt->candidates.n; i++)
        candidates = arena_format(&cli->arena, "%s%s%s", candidates, i > 0 ? " " : "", export_id(cli, &doubt->candidates.at[i].person));
    export_row(&rows->out, (const char *const[]){ refer_mark(cli, &doubt->doubt), units_code(&rows->units, &doubt->chain.at[0]), doubt->post,
               doubt->reason, candidates, doubt->list, doubt->line != 0 ? export_number(cli, doubt->line) : "", export_day(cli, doubt->day),
               export_id(cli, &doubt->doubt) });
}

int verb_doubt_list(struct cli *cli, int argc, char **argv)
{
    struct rows rows = { 0 };
    const char *unit = NULL;
    struct doubts_of ask = { .limit = 1000 };
    int code = args_read("doubt list", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, EXPORT_ARGS(&rows.out)), "", 0, 0);
    if (code != CLI_OK || (code = refer_unit(cli, unit, &ask.unit)) != CLI_OK || (code = units_fetch(&rows.units, cli, 0)) != CLI_OK)
        return code;
    export_start(&rows.out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    if ((code = cli_each(cli, "roster.doubt.list", &ask, doubt_row, &rows)) != CLI_OK)
        return code;
    return export_end(&rows.out);
}

struct sought { const char *text; struct doubt doubt; uint32_t fit; };
static void doubt_fits(void *arg, const void *row)
{
    const struct doubt *doubt = row;
    struct sought *sought = arg;
    if (refer_mark_is(&doubt->doubt, sought->text)) {
        sought->doubt = *doubt;
        sought->fit++;
    }
}

/* By its mark among those that wait under the unit, NULL: the region. */
static int doubt_refer(struct cli *cli, const char *unit, const char *text, struct doubt *doubt)
{
    struct sought sought = { .text = text };
    struct doubts_of ask = { .limit = 1000 };
    const struct catalogue_arg args[] = { { "code", text } };
    int code = refer_unit(cli, unit, &ask.unit);
    if (code != CLI_OK || (code = cli_each(cli, "roster.doubt.list", &ask, doubt_fits, &sought)) != CLI_OK)
        return code;
    *doubt = sought.doubt;
    return sought.fit == 1 ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_words(cli, "refer.no_doubt", args, 1));
}

static const struct export_column CANDIDATE_COLUMNS[] = {
    { "person", "column.person", EXPORT_PERSON, NULL, false }, { "score", "column.score", EXPORT_NUMBER, NULL, false },
    { "code", "column.organisation", EXPORT_TEXT, NULL, false }, { "post", "column.post", EXPORT_TEXT, NULL, false },
    { "subject", "column.subject", EXPORT_TEXT, NULL, false }, { "from", "column.from", EXPORT_DAY, NULL, false },
    { "until", "column.until", EXPORT_DAY, NULL, false },
};

/* Each candidate with his posts: a row for each, one without where he holds none. */
static int candidate_rows(struct cli *cli, struct export *out, const struct units *units, const struct list_candidate *one)
{
    const struct person_of of = { one->person };
    struct worker_list posts = { 0 };
    const char *id = export_id(cli, &one->person), *score = export_number(cli, one->score);
    int code = cli_ask(cli, "roster.post.of", &of, &posts);
    for (uint32_t i = 0; i < posts.rows.n && code == CLI_OK; i++) {
        const struct post_opened *post = &posts.rows.at[i];
        export_row(out, (const char *const[]){ id, score, units_code(units, &post->chain.at[0]), post->title, post->subject,
                   export_day(cli, post->from), export_day(cli, post->until) });
    }
    if (code == CLI_OK && posts.rows.n == 0)
        export_row(out, (const char *const[]){ id, score, NULL, NULL, NULL, NULL, NULL });
    return code;
}

int verb_doubt_show(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct doubt doubt;
    struct units units;
    const char *unit = NULL;
    int code = args_read("doubt show", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, EXPORT_NAMES_ARGS(&out)), "DOUBT", 1, 1);
    if (code != CLI_OK || (code = doubt_refer(cli, unit, argv[1], &doubt)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, CANDIDATE_COLUMNS, sizeof CANDIDATE_COLUMNS / sizeof *CANDIDATE_COLUMNS);
    for (uint32_t i = 0; i < doubt.candidates.n && code == CLI_OK; i++)
        code = candidate_rows(cli, &out, &units, &doubt.candidates.at[i]);
    return code == CLI_OK ? export_end(&out) : code;
}

int verb_doubt_decide(struct cli *cli, int argc, char **argv)
{
    struct doubt_decide in = { 0 };
    struct doubt doubt;
    const char *person = NULL, *unit = NULL;
    bool is_new = false, drop = false;
    int code = args_read("doubt decide", &argc, argv, ARGS({ "person", ARG_TEXT, &person, false }, { "new", ARG_FLAG, &is_new, false },
                         { "drop", ARG_FLAG, &drop, false }, { "unit", ARG_TEXT, &unit, false }), "DOUBT", 1, 1);
    if (code == CLI_OK && (person != NULL) + is_new + drop != 1)
        return cli_usage("doubt decide", "one of --person PERSON, --new and --drop");
    if (code == CLI_OK && person != NULL)
        code = refer_person(cli, person, &in.person);
    if (code != CLI_OK || (code = doubt_refer(cli, unit, argv[1], &doubt)) != CLI_OK)
        return code;
    in.doubt = doubt.doubt;
    in.outcome = person != NULL ? DOUBT_PERSON : is_new ? DOUBT_NEW : DOUBT_DROP;
    return cli_do(cli, "roster.doubt.decide", &in);
}

/* ── rows of a file that are in doubt ─────────────────────────────────────── */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

int doubts_raise(struct plan *plan, const char *list, uint64_t *waiting)
{
    struct cli *cli = plan->cli;
    moment_t now = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self);
    struct pipe pipe;
    int code = pipe_open(&pipe, cli, "roster.doubt.raise", &plan->sheet.hash, "Сомнительные строки", plan->count[LIST_DOUBTFUL]);

    if (code != CLI_OK)
        return code;
    pipe.salt = bytes(&now, sizeof now);                        /* what was decided since may be in doubt again */
    for (uint32_t i = 0; i < plan->n; i++) {
        struct worker_record record;
        struct doubt_raise raise = { .row = &record, .list = list != NULL ? list : name_of(plan->sheet.path), .line = plan->row[i].line };
        if (plan->row[i].outcome == LIST_DOUBTFUL && plan_row(plan, i, &record))
            pipe_message(&pipe, plan->row[i].line, &raise);
    }
    code = pipe_close(&pipe);
    sheet_say_refused(cli, &plan->sheet, &pipe);
    *waiting = plan->count[LIST_DOUBTFUL] - pipe.refused.n;
    if (code == CLI_OK && pipe.refused.n > 0)
        code = CLI_PARTLY;
    pipe_free(&pipe);
    return code;
}

/* The list is held against what is known, as roster check does; what is in doubt waits from then on. */
int verb_doubt_raise(struct cli *cli, int argc, char **argv)
{
    const char *map = NULL, *list = NULL;
    struct plan plan;
    uint64_t waiting;
    int code = args_read("doubt raise", &argc, argv, ARGS({ "map", ARG_TEXT, &map, false }, { "list", ARG_TEXT, &list, false }), "FILE", 1, 1);
    if (code != CLI_OK || (code = cli_config(cli)) != CLI_OK)
        return code;
    if ((code = plan_open(&plan, cli, argv[1], map)) == CLI_OK) {
        code = doubts_raise(&plan, list, &waiting);
        if (code == CLI_OK || code == CLI_PARTLY)
            fprintf(stderr, "строк %u, сомнительных %" PRIu64 ", ждут решения %" PRIu64 "\n", plan.n, plan.count[LIST_DOUBTFUL], waiting);
    }
    plan_close(&plan);
    return code;
}
