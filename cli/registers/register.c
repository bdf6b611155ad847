/* register list, rules, show, of, count: what registers there are and who stands in them. */
#include "cli/registers/register.h"

#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "proto/roles.h"

int register_get(struct cli *cli, const char *id, struct profile_register *reg)
{
    const struct register_of ask = { .register_id = id };
    return cli_ask(cli, "roster.register.get", &ask, reg);
}

void register_speak(struct cli *cli, const char *const *roles, uint32_t n)
{
    roles_t mask = 0;
    for (uint32_t i = 0; i < n; i++) {
        int role = enum_find(&role_names, roles[i], strlen(roles[i]));
        mask |= role >= 0 ? ROLE(role) : 0;
    }
    if (cli->key == NULL)
        cli->key = cli_key(cli, mask);
}

/* ── which there are ──────────────────────────────────────────────────────── */
static const struct export_column LIST_COLUMNS[] = {
    { "id",      "column.register", EXPORT_TEXT, NULL,          false },
    { "title",   "column.title",    EXPORT_LONG, NULL,          false },
    { "members", "column.members",  EXPORT_TEXT, "member_kind", false },
    { "clause",  "column.clause",   EXPORT_TEXT, NULL,          false },
    { "public",  "column.public",   EXPORT_FLAG, NULL,          false },
};

int verb_register_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct register_list list;
    int code = args_read("register list", &argc, argv, ARGS(EXPORT_ARGS(&out)), "", 0, 0);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.register.list", NULL, &list)) != CLI_OK)
        return code;
    export_start(&out, cli, LIST_COLUMNS, sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS);
    for (uint32_t i = 0; i < list.rows.n; i++) {
        const struct register_line *row = &list.rows.at[i];
        export_row(&out, (const char *const[]){ row->id, row->title, member_kind_names.names[row->members], row->clause, row->public ? "yes" : "" });
    }
    return export_end(&out);
}

/* ── what one asks for ────────────────────────────────────────────────────── */
static const char *joined(struct cli *cli, const char *const *words, uint32_t n)
{
    const char *line = "";
    for (uint32_t i = 0; i < n; i++)
        line = arena_format(&cli->arena, "%s%s%s", line, i > 0 ? ", " : "", words[i]);
    return line;
}

/* Of organisations, by the words that people know them by. */
static const char *kinds_said(struct cli *cli, const char *const *names, uint32_t n)
{
    const char *line = "";
    for (uint32_t i = 0; i < n; i++)
        line = arena_format(&cli->arena, "%s%s%s", line, i > 0 ? ", " : "", cli_word(cli, arena_format(&cli->arena, "org_kind.%s", names[i])));
    return line;
}

static void say_grounds(struct cli *cli, const struct profile_register *reg)
{
    printf("%s\n", cli_word(cli, reg->all_grounds ? "register.all_grounds" : "register.any_ground"));
    for (uint32_t i = 0; i < reg->grounds.n; i++) {
        const struct register_ground *ground = &reg->grounds.at[i];
        bool shown = ground->evidence != NULL && ground->evidence[0] != '\0';
        bool some = ground->organisations.n > 0;
        printf("  %s: %s%s%s%s%s%s%s%s\n", ground->code, ground->title, shown ? "; " : "", shown ? ground->evidence : "",
               ground->dated ? "; " : "", ground->dated ? cli_word(cli, "register.dated") : "", some ? " [" : "",
               kinds_said(cli, ground->organisations.at, ground->organisations.n), some ? "]" : "");
    }
}

static void say_fields(struct cli *cli, const struct profile_register *reg)
{
    if (reg->fields.n > 0)
        printf("%s\n", cli_word(cli, "register.fields"));
    for (uint32_t i = 0; i < reg->fields.n; i++) {
        const struct register_field *field = &reg->fields.at[i];
        const char *kind = cli_word(cli, arena_format(&cli->arena, "register_value_kind.%s", register_value_kind_names.names[field->kind]));
        printf("  %s: %s (%s%s%s%s%s)\n", field->name, field->title, kind, field->choices.n > 0 ? ": " : "",
               joined(cli, field->choices.at, field->choices.n), field->required ? ", " : "",
               field->required ? cli_word(cli, "register.required") : "");
    }
}

int verb_register_rules(struct cli *cli, int argc, char **argv)
{
    struct profile_register reg;
    int code = args_read("register rules", &argc, argv, NULL, 0, "REGISTER", 1, 1);
    if (code != CLI_OK || (code = register_get(cli, argv[1], &reg)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&profile_register_desc, &reg);
        return CLI_OK;
    }
    printf("%s (%s)\n", reg.title, reg.clause);
    export_line(cli, "column.members", cli_word(cli, arena_format(&cli->arena, "member_kind.%s", member_kind_names.names[reg.members])));
    export_line(cli, "register.proposers", joined(cli, reg.proposers.at, reg.proposers.n));
    export_line(cli, "register.deciders", joined(cli, reg.deciders.at, reg.deciders.n));
    export_line(cli, "register.term", reg.term_months > 0 ? export_number(cli, reg.term_months) : "");
    export_line(cli, "register.roles", joined(cli, reg.roles.at, reg.roles.n));
    if (reg.partners.n > 0)
        export_line(cli, "register.partners", kinds_said(cli, reg.partners.at, reg.partners.n));
    export_line(cli, "register.duties", joined(cli, reg.duties.at, reg.duties.n));
    say_grounds(cli, &reg);
    say_fields(cli, &reg);
    return CLI_OK;
}

/* ── who stands in it ─────────────────────────────────────────────────────── */
static const struct export_column ENTRY_COLUMNS[] = {
    { "mark",     "column.mark",         EXPORT_TEXT, NULL,          false },
    { "register", "column.register",     EXPORT_TEXT, NULL,          false },
    { "member",   "column.member",       EXPORT_PERSON, NULL,        false },
    { "title",    "column.title",        EXPORT_LONG, NULL,          false },
    { "place",    "column.place",        EXPORT_TEXT, NULL,          false },
    { "stage",    "column.stage",        EXPORT_TEXT, "entry_stage", false },
    { "from",     "column.from",         EXPORT_DAY,  NULL,          false },
    { "until",    "column.until",        EXPORT_DAY,  NULL,          false },
    { "proposed", "column.proposed",     EXPORT_DAY,  NULL,          true  },
    { "grounds",  "column.grounds",      EXPORT_TEXT, NULL,          true  },
    { "values",   "column.values",       EXPORT_TEXT, NULL,          true  },
    { "reason",   "column.reason",       EXPORT_TEXT, NULL,          true  },
    { "decision", "column.decision",     EXPORT_TEXT, NULL,          true  },
    { "exit",     "column.exit",         EXPORT_TEXT, NULL,          true  },
    { "id",       "column.id",           EXPORT_TEXT, NULL,          true  },
};

static const char *grounds_said(struct cli *cli, const struct listing *row)
{
    const char *line = "";
    for (uint32_t i = 0; i < row->grounds.n; i++) {
        const struct entry_ground *ground = &row->grounds.at[i];
        bool shown = ground->evidence != NULL && ground->evidence[0] != '\0';
        line = arena_format(&cli->arena, "%s%s%s%s%s%s%s", line, i > 0 ? "; " : "", ground->ground, ground->day != 0 ? "@" : "",
                            export_day(cli, ground->day), shown ? "=" : "", shown ? ground->evidence : "");
    }
    return line;
}

static const char *values_said(const struct units *units, const struct listing *row)
{
    struct cli *cli = units->cli;
    const char *line = "";
    for (uint32_t i = 0; i < row->values.n; i++) {
        const struct entry_value *value = &row->values.at[i];
        const char *said = value->text != NULL && value->text[0] != '\0' ? value->text : value->day != 0 ? export_day(cli, value->day)
                         : !uuid_is_nil(&value->id) ? units_code(units, &value->id) : export_number(cli, value->number);
        line = arena_format(&cli->arena, "%s%s%s=%s", line, i > 0 ? "; " : "", value->name, said);
    }
    return line;
}

/* The span that holds on that day, else the last one. */
static const struct entry_span *span_shown(const struct listing *row, day_t on)
{
    const struct entry_span *last = row->spans.n > 0 ? &row->spans.at[row->spans.n - 1] : NULL;
    for (uint32_t i = 0; i < row->spans.n && on != 0; i++)
        if (row->spans.at[i].from <= on && (row->spans.at[i].until == 0 || on <= row->spans.at[i].until))
            return &row->spans.at[i];
    return last;
}

static void entry_row(struct export *out, const struct units *units, const struct listing *row, day_t on)
{
    struct cli *cli = out->cli;
    const struct entry_span *span = span_shown(row, on);
    bool titled = row->title != NULL && row->title[0] != '\0';
    export_row(out, (const char *const[]){
        refer_mark(cli, &row->entry), row->register_id, titled ? "" : units_code(units, &row->member),
        titled ? row->title : units_title(units, &row->member), units_code(units, &row->chain.at[0]),
        entry_stage_names.names[row->stage], span != NULL ? export_day(cli, span->from) : "", span != NULL ? export_day(cli, span->until) : "",
        export_day(cli, row->proposed), grounds_said(cli, row), values_said(units, row), row->reason,
        span != NULL ? export_id(cli, &span->document) : "", export_id(cli, &row->exit), export_id(cli, &row->entry) });
}

static void entries_start(struct cli *cli, struct export *out)
{
    export_start(out, cli, ENTRY_COLUMNS, sizeof ENTRY_COLUMNS / sizeof *ENTRY_COLUMNS);
}

int verb_register_show(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct entries_of ask = { .limit = 1000, .which = LIST_ON_DAY };
    struct entry_list list;
    struct units units;
    bool proposed = false, all = false;
    const char *unit = NULL, *with = NULL;
    int code = args_read("register show", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "with", ARG_TEXT, &with, false }, { "on", ARG_DAY, &ask.on, false },
                         { "proposed", ARG_FLAG, &proposed, false }, { "all", ARG_FLAG, &all, false }, EXPORT_NAMES_ARGS(&out)), "REGISTER", 1, 1);
    if (code == CLI_OK && (proposed + all + (ask.on != 0)) > 1)
        return cli_usage("register show", "one of --on, --proposed and --all");
    if (code == CLI_OK && unit != NULL)
        code = refer_organisation(cli, unit, &ask.unit);
    if (code == CLI_OK && with != NULL)
        code = refer_organisation(cli, with, &ask.partner);
    if (code != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    ask.register_id = argv[1];
    ask.which = proposed ? LIST_PROPOSED : all ? LIST_ALL : LIST_ON_DAY;
    entries_start(cli, &out);
    do {
        if ((code = cli_ask(cli, "roster.entry.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            entry_row(&out, &units, &list.rows.at[i], ask.on);
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

int verb_register_of(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct memberships_of ask = { .limit = 1000 };
    struct entry_list list;
    struct units units;
    int code = args_read("register of", &argc, argv, ARGS(EXPORT_ARGS(&out)), "CODE", 1, 1);
    if (code != CLI_OK || (code = refer_either(cli, argv[1], &ask.member, NULL)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    entries_start(cli, &out);
    do {
        if ((code = cli_ask(cli, "roster.entry.of", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            entry_row(&out, &units, &list.rows.at[i], 0);
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

int verb_register_count(struct cli *cli, int argc, char **argv)
{
    static const struct export_column columns[] = { { "members", "column.in_register", EXPORT_NUMBER, NULL, false },
                                                    { "proposed", "column.waiting", EXPORT_NUMBER, NULL, false } };
    struct export out = { 0 };
    struct register_count_of ask = { 0 };
    struct refer_tree tree = { 0 };
    struct register_count count;
    const char *unit = NULL;
    int code = args_read("register count", &argc, argv, ARGS({ "unit", ARG_TEXT, &unit, false }, { "on", ARG_DAY, &ask.on, false },
                         REFER_TREE_ARGS(&tree), EXPORT_ARGS(&out)), "REGISTER", 1, 1);
    if (code == CLI_OK)
        code = cli_config(cli);
    REFER_TREE(&ask, &tree);
    ask.register_id = argv[1];
    ask.unit = cli->config.region;
    if (code == CLI_OK && unit != NULL)
        code = refer_organisation(cli, unit, &ask.unit);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.register.count", &ask, &count)) != CLI_OK)
        return code;
    export_start(&out, cli, columns, 2);
    export_row(&out, (const char *const[]){ export_number(cli, count.members), export_number(cli, count.proposed) });
    return export_end(&out);
}
