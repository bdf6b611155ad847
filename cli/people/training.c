#include "cli/people/training.h"

#include <string.h>

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/registers/register.h"
#include "proto/roster_training.h"

/* ── which there are ──────────────────────────────────────────────────────── */
static const struct export_column KIND_COLUMNS[] = {
    { "training", "column.code",     EXPORT_TEXT,   NULL, false }, { "title",      "column.title",      EXPORT_LONG,   NULL, false },
    { "register", "column.register", EXPORT_TEXT,   NULL, false }, { "within",     "column.within", EXPORT_NUMBER, NULL, false },
    { "valid",    "column.valid",    EXPORT_NUMBER, NULL, false }, { "outside",    "column.outside",    EXPORT_FLAG,   NULL, false },
    { "population", "column.population", EXPORT_TEXT, NULL, true }, { "roles",    "column.roles",      EXPORT_TEXT,   NULL, true  },
    { "clause",   "column.clause",   EXPORT_TEXT,   NULL, true  }, { "agreements", "column.agreements", EXPORT_TEXT,   NULL, true  },
};

static int kinds_ask(struct cli *cli, struct training_lines *lines)
{
    *lines = (struct training_lines){ 0 };
    return cli_ask(cli, "roster.training.kinds", NULL, lines);
}

static const char *roles_said(struct cli *cli, const struct profile_training *row)
{
    const char *line = "";
    for (uint32_t i = 0; i < row->roles.n; i++)
        line = arena_format(&cli->arena, "%s%s%s", line, i > 0 ? ", " : "", row->roles.at[i]);
    return line;
}

int verb_training_kinds(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct training_lines lines;
    int code = args_read("training kinds", &argc, argv, ARGS(EXPORT_ARGS(&out)), "", 0, 0);
    if (code != CLI_OK || (code = kinds_ask(cli, &lines)) != CLI_OK)
        return code;
    export_start(&out, cli, KIND_COLUMNS, sizeof KIND_COLUMNS / sizeof *KIND_COLUMNS);
    for (uint32_t i = 0; i < lines.rows.n; i++) {
        const struct profile_training *row = &lines.rows.at[i];
        export_row(&out, (const char *const[]){ row->id, row->title, row->register_id, export_number(cli, row->within_months),
                   row->valid_months > 0 ? export_number(cli, row->valid_months) : "", row->outside ? "yes" : "", row->population,
                   roles_said(cli, row), row->clause, row->agreements });
    }
    return export_end(&out);
}

/* ── who must, who has ────────────────────────────────────────────────────── */
static const struct export_column TRAINING_COLUMNS[] = {
    { "person",  "column.person",  EXPORT_PERSON, NULL, false }, { "state",   "column.stage",   EXPORT_TEXT, "training_state", false },
    { "obliged", "column.obliged", EXPORT_DAY,  NULL, false }, { "trained", "column.trained", EXPORT_DAY,  NULL, false },
    { "due",     "column.due",     EXPORT_DAY,  NULL, false }, { "entry",   "column.entry",   EXPORT_TEXT, NULL, true  },
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
                         { "state", ARG_TEXT, &state, false }, EXPORT_NAMES_ARGS(&out)), "TRAINING [UNIT]", 1, 2);
    int wanted = code == CLI_OK && state != NULL ? enum_find(&training_state_names, state, strlen(state)) : TRAINING_ANY;
    if (wanted < 0)
        return cli_usage("training list", "--state done, due or overdue");
    if (code != CLI_OK || (code = refer_unit(cli, argc > 2 ? argv[2] : NULL, &ask.unit)) != CLI_OK)
        return code;
    ask.training = argv[1];
    ask.state = wanted;
    export_start(&out, cli, TRAINING_COLUMNS, sizeof TRAINING_COLUMNS / sizeof *TRAINING_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.training.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct training_row *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ export_id(cli, &row->person), training_state_names.names[row->state], export_day(cli, row->obliged),
                       export_day(cli, row->trained), export_day(cli, row->due), uuid_is_nil(&row->entry) ? "" : refer_mark(cli, &row->entry) });
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
    if (code != CLI_OK || (code = refer_unit(cli, argc > 2 ? argv[2] : NULL, &ask.unit)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    ask.training = argv[1];
    if ((code = cli_ask(cli, "roster.training.count", &ask, &counts)) != CLI_OK)
        return code;
    export_start(&out, cli, TRAINING_SUM_COLUMNS, sizeof TRAINING_SUM_COLUMNS / sizeof *TRAINING_SUM_COLUMNS);
    for (uint32_t i = 0; i < counts.rows.n; i++) {
        const struct training_sum *row = &counts.rows.at[i];
        export_row(&out, (const char *const[]){ units_code(&units, &row->unit), units_title(&units, &row->unit), export_number(cli, row->obliged),
                   export_number(cli, row->done), export_number(cli, row->due), export_number(cli, row->overdue), export_number(cli, row->agreed) });
    }
    return export_end(&out);
}

/* ── outside of the region ────────────────────────────────────────────────── */
/* From here on with a key whose role enters training outside: who decides about its register, or whom a population names. */
static int training_speak(struct cli *cli, const char *training)
{
    struct profile_register reg;
    struct training_lines lines;
    int code = kinds_ask(cli, &lines);
    for (uint32_t i = 0; code == CLI_OK && i < lines.rows.n; i++) {
        const struct profile_training *row = &lines.rows.at[i];
        if (strcmp(row->id, training) != 0)
            continue;
        if (row->population != NULL && row->population[0] != '\0')
            register_speak(cli, row->deciders.at, row->deciders.n);
        else if ((code = register_get(cli, row->register_id, &reg)) == CLI_OK)
            register_speak(cli, reg.deciders.at, reg.deciders.n);
    }
    return code;
}

static const struct export_column OUTSIDE_COLUMNS[] = {
    { "mark",     "column.mark",     EXPORT_TEXT, NULL, false }, { "training", "column.training", EXPORT_TEXT, NULL, false },
    { "day",      "column.day",      EXPORT_DAY,  NULL, false }, { "document", "column.document", EXPORT_TEXT, NULL, false },
    { "provider", "column.provider", EXPORT_LONG, NULL, false }, { "title",    "column.title",    EXPORT_TEXT, NULL, false },
    { "id",       "column.id",       EXPORT_TEXT, NULL, true  },
};

int verb_training_of(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct person_of ask;
    struct outside_list list;
    int code = args_read("training of", &argc, argv, ARGS(EXPORT_ARGS(&out)), "PERSON", 1, 1);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.person)) != CLI_OK || (code = cli_ask(cli, "roster.training.of", &ask, &list)) != CLI_OK)
        return code;
    export_start(&out, cli, OUTSIDE_COLUMNS, sizeof OUTSIDE_COLUMNS / sizeof *OUTSIDE_COLUMNS);
    for (uint32_t i = 0; i < list.rows.n; i++) {
        const struct training *row = &list.rows.at[i];
        export_row(&out, (const char *const[]){ refer_mark(cli, &row->id), row->training, export_day(cli, row->day), row->document, row->provider,
                   row->title, export_id(cli, &row->id) });
    }
    return export_end(&out);
}

int verb_training_record(struct cli *cli, int argc, char **argv)
{
    struct training_record in = { 0 };
    struct registered made;
    int code = args_read("training record", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, true }, { "document", ARG_TEXT, &in.document, true },
                         { "provider", ARG_TEXT, &in.provider, true }, { "title", ARG_TEXT, &in.title, false }), "PERSON TRAINING", 2, 2);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &in.person)) != CLI_OK || (code = training_speak(cli, argv[2])) != CLI_OK)
        return code;
    in.training = argv[2];
    return refer_made(cli, cli_ask(cli, "roster.training.record", &in, &made), &made);
}

int verb_training_strike(struct cli *cli, int argc, char **argv)
{
    struct training_strike in = { 0 };
    struct person_of ask;
    struct outside_list list;
    const char *training = NULL;
    uint32_t fit = 0;
    int code = args_read("training strike", &argc, argv, ARGS({ "reason", ARG_TEXT, &in.reason, true }), "PERSON DOCUMENT", 2, 2);
    if (code != CLI_OK || (code = refer_person(cli, argv[1], &ask.person)) != CLI_OK || (code = cli_ask(cli, "roster.training.of", &ask, &list)) != CLI_OK)
        return code;
    for (uint32_t i = 0; i < list.rows.n; i++)
        if (refer_mark_is(&list.rows.at[i].id, argv[2]) || strcmp(list.rows.at[i].document, argv[2]) == 0) {
            in.id = list.rows.at[i].id;
            training = list.rows.at[i].training;
            fit++;
        }
    const struct catalogue_arg args[] = { { "code", argv[2] } };
    if (fit != 1)
        return cli_say(CLI_FAILED, "%s", cli_words(cli, fit == 0 ? "refer.no_training" : "refer.many_trainings", args, 1));
    if ((code = training_speak(cli, training)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.training.strike", &in);
}
