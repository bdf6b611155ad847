/* staffing propose: what a staff needs, as a document for the authority (R11; C VI, 7): «для принятия решений по развитию кадрового
 * потенциала»). The figures of a day go into a file; the file is entered as a document by its hash and sent, and whoever it was sent
 * to acknowledges it as any other. Numbers by subject, band and year: nobody is named. */
#include "cli/refer/args.h"
#include "cli/registers/document_parts.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/people/staffing.h"
#include "proto/roster_documents.h"
#include "proto/roster_staffing.h"

static const struct export_column COLUMNS[] = {
    { "section", "column.section", EXPORT_TEXT,   "proposal", false }, { "what", "column.what", EXPORT_LONG, NULL, false },
    { "number",  "column.amount",  EXPORT_NUMBER, NULL,       false }, { "load", "column.load", EXPORT_TEXT, NULL, false },
};

static void line(struct export *out, const char *section, const char *what, uint64_t number, uint64_t load)
{
    struct cli *cli = out->cli;
    const char *said = load != 0 ? arena_format(&cli->arena, "%llu,%02llu", (unsigned long long)(load / 100), (unsigned long long)(load % 100)) : NULL;
    export_row(out, (const char *const[]){ section, what, export_number(cli, number), said });
}

static const char *year_said(struct cli *cli, uint64_t year)
{
    return year != 0 ? arena_format(&cli->arena, "%llu", (unsigned long long)year) : cli_word(cli, "proposal.already");
}

static void figures(struct export *out, const struct staffing *staff)
{
    struct cli *cli = out->cli;
    line(out, "staff", "", staff->people, 0);
    for (uint32_t i = 0; i < staff->bands.n; i++)
        line(out, "structure", staff->bands.at[i].title, staff->bands.at[i].people, 0);
    for (uint32_t i = 0; i < staff->leaving.n; i++)
        line(out, "leaving", year_said(cli, staff->leaving.at[i].year), staff->leaving.at[i].people, 0);
    line(out, "vacancies", "", staff->vacancies, staff->load);
    for (uint32_t i = 0; i < staff->subjects.n; i++)
        if (staff->subjects.at[i].vacancies > 0)
            line(out, "vacancies", staff->subjects.at[i].subject, staff->subjects.at[i].vacancies, staff->subjects.at[i].load);
    line(out, "unpedagogical", "", staff->unpedagogical, 0);
    line(out, "mismatched", "", staff->mismatched, 0);
    for (uint32_t i = 0; i < staff->subjects.n; i++)
        if (staff->subjects.at[i].mismatched > 0)
            line(out, "mismatched", staff->subjects.at[i].subject, staff->subjects.at[i].mismatched, 0);
}

/* Entered and sent; to whom was looked up before the file was written. */
static int sent(struct cli *cli, struct document_register *in, const char *file, const struct uuid *to, uint32_t n)
{
    struct document_send send = { .to = { n, (struct uuid *)to } };
    struct registered made;
    int code = document_hash(cli, file, &in->sha256);
    if (code != CLI_OK)
        return code;
    in->file = document_base(file);
    if ((code = cli_ask(cli, "roster.document.register", in, &made)) != CLI_OK)
        return code;
    send.document = made.id;
    if ((code = cli_ask(cli, "roster.document.send", &send, NULL)) == CLI_OK)
        code = refer_made(cli, code, &made);
    return code;
}

int verb_staffing_propose(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct population_in ask = { 0 };
    struct document_register in = { .kind = DOCUMENT_PROPOSAL };
    struct staffing staff;
    struct arg_list codes = { 0 };
    struct uuid to[ARG_LIST_MAX];
    int code = args_read("staffing propose", &argc, argv, ARGS({ "number", ARG_TEXT, &in.number, true }, { "to", ARG_LIST, &codes, true },
                         { "on", ARG_DAY, &ask.on, false }, { "day", ARG_DAY, &in.day, false }, { "title", ARG_TEXT, &in.title, false },
                         EXPORT_ARGS(&out)), "UNIT", 1, 1);
    if (code == CLI_OK && (out.csv == NULL) == (out.xlsx == NULL))
        return cli_usage("staffing propose", "either --csv FILE or --xlsx FILE");
    if (code == CLI_OK && ((ask.on == 0 && !args_day("today", &ask.on)) || (in.day == 0 && !args_day("today", &in.day))))
        return CLI_FAILED;
    for (uint32_t i = 0; code == CLI_OK && i < codes.n; i++)
        code = refer_organisation(cli, codes.at[i], &to[i]);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &ask.unit)) != CLI_OK || (code = cli_ask(cli, "roster.staffing.get", &ask, &staff)) != CLI_OK)
        return code;
    const struct catalogue_arg args[] = { { "day", export_day_said(cli, ask.on) } };
    in.title = in.title != NULL ? in.title : cli_words(cli, "proposal.title", args, 1);
    in.issuer = in.unit = ask.unit;
    export_start(&out, cli, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    figures(&out, &staff);
    if ((code = export_end(&out)) != CLI_OK)
        return code;
    return sent(cli, &in, out.csv != NULL ? out.csv : out.xlsx, to, codes.n);
}
