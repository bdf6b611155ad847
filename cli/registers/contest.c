/* contest: a call for a register's members: opened, applied to, the applications with their points. */
#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/registers/register.h"
#include "cli/registers/review.h"
#include "common/core/text.h"
#include "proto/roster_calls.h"

static const struct export_column CALL_COLUMNS[] = {
    { "mark",  "column.mark",  EXPORT_TEXT,   NULL, false }, { "title",     "column.title",     EXPORT_LONG, NULL, false },
    { "from",  "column.from",  EXPORT_DAY,    NULL, false }, { "until",     "column.until",     EXPORT_DAY,  NULL, false },
    { "seats", "column.seats", EXPORT_NUMBER, NULL, false }, { "direction", "column.direction", EXPORT_TEXT, NULL, false },
    { "id",    "column.id",    EXPORT_TEXT,   NULL, true  },
};

static void call_row(void *arg, const void *row)
{
    const struct call *call = row;
    struct export *out = arg;
    struct cli *cli = out->cli;
    export_row(out, (const char *const[]){ refer_mark(cli, &call->call), call->title, export_day(cli, call->from), export_day(cli, call->until),
               call->seats != 0 ? export_number(cli, call->seats) : "", call->direction, export_id(cli, &call->call) });
}

int verb_contest_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    int code = args_read("contest list", &argc, argv, ARGS(EXPORT_ARGS(&out)), "REGISTER", 1, 1);
    if (code != CLI_OK)
        return code;
    struct calls_of ask = { .register_id = argv[1], .limit = 1000 };
    export_start(&out, cli, CALL_COLUMNS, sizeof CALL_COLUMNS / sizeof *CALL_COLUMNS);
    if ((code = cli_each(cli, "roster.call.list", &ask, call_row, &out)) != CLI_OK)
        return code;
    return export_end(&out);
}

struct sought { struct arena *arena; const char *text; struct uuid call; uint32_t fit; };
static void call_fits(void *arg, const void *row)
{
    const struct call *call = row;
    struct sought *sought = arg;
    if (refer_mark_is(&call->call, sought->text)
        || strcmp(text_fold(sought->arena, call->title), text_fold(sought->arena, sought->text)) == 0) {
        sought->call = call->call;
        sought->fit++;
    }
}

static int call_refer(struct cli *cli, const char *register_id, const char *text, struct uuid *id)
{
    struct sought sought = { .arena = &cli->arena, .text = text };
    const struct catalogue_arg args[] = { { "code", text } };
    struct calls_of ask = { .register_id = register_id, .limit = 1000 };
    int code = cli_each(cli, "roster.call.list", &ask, call_fits, &sought);
    if (code != CLI_OK)
        return code;
    *id = sought.call;
    return sought.fit == 1 ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_words(cli, sought.fit == 0 ? "refer.no_contest" : "refer.many_contests", args, 1));
}

static const struct export_column APPLICATION_COLUMNS[] = {
    { "rank",    "column.rank",    EXPORT_NUMBER, NULL,           false },
    { "mark",    "column.mark",    EXPORT_TEXT, NULL,             false }, { "member", "column.member", EXPORT_PERSON, NULL,        false },
    { "title",   "column.title",   EXPORT_LONG, NULL,             false }, { "stage",  "column.stage",  EXPORT_TEXT, "entry_stage", false },
    { "outcome", "column.outcome", EXPORT_TEXT, "review_outcome", false }, { "share",  "column.share",  EXPORT_TEXT, NULL,          false },
    { "entry",   "column.id",      EXPORT_TEXT, NULL,             true  },
};

int verb_contest_show(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct registered ask;
    struct call_card card;
    struct units units;
    int code = args_read("contest show", &argc, argv, ARGS(EXPORT_NAMES_ARGS(&out)), "REGISTER CONTEST", 2, 2);
    if (code != CLI_OK || (code = call_refer(cli, argv[1], argv[2], &ask.id)) != CLI_OK
        || (code = cli_ask(cli, "roster.call.get", &ask, &card)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    if (!cli->json && out.csv == NULL && out.xlsx == NULL) {
        const struct catalogue_arg args[] = { { "applied", export_number(cli, card.applied) }, { "admitted", export_number(cli, card.admitted) } };
        printf("%s\n%s\n", card.call->title, cli_words(cli, "contest.counts", args, 2));
    }
    export_start(&out, cli, APPLICATION_COLUMNS, sizeof APPLICATION_COLUMNS / sizeof *APPLICATION_COLUMNS);
    for (uint32_t i = 0; i < card.rows.n; i++) {
        const struct application_row *row = &card.rows.at[i];
        bool titled = row->title != NULL && row->title[0] != '\0', judged = row->outcome == REVIEW_POSITIVE || row->outcome == REVIEW_NEGATIVE;
        export_row(&out, (const char *const[]){ row->rank != 0 ? export_number(cli, row->rank) : "", refer_mark(cli, &row->entry), titled ? "" : units_code(&units, &row->member),
                   titled ? row->title : units_title(&units, &row->member), entry_stage_names.names[row->stage],
                   review_outcome_names.names[row->outcome],
                   judged ? arena_format(&cli->arena, "%u,%u", (unsigned)(row->share / 10), (unsigned)(row->share % 10)) : "", export_id(cli, &row->entry) });
    }
    return export_end(&out);
}

int verb_contest_open(struct cli *cli, int argc, char **argv)
{
    struct call_open in = { 0 };
    struct profile_register reg;
    struct registered made;
    const char *document = NULL;
    int code = args_read("contest open", &argc, argv, ARGS({ "from", ARG_DAY, &in.from, true }, { "until", ARG_DAY, &in.until, true },
                         { "seats", ARG_NUMBER, &in.seats, false }, { "document", ARG_TEXT, &document, false }), "REGISTER DIRECTION TITLE", 3, 3);
    if (code != CLI_OK || (code = register_get(cli, argv[1], &reg)) != CLI_OK
        || (document != NULL && (code = refer_document(cli, document, &in.document)) != CLI_OK))
        return code;
    in.register_id = argv[1];
    in.direction = argv[2];
    in.title = argv[3];
    register_speak(cli, reg.deciders.at, reg.deciders.n);
    return refer_made(cli, cli_ask(cli, "roster.call.open", &in, &made), &made);
}

int verb_contest_apply(struct cli *cli, int argc, char **argv)
{
    struct call_apply in = { 0 };
    struct entry_record about = { 0 };
    struct register_said said = { 0 };
    struct profile_register reg;
    struct application made;
    int code = args_read("contest apply", &argc, argv, ARGS(REGISTER_SAID_ARGS(said)), "REGISTER CONTEST MEMBER", 3, 3);
    about.register_id = argv[1];
    if (code != CLI_OK || (code = register_about(cli, "contest apply", argv[3], &said, &reg, &about)) != CLI_OK
        || (code = call_refer(cli, argv[1], argv[2], &in.call)) != CLI_OK)
        return code;
    in.person = about.person;
    in.organisation = about.organisation;
    in.title = about.title;
    in.grounds.n = about.grounds.n;
    in.grounds.at = about.grounds.at;
    in.values.n = about.values.n;
    in.values.at = about.values.at;
    register_speak(cli, reg.proposers.at, reg.proposers.n);
    code = cli_ask(cli, "roster.call.apply", &in, &made);
    return refer_made(cli, code, &(struct registered){ code == CLI_OK ? made.entry : UUID_NIL });
}
