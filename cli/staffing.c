#include "cli/staffing.h"

#include <string.h>

#include "cli/args.h"
#include "cli/export.h"
#include "cli/refer.h"
#include "proto/roster_bookings.h"
#include "proto/roster_staffing.h"
#include "proto/roster_training.h"

#define COLUMNS(list) (list), sizeof (list) / sizeof *(list)

/* The unit of that code, else the region. */
static int unit_of(struct cli *cli, const char *code, struct uuid *unit)
{
    int err = cli_config(cli);
    if (err != CLI_OK)
        return err;
    *unit = cli->config.region;
    return code != NULL ? refer_organisation(cli, code, unit) : CLI_OK;
}

static const char *hundredths(struct cli *cli, uint64_t load)
{
    return arena_format(&cli->arena, "%llu,%02llu", (unsigned long long)(load / 100), (unsigned long long)(load % 100));
}

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
                   export_number(cli, row->vacancies), row->load != 0 ? hundredths(cli, row->load) : NULL });
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
    struct population_of ask = { 0 };
    struct staffing staff;
    const char *unit = NULL, *by = "subject";
    int code = args_read("staffing show", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, { "by", ARG_TEXT, &by, false }, EXPORT_ARGS(&out)),
                         "[UNIT]", 0, 1);
    if (code == CLI_OK && strcmp(by, "subject") != 0 && strcmp(by, "band") != 0 && strcmp(by, "year") != 0)
        return cli_usage("staffing show", "--by subject, band or year");
    unit = argc > 1 ? argv[1] : NULL;
    if (code == CLI_OK && ask.on == 0 && !args_day("today", &ask.on))
        return CLI_FAILED;
    if (code != CLI_OK || (code = unit_of(cli, unit, &ask.unit)) != CLI_OK || (code = cli_ask(cli, "roster.staffing.get", &ask, &staff)) != CLI_OK)
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
    { "person",  "column.person",  EXPORT_TEXT, NULL, false }, { "organisation", "column.organisation", EXPORT_TEXT, NULL, false },
    { "subject", "column.subject", EXPORT_LONG, NULL, false }, { "why",          "column.reason",       EXPORT_TEXT, "retraining_why", false },
    { "post",    "column.id",      EXPORT_TEXT, NULL, true  },
};

int verb_staffing_retrain(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct retraining_of ask = { .limit = 500 };
    struct retraining_list list;
    struct units units;
    int code = args_read("staffing retrain", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, EXPORT_ARGS(&out)), "[UNIT]", 0, 1);
    if (code != CLI_OK || (code = unit_of(cli, argc > 1 ? argv[1] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
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
    if (code != CLI_OK || (code = unit_of(cli, argc > 1 ? argv[1] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS(VACANCY_COLUMNS));
    do {
        if ((code = cli_ask(cli, "roster.vacancy.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct vacancy *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ refer_mark(cli, &row->vacancy), units_code(&units, &row->chain.at[0]), row->post, row->subject,
                       hundredths(cli, row->load), export_day(cli, row->from), export_id(cli, &row->vacancy) });
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
static int vacancy_refer(struct cli *cli, const char *text, struct uuid *id)
{
    struct vacancies_of ask = { .limit = 500 };
    struct vacancy_list list;
    int code = unit_of(cli, NULL, &ask.unit);
    while (code == CLI_OK && (code = cli_ask(cli, "roster.vacancy.list", &ask, &list)) == CLI_OK) {
        for (uint32_t i = 0; i < list.rows.n; i++)
            if (refer_mark_is(&list.rows.at[i].vacancy, text)) {
                *id = list.rows.at[i].vacancy;
                return CLI_OK;
            }
        if (list.next.n == 0)
            return uuid_parse(id, text, strlen(text)) ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_word(cli, "reason.vacancy_unknown"));
        ask.after = list.next;
    }
    return code;
}

int verb_vacancy_close(struct cli *cli, int argc, char **argv)
{
    struct vacancy_close in = { 0 };
    const char *how = NULL, *by = NULL;
    int code = args_read("vacancy close", &argc, argv, ARGS({ "how", ARG_TEXT, &how, true }, { "until", ARG_DAY, &in.until, false },
                         { "by", ARG_TEXT, &by, false }), "VACANCY", 1, 1);
    int end = code == CLI_OK ? enum_find(&vacancy_end_names, how, strlen(how)) : 0;
    if (code == CLI_OK && (end <= VACANCY_VACANT || (by != NULL && !uuid_parse(&in.by, by, strlen(by)))))
        return cli_usage("vacancy close", end <= VACANCY_VACANT ? "--how filled, withdrawn or mistaken" : "--by: the identifier of a post");
    if (code != CLI_OK || (code = vacancy_refer(cli, argv[1], &in.vacancy)) != CLI_OK)
        return code;
    in.end = end;
    return cli_do(cli, "roster.vacancy.close", &in);
}

/* ── training ─────────────────────────────────────────────────────────────── */
static const struct export_column TRAINING_COLUMNS[] = {
    { "person",  "column.person",  EXPORT_TEXT, NULL, false }, { "state",   "column.stage",   EXPORT_TEXT, "training_state", false },
    { "obliged", "column.obliged", EXPORT_DAY,  NULL, false }, { "trained", "column.trained", EXPORT_DAY,  NULL, false },
    { "due",     "column.due",     EXPORT_DAY,  NULL, false },
};
static const struct export_column TRAINING_SUM_COLUMNS[] = {
    { "unit",    "column.code",          EXPORT_TEXT,   NULL, false }, { "title",   "column.title",   EXPORT_LONG,   NULL, false },
    { "obliged", "column.obliged_count", EXPORT_NUMBER, NULL, false }, { "done",    "column.done",    EXPORT_NUMBER, NULL, false },
    { "due",     "column.due_count",     EXPORT_NUMBER, NULL, false }, { "overdue", "column.overdue_count", EXPORT_NUMBER, NULL, false },
    { "agreed",  "column.agreed",        EXPORT_NUMBER, NULL, false },
};

int verb_training_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct trainings_of ask = { .limit = 500 };
    struct training_list list;
    const char *state = NULL;
    int code = args_read("training list", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, { "due-by", ARG_DAY, &ask.due_by, false },
                         { "state", ARG_TEXT, &state, false }, EXPORT_ARGS(&out)), "TRAINING [UNIT]", 1, 2);
    int wanted = code == CLI_OK && state != NULL ? enum_find(&training_state_names, state, strlen(state)) : TRAINING_ANY;
    if (wanted < 0)
        return cli_usage("training list", "--state done, due or overdue");
    if (code != CLI_OK || (code = unit_of(cli, argc > 2 ? argv[2] : NULL, &ask.unit)) != CLI_OK)
        return code;
    ask.training = argv[1];
    ask.state = wanted;
    export_start(&out, cli, COLUMNS(TRAINING_COLUMNS));
    do {
        if ((code = cli_ask(cli, "roster.training.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct training_row *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ export_id(cli, &row->person), training_state_names.names[row->state], export_day(cli, row->obliged),
                       export_day(cli, row->trained), export_day(cli, row->due) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

int verb_training_count(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct training_count_of ask = { 0 };
    struct training_counts counts;
    struct units units;
    int code = args_read("training count", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, EXPORT_ARGS(&out)), "TRAINING [UNIT]", 1, 2);
    if (code != CLI_OK || (code = unit_of(cli, argc > 2 ? argv[2] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    ask.training = argv[1];
    if ((code = cli_ask(cli, "roster.training.count", &ask, &counts)) != CLI_OK)
        return code;
    export_start(&out, cli, COLUMNS(TRAINING_SUM_COLUMNS));
    for (uint32_t i = 0; i < counts.rows.n; i++) {
        const struct training_sum *row = &counts.rows.at[i];
        export_row(&out, (const char *const[]){ units_code(&units, &row->unit), units_title(&units, &row->unit), export_number(cli, row->obliged),
                   export_number(cli, row->done), export_number(cli, row->due), export_number(cli, row->overdue), export_number(cli, row->agreed) });
    }
    return export_end(&out);
}

/* ── places ───────────────────────────────────────────────────────────────── */
static const struct export_column FREE_COLUMNS[] = {
    { "mark", "column.mark", EXPORT_TEXT, NULL, false },     { "unit", "column.organisation", EXPORT_TEXT, NULL, false },
    { "title", "column.title", EXPORT_LONG, NULL, false },   { "capacity", "column.capacity", EXPORT_NUMBER, NULL, false },
    { "free", "column.free", EXPORT_NUMBER, NULL, false },   { "id", "column.id", EXPORT_TEXT, NULL, true },
};

int verb_room_free(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct free_of ask = { .limit = 500 };
    struct free_list list;
    struct units units;
    int code = args_read("room free", &argc, argv, ARGS({ "from", ARG_DAY, &ask.from, true }, { "until", ARG_DAY, &ask.until, true },
                         { "places", ARG_NUMBER, &ask.places, false }, EXPORT_ARGS(&out)), "REGISTER [UNIT]", 1, 2);
    if (code != CLI_OK || (code = unit_of(cli, argc > 2 ? argv[2] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    ask.register_id = argv[1];
    export_start(&out, cli, COLUMNS(FREE_COLUMNS));
    do {
        if ((code = cli_ask(cli, "roster.booking.free", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct free_row *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ refer_mark(cli, &row->entry), units_code(&units, &row->unit), row->title,
                       export_number(cli, row->capacity), export_number(cli, row->free), export_id(cli, &row->entry) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}
