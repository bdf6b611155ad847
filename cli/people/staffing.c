#include "cli/people/staffing.h"

#include <string.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roster_privacy.h"
#include "proto/roster_staffing.h"

#define COLUMNS(list) (list), sizeof (list) / sizeof *(list)

/* ── the staff ────────────────────────────────────────────────────────────── */
static const struct export_column SUBJECT_COLUMNS[] = {
    { "subject",    "column.subject",    EXPORT_LONG,   NULL, false }, { "posts",     "column.posts",     EXPORT_NUMBER, NULL, false },
    { "mismatched", "column.mismatched", EXPORT_NUMBER, NULL, false }, { "vacancies", "column.vacancies", EXPORT_NUMBER, NULL, false },
    { "load",       "column.load",       EXPORT_TEXT,   NULL, false },
};
static const struct export_column BAND_COLUMNS[] = {
    { "band", "column.code", EXPORT_TEXT, NULL, true }, { "title", "column.title", EXPORT_LONG, NULL, false },
    { "people", "column.people", EXPORT_NUMBER, NULL, false },
};
static const struct export_column LEAVING_COLUMNS[] = {
    { "year", "column.year", EXPORT_NUMBER, NULL, false }, { "people", "column.people", EXPORT_NUMBER, NULL, false },
};

static void subjects_shown(struct cli *cli, struct export *out, const struct staffing *staff)
{
    export_start(out, cli, COLUMNS(SUBJECT_COLUMNS));
    for (uint32_t i = 0; i < staff->subjects.n; i++) {
        const struct staffing_subject *row = &staff->subjects.at[i];
        export_row(out, (const char *const[]){ row->subject, export_number(cli, row->posts), export_number(cli, row->mismatched),
                   export_number(cli, row->vacancies), row->load != 0 ? export_hundredths(cli, row->load) : NULL });
    }
}

static void bands_shown(struct cli *cli, struct export *out, const struct staffing *staff)
{
    export_start(out, cli, COLUMNS(BAND_COLUMNS));
    for (uint32_t i = 0; i < staff->bands.n; i++)
        export_row(out, (const char *const[]){ staff->bands.at[i].band, staff->bands.at[i].title, export_number(cli, staff->bands.at[i].people) });
}

/* The first row, without a year: those who have come to that age already. */
static void leaving_shown(struct cli *cli, struct export *out, const struct staffing *staff)
{
    export_start(out, cli, COLUMNS(LEAVING_COLUMNS));
    for (uint32_t i = 0; i < staff->leaving.n; i++)
        export_row(out, (const char *const[]){ export_number(cli, staff->leaving.at[i].year), export_number(cli, staff->leaving.at[i].people) });
}

int verb_staffing_show(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct population_in ask = { 0 };
    struct refer_tree tree = { 0 };
    struct staffing staff;
    const char *unit = NULL, *by = "subject";
    int code = args_read("staffing show", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, { "by", ARG_TEXT, &by, false },
                         REFER_TREE_ARGS(&tree), EXPORT_ARGS(&out)), "[UNIT]", 0, 1);
    REFER_TREE(&ask, &tree);
    if (code == CLI_OK && strcmp(by, "subject") != 0 && strcmp(by, "band") != 0 && strcmp(by, "year") != 0)
        return cli_usage("staffing show", "--by subject, band or year");
    unit = argc > 1 ? argv[1] : NULL;
    if (code == CLI_OK && ask.on == 0 && !args_day("today", &ask.on))
        return CLI_FAILED;
    if (code != CLI_OK || (code = refer_unit(cli, unit, &ask.unit)) != CLI_OK || (code = cli_ask(cli, "roster.staffing.get", &ask, &staff)) != CLI_OK)
        return code;
    if (!cli->json && out.csv == NULL && out.xlsx == NULL) {
        export_line(cli, "column.people", export_number(cli, staff.people));
        export_line(cli, "column.unpedagogical", export_number(cli, staff.unpedagogical));
        export_line(cli, "column.mismatched", export_number(cli, staff.mismatched));
        export_line(cli, "column.vacancies", export_number(cli, staff.vacancies));
    }
    (strcmp(by, "subject") == 0 ? subjects_shown : strcmp(by, "band") == 0 ? bands_shown : leaving_shown)(cli, &out, &staff);
    return export_end(&out);
}

static const struct export_column RETRAIN_COLUMNS[] = {
    { "person",  "column.person",  EXPORT_PERSON, NULL, false }, { "organisation", "column.organisation", EXPORT_TEXT, NULL, false },
    { "subject", "column.subject", EXPORT_LONG, NULL, false }, { "why",          "column.reason",       EXPORT_TEXT, "retraining_why", false },
    { "post",    "column.id",      EXPORT_TEXT, NULL, true  },
};

int verb_staffing_retrain(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct retraining_of ask = { .limit = 500 };
    struct retraining_list list;
    struct units units;
    int code = args_read("staffing retrain", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, EXPORT_NAMES_ARGS(&out)), "[UNIT]", 0, 1);
    if (code != CLI_OK || (code = refer_unit(cli, argc > 1 ? argv[1] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS(RETRAIN_COLUMNS));
    do {
        if ((code = cli_ask(cli, "roster.retraining.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct retraining_row *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ export_id(cli, &row->person), units_code(&units, &row->organisation), row->subject,
                       retraining_why_names.names[row->why], export_id(cli, &row->post) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

/* ── vacancies ────────────────────────────────────────────────────────────── */
static const struct export_column VACANCY_COLUMNS[] = {
    { "mark",    "column.mark",    EXPORT_TEXT, NULL, false }, { "organisation", "column.organisation", EXPORT_TEXT, NULL, false },
    { "post",    "column.post",    EXPORT_LONG, NULL, false }, { "subject",      "column.subject",      EXPORT_TEXT, NULL, false },
    { "load",    "column.load",    EXPORT_TEXT, NULL, false }, { "from",         "column.from",         EXPORT_DAY,  NULL, false },
    { "id",      "column.id",      EXPORT_TEXT, NULL, true  },
};

int verb_vacancy_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct vacancies_of ask = { .limit = 500 };
    struct vacancy_list list;
    struct units units;
    int code = args_read("vacancy list", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, { "subject", ARG_TEXT, &ask.subject, false },
                         { "post", ARG_TEXT, &ask.post, false }, EXPORT_ARGS(&out)), "[UNIT]", 0, 1);
    if (code != CLI_OK || (code = refer_unit(cli, argc > 1 ? argv[1] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS(VACANCY_COLUMNS));
    do {
        if ((code = cli_ask(cli, "roster.vacancy.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct vacancy *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ refer_mark(cli, &row->vacancy), units_code(&units, &row->chain.at[0]), row->post, row->subject,
                       export_hundredths(cli, row->load), export_day(cli, row->from), export_id(cli, &row->vacancy) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

int verb_vacancy_open(struct cli *cli, int argc, char **argv)
{
    struct vacancy_open in = { .load = 100 };
    struct registered made;
    int code = args_read("vacancy open", &argc, argv, ARGS({ "from", ARG_DAY, &in.from, true }, { "load", ARG_NUMBER, &in.load, false },
                         { "subject", ARG_TEXT, &in.subject, false }), "UNIT POST", 2, 2);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &in.organisation)) != CLI_OK)
        return code;
    in.post = argv[2];
    return refer_made(cli, cli_ask(cli, "roster.vacancy.open", &in, &made), &made);
}

/* By its mark among those that are vacant today. */
static int vacancy_refer(struct cli *cli, const char *text, struct vacancy *vacancy)
{
    struct vacancies_of ask = { .limit = 500 };
    struct vacancy_list list;
    int code = refer_unit(cli, NULL, &ask.unit);
    while (code == CLI_OK && (code = cli_ask(cli, "roster.vacancy.list", &ask, &list)) == CLI_OK) {
        for (uint32_t i = 0; i < list.rows.n; i++)
            if (refer_mark_is(&list.rows.at[i].vacancy, text)) {
                *vacancy = list.rows.at[i];
                return CLI_OK;
            }
        if (list.next.n == 0)
            return cli_say(CLI_FAILED, "%s", cli_word(cli, "reason.vacancy_unknown"));
        ask.after = list.next;
    }
    return code;
}

/* Who has filled it: his post of that name there, the newest; or the identifier of a post. */
static int post_refer(struct cli *cli, const char *text, const struct vacancy *vacancy, struct uuid *post)
{
    struct worker_list posts;
    struct person_of of;
    day_t from = 0;
    bool found = false;
    if (strlen(text) == UUID_TEXT && uuid_parse(post, text, UUID_TEXT))
        return CLI_OK;
    int code = refer_person(cli, text, &of.person);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.post.of", &of, &posts)) != CLI_OK)
        return code;
    for (uint32_t i = 0; i < posts.rows.n; i++) {
        const struct post_opened *one = &posts.rows.at[i];
        if (!uuid_equal(&one->chain.at[0], &vacancy->chain.at[0]) || strcmp(one->title, vacancy->post) != 0 || (found && one->from < from))
            continue;
        *post = one->post;
        from = one->from;
        found = true;
    }
    const struct catalogue_arg args[] = { { "code", text }, { "post", vacancy->post } };
    return found ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_words(cli, "refer.no_such_post", args, 2));
}

int verb_vacancy_close(struct cli *cli, int argc, char **argv)
{
    struct vacancy_close in = { 0 };
    struct vacancy vacancy = { 0 };
    const char *how = NULL, *by = NULL;
    int code = args_read("vacancy close", &argc, argv, ARGS({ "how", ARG_TEXT, &how, true }, { "until", ARG_DAY, &in.until, false },
                         { "by", ARG_TEXT, &by, false }), "VACANCY", 1, 1);
    int end = code == CLI_OK ? enum_find(&vacancy_end_names, how, strlen(how)) : 0;
    if (code == CLI_OK && end <= VACANCY_VACANT)
        return cli_usage("vacancy close", "--how filled, withdrawn or mistaken");
    if (code != CLI_OK || (code = vacancy_refer(cli, argv[1], &vacancy)) != CLI_OK || (by != NULL && (code = post_refer(cli, by, &vacancy, &in.by)) != CLI_OK))
        return code;
    in.vacancy = vacancy.vacancy;
    in.end = end;
    return cli_do(cli, "roster.vacancy.close", &in);
}
