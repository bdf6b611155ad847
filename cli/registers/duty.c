/* part list, join, leave; duty list, set, fulfil: who takes part in an entry of a register, and what is to be done by when. */
#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/registers/register.h"
#include "proto/roster_calls.h"
#include "proto/roster_duties.h"

struct parts { struct part *at; uint32_t n; };

/* All of an entry; on: taking part on that day, 0: whenever. */
static int parts_fetch(struct cli *cli, const struct uuid *entry, day_t on, struct parts *parts)
{
    struct parts_of ask = { .entry = *entry, .on = on, .limit = 1000 };
    struct part_list list;
    *parts = (struct parts){ 0 };
    do {
        int code = cli_ask(cli, "roster.part.list", &ask, &list);
        if (code != CLI_OK)
            return code;
        struct part *more = ARENA_LIST(&cli->arena, struct part, parts->n + list.rows.n + 1);
        if (parts->n > 0)
            memcpy(more, parts->at, sizeof *more * parts->n);
        if (list.rows.n > 0)
            memcpy(more + parts->n, list.rows.at, sizeof *more * list.rows.n);
        parts->at = more;
        parts->n += list.rows.n;
        ask.after = list.next;
    } while (ask.after.n > 0);
    return CLI_OK;
}

static bool is_said(const char *text) { return text != NULL && text[0] != '\0'; }

static const char *part_who(const struct units *units, const struct part *part)
{
    if (is_said(part->title))
        return part->title;
    return units_code(units, uuid_is_nil(&part->person) ? &part->organisation : &part->person);
}

/* By its mark, or by who it is: a code, a title. */
static int part_refer(struct cli *cli, const struct uuid *entry, const char *text, struct uuid *part)
{
    struct parts parts;
    struct units units;
    struct uuid who = UUID_NIL;
    uint32_t fit = 0;
    int code = parts_fetch(cli, entry, 0, &parts);
    if (code != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    for (uint32_t i = 0; i < parts.n; i++)
        if (refer_mark_is(&parts.at[i].part, text) || strcmp(part_who(&units, &parts.at[i]), text) == 0) {
            *part = parts.at[i].part;
            fit++;
        }
    for (uint32_t i = 0; fit == 0 && i < parts.n; i++) {            /* a person's code */
        if (uuid_is_nil(&parts.at[i].person))
            continue;
        if (uuid_is_nil(&who) && refer_person(cli, text, &who) != CLI_OK)
            return CLI_FAILED;
        if (uuid_equal(&parts.at[i].person, &who)) {
            *part = parts.at[i].part;
            fit++;
        }
    }
    const struct catalogue_arg args[] = { { "code", text } };
    return fit == 1 ? CLI_OK : cli_say(CLI_FAILED, "%s", cli_words(cli, fit == 0 ? "refer.no_part" : "refer.many_parts", args, 1));
}

/* ── who takes part ───────────────────────────────────────────────────────── */
static const struct export_column PART_COLUMNS[] = {
    { "mark",  "column.mark",    EXPORT_TEXT, NULL, false }, { "role",  "column.role",  EXPORT_TEXT, NULL, false },
    { "who",   "column.who",     EXPORT_PERSON, NULL, false }, { "title", "column.title", EXPORT_LONG, NULL, false },
    { "from",  "column.from",    EXPORT_DAY,  NULL, false }, { "until", "column.until", EXPORT_DAY,  NULL, false },
    { "id",    "column.id",      EXPORT_TEXT, NULL, true  },
};

int verb_part_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct listing listing;
    struct parts parts;
    struct units units;
    day_t on = 0;
    int code = args_read("part list", &argc, argv, ARGS({ "on", ARG_DAY, &on, false }, EXPORT_NAMES_ARGS(&out)), "REGISTER ENTRY", 2, 2);
    if (code != CLI_OK || (code = refer_entry(cli, argv[1], argv[2], &listing)) != CLI_OK
        || (code = parts_fetch(cli, &listing.entry, on, &parts)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, PART_COLUMNS, sizeof PART_COLUMNS / sizeof *PART_COLUMNS);
    for (uint32_t i = 0; i < parts.n; i++) {
        const struct part *part = &parts.at[i];
        export_row(&out, (const char *const[]){ refer_mark(cli, &part->part), part->role, is_said(part->title) ? "" : part_who(&units, part),
                   is_said(part->title) ? part->title : units_title(&units, &part->organisation), export_day(cli, part->from),
                   export_day(cli, part->until), export_id(cli, &part->part) });
    }
    return export_end(&out);
}

int verb_part_join(struct cli *cli, int argc, char **argv)
{
    struct part_join in = { 0 };
    struct registered made;
    bool person = false;
    struct uuid who = UUID_NIL;
    int code = args_read("part join", &argc, argv, ARGS({ "role", ARG_TEXT, &in.role, true }, { "from", ARG_DAY, &in.from, true },
                         { "until", ARG_DAY, &in.until, false }, { "title", ARG_TEXT, &in.title, false }), "REGISTER ENTRY [WHO]", 2, 3);
    if (code == CLI_OK && (argc > 3) == (in.title != NULL))
        return cli_usage("part join", "either WHO or --title");
    if (code == CLI_OK && argc > 3)
        code = refer_either(cli, argv[3], &who, &person);
    *(person ? &in.person : &in.organisation) = who;
    if (code != CLI_OK || (code = register_entry(cli, argv, &in.entry)) != CLI_OK)
        return code;
    return refer_made(cli, cli_ask(cli, "roster.part.join", &in, &made), &made);
}

int verb_part_leave(struct cli *cli, int argc, char **argv)
{
    struct part_leave in = { 0 };
    struct uuid entry;
    int code = args_read("part leave", &argc, argv, ARGS({ "until", ARG_DAY, &in.until, true }), "REGISTER ENTRY PART", 3, 3);
    if (code != CLI_OK || (code = register_entry(cli, argv, &entry)) != CLI_OK
        || (code = part_refer(cli, &entry, argv[3], &in.part)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.part.leave", &in);
}

/* ── what is to be done ───────────────────────────────────────────────────── */
static const struct export_column DUTY_COLUMNS[] = {
    { "mark",      "column.mark",      EXPORT_TEXT, NULL, false }, { "kind",      "column.kind",      EXPORT_TEXT, NULL, false },
    { "title",     "column.title",     EXPORT_LONG, NULL, false }, { "who",       "column.who",       EXPORT_TEXT, NULL, false },
    { "due",       "column.due",       EXPORT_DAY,  NULL, false }, { "fulfilled", "column.fulfilled", EXPORT_DAY,  NULL, false },
    { "overdue",   "column.overdue",   EXPORT_DAY,  NULL, false }, { "dropped",   "column.dropped",   EXPORT_DAY,  NULL, true  },
    { "people",    "column.took_part", EXPORT_NUMBER, NULL, true }, { "result",   "column.result",    EXPORT_TEXT, NULL, true  },
    { "training",  "column.training",  EXPORT_TEXT, NULL, true  }, { "number",    "column.to_train",  EXPORT_NUMBER, NULL, true },
    { "document",  "column.document",  EXPORT_TEXT, NULL, true  }, { "id",        "column.id",        EXPORT_TEXT, NULL, true  },
};

static const char *duty_who(const struct units *units, const struct parts *parts, const struct duty *duty)
{
    for (uint32_t i = 0; i < parts->n; i++)
        if (uuid_equal(&parts->at[i].part, &duty->part))
            return part_who(units, &parts->at[i]);
    return "";
}

struct duty_rows { struct export out; struct units units; struct parts parts; };
static void duty_row(void *arg, const void *row)
{
    const struct duty *duty = row;
    struct duty_rows *rows = arg;
    struct cli *cli = rows->out.cli;
    export_row(&rows->out, (const char *const[]){ refer_mark(cli, &duty->duty), duty->kind, duty->title, duty_who(&rows->units, &rows->parts, duty),
               export_day(cli, duty->due), export_day(cli, duty->fulfilled), export_day(cli, duty->overdue), export_day(cli, duty->dropped),
               duty->people != 0 ? export_number(cli, duty->people) : NULL, duty->result, duty->training,
               duty->number != 0 ? export_number(cli, duty->number) : NULL, export_id(cli, &duty->document), export_id(cli, &duty->duty) });
}

int verb_duty_list(struct cli *cli, int argc, char **argv)
{
    struct duty_rows rows = { 0 };
    struct duties_of ask = { .limit = 1000 };
    struct listing listing;
    int code = args_read("duty list", &argc, argv, ARGS({ "open", ARG_FLAG, &ask.open, false }, EXPORT_ARGS(&rows.out)), "REGISTER ENTRY", 2, 2);
    if (code != CLI_OK || (code = refer_entry(cli, argv[1], argv[2], &listing)) != CLI_OK
        || (code = parts_fetch(cli, &listing.entry, 0, &rows.parts)) != CLI_OK || (code = units_fetch(&rows.units, cli, 0)) != CLI_OK)
        return code;
    export_start(&rows.out, cli, DUTY_COLUMNS, sizeof DUTY_COLUMNS / sizeof *DUTY_COLUMNS);
    ask.entry = listing.entry;
    if ((code = cli_each(cli, "roster.duty.list", &ask, duty_row, &rows)) != CLI_OK)
        return code;
    return export_end(&rows.out);
}

/* ── what is owed in a whole register ─────────────────────────────────────── */
static const struct export_column DUE_COLUMNS[] = {
    { "entry",     "column.entry",     EXPORT_TEXT, NULL, false }, { "mark",    "column.mark",    EXPORT_TEXT, NULL, false },
    { "kind",      "column.kind",      EXPORT_TEXT, NULL, false }, { "title",   "column.title",   EXPORT_LONG, NULL, false },
    { "due",       "column.due",       EXPORT_DAY,  NULL, false }, { "overdue", "column.overdue", EXPORT_DAY,  NULL, false },
    { "fulfilled", "column.fulfilled", EXPORT_DAY,  NULL, true  }, { "result",  "column.result",  EXPORT_TEXT, NULL, true  },
    { "id",        "column.id",        EXPORT_TEXT, NULL, true  },
};

/* Its title, or whose it is; asked once for the duties of an entry, which come together. */
struct entry_named { struct uuid entry; const char *name; };
static int entry_name(struct cli *cli, const struct units *units, const struct uuid *entry, struct entry_named *named)
{
    const struct registered ask = { *entry };
    struct listing listing;
    if (uuid_equal(&named->entry, entry))
        return CLI_OK;
    int code = cli_ask(cli, "roster.entry.get", &ask, &listing);
    if (code == CLI_OK)
        *named = (struct entry_named){ *entry, is_said(listing.title) ? listing.title : units_code(units, &listing.member) };
    return code;
}

int verb_duty_due(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct duties_in ask = { .limit = 500 };
    struct entry_named named = { UUID_NIL, "" };
    struct duty_list list;
    struct units units;
    const char *unit = NULL;
    bool all = false;
    int code = args_read("duty due", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "from", ARG_DAY, &ask.from, false },
                         { "until", ARG_DAY, &ask.until, false }, { "kind", ARG_TEXT, &ask.kind, false }, { "all", ARG_FLAG, &all, false },
                         EXPORT_ARGS(&out)), "REGISTER", 1, 1);
    if (code == CLI_OK)
        code = cli_config(cli);
    ask.register_id = argv[1];
    ask.unit = cli->config.region;
    ask.open = !all;
    if (code == CLI_OK && unit != NULL)
        code = refer_organisation(cli, unit, &ask.unit);
    if (code != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, DUE_COLUMNS, sizeof DUE_COLUMNS / sizeof *DUE_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.duty.due", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct duty *duty = &list.rows.at[i];
            if ((code = entry_name(cli, &units, &duty->entry, &named)) != CLI_OK)
                return code;
            export_row(&out, (const char *const[]){ named.name, refer_mark(cli, &duty->duty), duty->kind, duty->title, export_day(cli, duty->due),
                       export_day(cli, duty->overdue), export_day(cli, duty->fulfilled), duty->result, export_id(cli, &duty->duty) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

int verb_duty_set(struct cli *cli, int argc, char **argv)
{
    struct duty_set in = { 0 };
    struct registered made;
    const char *part = NULL;
    int code = args_read("duty set", &argc, argv, ARGS({ "due", ARG_DAY, &in.due, true }, { "part", ARG_TEXT, &part, false },
                         { "training", ARG_TEXT, &in.training, false }, { "number", ARG_NUMBER, &in.number, false }), "REGISTER ENTRY KIND TITLE", 4, 4);
    if (code != CLI_OK || (code = register_entry(cli, argv, &in.entry)) != CLI_OK)
        return code;
    in.kind = argv[3];
    in.title = argv[4];
    if (part != NULL && (code = part_refer(cli, &in.entry, part, &in.part)) != CLI_OK)
        return code;
    return refer_made(cli, cli_ask(cli, "roster.duty.set", &in, &made), &made);
}

/* ── what comes of it ─────────────────────────────────────────────────────── */
struct duty_sought { const char *text; struct uuid duty; uint32_t fit; };
static void duty_fits(void *arg, const void *row)
{
    const struct duty *duty = row;
    struct duty_sought *sought = arg;
    if (refer_mark_is(&duty->duty, sought->text) || (duty->fulfilled == 0 && duty->dropped == 0 && strcmp(duty->title, sought->text) == 0)) {
        sought->duty = duty->duty;
        sought->fit++;
    }
}

/* By its mark, or the title of one that is owed. */
static int duty_refer(struct cli *cli, const struct uuid *entry, const char *text, struct uuid *duty)
{
    struct duty_sought sought = { .text = text };
    struct duties_of ask = { .entry = *entry, .limit = 1000 };
    int code = cli_each(cli, "roster.duty.list", &ask, duty_fits, &sought);
    const struct catalogue_arg args[] = { { "code", text } };
    *duty = sought.duty;
    if (code != CLI_OK || sought.fit == 1)
        return code;
    return cli_say(CLI_FAILED, "%s", cli_words(cli, sought.fit == 0 ? "refer.no_duty" : "refer.many_duties", args, 1));
}

int verb_duty_drop(struct cli *cli, int argc, char **argv)
{
    struct duty_drop in = { 0 };
    struct uuid entry;
    int code = args_read("duty drop", &argc, argv, ARGS({ "reason", ARG_TEXT, &in.reason, true }, { "day", ARG_DAY, &in.day, false }),
                         "REGISTER ENTRY DUTY", 3, 3);
    if (code != CLI_OK || (code = register_entry(cli, argv, &entry)) != CLI_OK || (code = duty_refer(cli, &entry, argv[3], &in.duty)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.duty.drop", &in);
}

int verb_duty_fulfil(struct cli *cli, int argc, char **argv)
{
    struct duty_fulfil in = { 0 };
    const char *document = NULL;
    struct uuid entry;
    int code = args_read("duty fulfil", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, false }, { "result", ARG_TEXT, &in.result, false },
                         { "document", ARG_TEXT, &document, false }, { "people", ARG_NUMBER, &in.people, false }), "REGISTER ENTRY DUTY", 3, 3);
    if (code != CLI_OK || (code = register_entry(cli, argv, &entry)) != CLI_OK || (code = duty_refer(cli, &entry, argv[3], &in.duty)) != CLI_OK)
        return code;
    if (document != NULL && (code = refer_document(cli, document, &in.document)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.duty.fulfil", &in);
}
