/* review, expert: works that experts judge: opened, given out, answered, judged, closed. */
#include "cli/registers/review.h"

#include <stdlib.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "common/core/text.h"
#include "proto/roster_expert.h"

/* ── which work, which of its experts ─────────────────────────────────────── */
struct sought { struct arena *arena; const char *text; struct uuid review; uint32_t fit, open; };
static void review_fits(void *arg, const void *row)
{
    const struct review *review = row;
    struct sought *sought = arg;
    bool named = strcmp(text_fold(sought->arena, review->title), text_fold(sought->arena, sought->text)) == 0;
    if (!named && !refer_mark_is(&review->review, sought->text))
        return;
    bool open = review->outcome == REVIEW_OPEN;
    if (open || sought->open == 0)
        sought->review = review->review;
    sought->fit++;
    sought->open += open;
}

/* Of several of one title the one that is open. */
static int review_refer(struct cli *cli, const char *direction, const char *text, struct uuid *review)
{
    struct sought sought = { .arena = &cli->arena, .text = text };
    struct reviews_of ask = { .direction = direction, .limit = 1000 };
    int code = cli_config(cli);
    ask.unit = cli->config.region;
    if (code != CLI_OK || (code = cli_each(cli, "roster.review.list", &ask, review_fits, &sought)) != CLI_OK)
        return code;
    const struct catalogue_arg args[] = { { "code", text } };
    if (sought.fit == 0 || (sought.fit > 1 && sought.open != 1))
        return cli_say(CLI_FAILED, "%s", cli_words(cli, sought.fit == 0 ? "refer.no_work" : "refer.many_works", args, 1));
    *review = sought.review;
    return CLI_OK;
}

static int card_get(struct cli *cli, const char *direction, const char *text, struct review_card *card)
{
    struct registered ask;
    int code = review_refer(cli, direction, text, &ask.id);
    return code == CLI_OK ? cli_ask(cli, "roster.review.get", &ask, card) : code;
}

/* DIRECTION WORK EXPERT: the newest that he was given of this work. */
static int assignment_refer(struct cli *cli, char **argv, struct uuid *assignment)
{
    struct review_card card;
    struct uuid expert;
    bool found = false;
    int code = refer_person(cli, argv[3], &expert);
    if (code != CLI_OK || (code = card_get(cli, argv[1], argv[2], &card)) != CLI_OK)
        return code;
    for (uint32_t i = 0; i < card.assignments.n; i++)
        if (uuid_equal(&card.assignments.at[i].expert, &expert)) {
            *assignment = card.assignments.at[i].assignment;
            found = true;
        }
    const struct catalogue_arg args[] = { { "code", argv[3] } };
    return found ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_words(cli, "refer.not_his_work", args, 1));
}

/* ── lists ────────────────────────────────────────────────────────────────── */
static const char *percent_of(struct cli *cli, uint64_t share, bool known)
{
    return known ? arena_format(&cli->arena, "%u,%u", (unsigned)(share / 10), (unsigned)(share % 10)) : "";
}

static const struct export_column REVIEW_COLUMNS[] = {
    { "mark",   "column.mark",   EXPORT_TEXT, NULL, false }, { "title",   "column.title",   EXPORT_LONG, NULL,             false },
    { "place",  "column.place",  EXPORT_TEXT, NULL, false }, { "outcome", "column.outcome", EXPORT_TEXT, "review_outcome", false },
    { "opened", "column.begun",  EXPORT_DAY,  NULL, false }, { "closed",  "column.ended",   EXPORT_DAY,  NULL,             false },
    { "share",  "column.share",  EXPORT_TEXT, NULL, false }, { "reason",  "column.reason",  EXPORT_TEXT, NULL,             true  },
    { "id",     "column.id",     EXPORT_TEXT, NULL, true  },
};

struct review_rows { struct export out; struct units units; };
static void review_row(void *arg, const void *row)
{
    const struct review *review = row;
    struct review_rows *rows = arg;
    struct cli *cli = rows->out.cli;
    export_row(&rows->out, (const char *const[]){ refer_mark(cli, &review->review), review->title, units_code(&rows->units, &review->chain.at[0]),
               review_outcome_names.names[review->outcome], export_day(cli, review->opened), export_day(cli, review->closed),
               percent_of(cli, review->share, review->closed != 0), review->reason, export_id(cli, &review->review) });
}

int verb_review_list(struct cli *cli, int argc, char **argv)
{
    struct review_rows rows = { 0 };
    const char *unit = NULL;
    struct reviews_of ask = { .limit = 1000 };
    int code = args_read("review list", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "open", ARG_FLAG, &ask.open, false },
                         EXPORT_ARGS(&rows.out)), "DIRECTION", 1, 1);
    if (code == CLI_OK)
        code = cli_config(cli);
    ask.unit = cli->config.region;
    if (code == CLI_OK && unit != NULL)
        code = refer_organisation(cli, unit, &ask.unit);
    if (code != CLI_OK || (code = units_fetch(&rows.units, cli, 0)) != CLI_OK)
        return code;
    ask.direction = argv[1];
    export_start(&rows.out, cli, REVIEW_COLUMNS, sizeof REVIEW_COLUMNS / sizeof *REVIEW_COLUMNS);
    if ((code = cli_each(cli, "roster.review.list", &ask, review_row, &rows)) != CLI_OK)
        return code;
    return export_end(&rows.out);
}

static const struct export_column ASSIGNMENT_COLUMNS[] = {
    { "expert",   "column.expert",   EXPORT_PERSON, NULL, false }, { "stage",     "column.stage",     EXPORT_TEXT, "assignment_stage", false },
    { "assigned", "column.assigned", EXPORT_DAY,  NULL, false }, { "due",       "column.due",       EXPORT_DAY,  NULL, false },
    { "overdue",  "column.overdue",  EXPORT_DAY,  NULL, false }, { "submitted", "column.submitted", EXPORT_DAY,  NULL, false },
    { "share",    "column.share",    EXPORT_TEXT, NULL, false }, { "paid",      "column.paid",      EXPORT_DAY,  NULL, false },
    { "summary",  "column.summary",  EXPORT_TEXT, NULL, true  }, { "reason",    "column.reason",    EXPORT_TEXT, NULL, true  },
    { "review",   "column.work",     EXPORT_TEXT, NULL, true  },
};

static void assignment_row(struct export *out, const struct assignment *row)
{
    struct cli *cli = out->cli;
    export_row(out, (const char *const[]){ export_id(cli, &row->expert), assignment_stage_names.names[row->stage], export_day(cli, row->assigned),
               export_day(cli, row->due), export_day(cli, row->overdue), export_day(cli, row->submitted),
               percent_of(cli, row->share, row->submitted != 0), export_day(cli, row->paid), row->summary, row->reason, export_id(cli, &row->review) });
}

int verb_review_show(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct review_card card;
    int code = args_read("review show", &argc, argv, ARGS(EXPORT_NAMES_ARGS(&out)), "DIRECTION WORK", 2, 2);
    if (code != CLI_OK || (code = card_get(cli, argv[1], argv[2], &card)) != CLI_OK)
        return code;
    if (cli->json && out.csv == NULL && out.xlsx == NULL) {
        cli_print_json(&review_card_desc, &card);
        return CLI_OK;
    }
    if (out.csv == NULL && out.xlsx == NULL) {
        printf("%s\n", card.review->title);
        export_line(cli, "column.outcome", cli_word(cli, arena_format(&cli->arena, "review_outcome.%s", review_outcome_names.names[card.review->outcome])));
        export_line(cli, "column.share", percent_of(cli, card.review->share, card.review->closed != 0));
        export_line(cli, "column.reason", card.review->reason);
        if (card.enough || card.apart)
            printf("%s\n", cli_word(cli, card.apart ? "review.apart" : "review.enough"));
    }
    export_start(&out, cli, ASSIGNMENT_COLUMNS, sizeof ASSIGNMENT_COLUMNS / sizeof *ASSIGNMENT_COLUMNS);
    for (uint32_t i = 0; i < card.assignments.n; i++)
        assignment_row(&out, &card.assignments.at[i]);
    return export_end(&out);
}

static const struct export_column CANDIDATE_COLUMNS[] = {
    { "expert",  "column.expert",  EXPORT_PERSON, NULL, false }, { "conflict", "column.conflict", EXPORT_TEXT,   "expert_conflict", false },
    { "open",    "column.open",    EXPORT_NUMBER, NULL, false }, { "done",     "column.done",     EXPORT_NUMBER, NULL, false },
    { "late",    "column.late",    EXPORT_NUMBER, NULL, false }, { "refused",  "column.refusals", EXPORT_NUMBER, NULL, false },
    { "returned", "column.returned", EXPORT_NUMBER, NULL, false }, { "unpaid", "column.unpaid",   EXPORT_NUMBER, NULL, false },
};

static void standing_row(struct export *out, const struct uuid *expert, const char *conflict, const struct expert_standing *s)
{
    struct cli *cli = out->cli;
    export_row(out, (const char *const[]){ export_id(cli, expert), conflict, export_number(cli, s->open), export_number(cli, s->done),
               export_number(cli, s->late), export_number(cli, s->refused), export_number(cli, s->returned), export_number(cli, s->unpaid) });
}

int verb_review_candidates(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct candidates_of ask = { .limit = 200 };
    struct candidate_list list;
    int code = args_read("review candidates", &argc, argv, ARGS({ "register", ARG_TEXT, &ask.register_id, false }, EXPORT_NAMES_ARGS(&out)),
                         "DIRECTION WORK", 2, 2);
    if (code != CLI_OK || (code = review_refer(cli, argv[1], argv[2], &ask.review)) != CLI_OK)
        return code;
    export_start(&out, cli, CANDIDATE_COLUMNS, sizeof CANDIDATE_COLUMNS / sizeof *CANDIDATE_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.review.candidates", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            standing_row(&out, &list.rows.at[i].expert, expert_conflict_names.names[list.rows.at[i].conflict], list.rows.at[i].standing);
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

int verb_expert_show(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct expert_of ask;
    struct expert_standing standing;
    int code = args_read("expert show", &argc, argv, ARGS(EXPORT_NAMES_ARGS(&out)), "EXPERT", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.expert)) != CLI_OK
        || (code = cli_ask(cli, "roster.expert.get", &ask, &standing)) != CLI_OK)
        return code;
    export_start(&out, cli, CANDIDATE_COLUMNS, sizeof CANDIDATE_COLUMNS / sizeof *CANDIDATE_COLUMNS);
    standing_row(&out, &ask.expert, "", &standing);
    return export_end(&out);
}

int verb_expert_works(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct assignments_of ask = { .limit = 1000 };
    struct assignment_list list;
    int code = args_read("expert works", &argc, argv, ARGS({ "open", ARG_FLAG, &ask.open, false }, EXPORT_ARGS(&out)), "EXPERT", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.expert)) != CLI_OK)
        return code;
    export_start(&out, cli, ASSIGNMENT_COLUMNS, sizeof ASSIGNMENT_COLUMNS / sizeof *ASSIGNMENT_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.expert.works", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            assignment_row(&out, &list.rows.at[i]);
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

/* ── what is done with a work ─────────────────────────────────────────────── */
int verb_review_open(struct cli *cli, int argc, char **argv)
{
    struct review_open in = { 0 };
    struct arg_list authors = { 0 }, parties = { 0 };
    struct uuid author[ARG_LIST_MAX], party[ARG_LIST_MAX];
    struct registered made;
    const char *unit = NULL;
    int code = args_read("review open", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, true }, { "author", ARG_LIST, &authors, false },
                         { "party", ARG_LIST, &parties, false }), "DIRECTION TITLE", 2, 2);
    if (code != CLI_OK || (code = refer_organisation(cli, unit, &in.unit)) != CLI_OK)
        return code;
    in.direction = argv[1];
    in.title = argv[2];
    in.authors.at = author;
    in.parties.at = party;
    for (; code == CLI_OK && in.authors.n < authors.n; in.authors.n++)
        code = refer_person(cli, authors.at[in.authors.n], &author[in.authors.n]);
    for (; code == CLI_OK && in.parties.n < parties.n; in.parties.n++)
        code = refer_organisation(cli, parties.at[in.parties.n], &party[in.parties.n]);
    return code == CLI_OK ? refer_made(cli, cli_ask(cli, "roster.review.open", &in, &made), &made) : code;
}

int verb_review_assign(struct cli *cli, int argc, char **argv)
{
    struct review_assign in = { 0 };
    struct registered made;
    int code = args_read("review assign", &argc, argv, ARGS({ "due", ARG_DAY, &in.due, false }), "DIRECTION WORK EXPERT", 3, 3);
    if (code != CLI_OK || (code = refer_person(cli, argv[3], &in.expert)) != CLI_OK
        || (code = review_refer(cli, argv[1], argv[2], &in.review)) != CLI_OK)
        return code;
    return refer_made(cli, cli_ask(cli, "roster.review.assign", &in, &made), &made);
}

int verb_review_answer(struct cli *cli, int argc, char **argv)
{
    struct review_answer in = { 0 };
    int code = args_read("review answer", &argc, argv, ARGS({ "accept", ARG_FLAG, &in.accept, false }, { "refuse", ARG_TEXT, &in.reason, false }),
                         "DIRECTION WORK EXPERT", 3, 3);
    if (code == CLI_OK && in.accept == (in.reason != NULL))
        return cli_usage("review answer", "either --accept or --refuse REASON");
    if (code != CLI_OK || (code = assignment_refer(cli, argv, &in.assignment)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.review.answer", &in);
}

bool review_point(struct arena *arena, const char *text, struct expert_point *point)
{
    const char *equals = strchr(text, '=');
    char *end = NULL;
    if (equals == NULL || equals[1] < '0' || equals[1] > '9')
        return false;
    point->criterion = arena_string(arena, text, (size_t)(equals - text));
    point->points = strtoull(equals + 1, &end, 10);
    point->remark = *end == '=' ? end + 1 : NULL;
    return *end == '\0' || *end == '=';
}

int verb_review_submit(struct cli *cli, int argc, char **argv)
{
    struct review_submit in = { 0 };
    struct arg_list points = { 0 };
    int code = args_read("review submit", &argc, argv, ARGS({ "point", ARG_LIST, &points, true }, { "summary", ARG_TEXT, &in.summary, true }),
                         "DIRECTION WORK EXPERT", 3, 3);
    in.points.at = ARENA_LIST(&cli->arena, struct expert_point, points.n + 1);
    for (; code == CLI_OK && in.points.n < points.n; in.points.n++)
        if (!review_point(&cli->arena, points.at[in.points.n], &in.points.at[in.points.n]))
            return cli_usage("review submit", "--point %s: not CRITERION=POINTS", points.at[in.points.n]);
    if (code != CLI_OK || (code = assignment_refer(cli, argv, &in.assignment)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.review.submit", &in);
}

int verb_review_return(struct cli *cli, int argc, char **argv)
{
    struct review_return in = { 0 };
    int code = args_read("review return", &argc, argv, ARGS({ "reason", ARG_TEXT, &in.reason, true }, { "due", ARG_DAY, &in.due, false }),
                         "DIRECTION WORK EXPERT", 3, 3);
    if (code != CLI_OK || (code = assignment_refer(cli, argv, &in.assignment)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.review.return", &in);
}

int verb_review_withdraw(struct cli *cli, int argc, char **argv)
{
    struct review_withdraw in = { 0 };
    int code = args_read("review withdraw", &argc, argv, ARGS({ "reason", ARG_TEXT, &in.reason, true }), "DIRECTION WORK EXPERT", 3, 3);
    if (code != CLI_OK || (code = assignment_refer(cli, argv, &in.assignment)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.review.withdraw", &in);
}

int verb_review_pay(struct cli *cli, int argc, char **argv)
{
    struct review_pay in = { 0 };
    const char *document = NULL;
    int code = args_read("review pay", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, true }, { "document", ARG_TEXT, &document, false }),
                         "DIRECTION WORK EXPERT", 3, 3);
    if (code != CLI_OK || (code = assignment_refer(cli, argv, &in.assignment)) != CLI_OK
        || (document != NULL && (code = refer_document(cli, document, &in.document)) != CLI_OK))
        return code;
    return cli_do(cli, "roster.review.pay", &in);
}

int verb_review_close(struct cli *cli, int argc, char **argv)
{
    struct review_close in = { 0 };
    const char *outcome = NULL;
    int code = args_read("review close", &argc, argv, ARGS({ "outcome", ARG_TEXT, &outcome, false }, { "reason", ARG_TEXT, &in.reason, false }),
                         "DIRECTION WORK", 2, 2);
    if (code == CLI_OK && outcome != NULL)
        code = refer_word(cli, "review close", &review_outcome_names, outcome, &in.outcome);
    if (code != CLI_OK || (code = review_refer(cli, argv[1], argv[2], &in.review)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.review.close", &in);
}

/* ── ties ─────────────────────────────────────────────────────────────────── */
static const struct export_column TIE_COLUMNS[] = {
    { "other", "column.other", EXPORT_PERSON, NULL, false }, { "title", "column.title", EXPORT_LONG, NULL,       false },
    { "from",  "column.from",  EXPORT_DAY,    NULL, false }, { "kind",  "column.kind",  EXPORT_TEXT, "tie_kind", false },
    { "until", "column.until", EXPORT_DAY,    NULL, false },
};

int verb_expert_ties(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct expert_of ask;
    struct tie_list list;
    struct units units;
    int code = args_read("expert ties", &argc, argv, ARGS(EXPORT_NAMES_ARGS(&out)), "EXPERT", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.expert)) != CLI_OK || (code = cli_ask(cli, "roster.tie.list", &ask, &list)) != CLI_OK
        || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, TIE_COLUMNS, sizeof TIE_COLUMNS / sizeof *TIE_COLUMNS);
    for (uint32_t i = 0; i < list.rows.n; i++) {
        const struct tie *row = &list.rows.at[i];
        export_row(&out, (const char *const[]){ units_code(&units, &row->other), units_title(&units, &row->other), export_day(cli, row->from),
                   tie_kind_names.names[row->kind], export_day(cli, row->until) });
    }
    return export_end(&out);
}

int verb_expert_tie(struct cli *cli, int argc, char **argv)
{
    struct tie in = { 0 };
    const char *kind = NULL;
    int code = args_read("expert tie", &argc, argv, ARGS({ "kind", ARG_TEXT, &kind, true }, { "from", ARG_DAY, &in.from, false },
                         { "until", ARG_DAY, &in.until, false }), "EXPERT OTHER", 2, 2);
    if (code != CLI_OK || (code = refer_word(cli, "expert tie", &tie_kind_names, kind, &in.kind)) != CLI_OK
        || (code = refer_person(cli, argv[1], &in.person)) != CLI_OK || (code = refer_either(cli, argv[2], &in.other, NULL)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.tie.declare", &in);
}
