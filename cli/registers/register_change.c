/* register propose, record, decide, renew, end. */
#include "cli/refer/args.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "cli/registers/register.h"
#include "cli/refer/register_words.h"

/* ── what is said of a member ─────────────────────────────────────────────── */
static int ground_read(struct cli *cli, const char *verb, const char *text, struct entry_ground *ground)
{
    return ground_words(&cli->arena, text, ground) ? CLI_OK : cli_usage(verb, "--ground %s: not a day after the @", text);
}

/* GROUND=NUMBER: the document behind a ground that is given. */
static int document_read(struct cli *cli, const char *verb, const char *text, struct entry_ground *grounds, uint32_t n)
{
    const char *equals = strchr(text, '=');
    for (uint32_t i = 0; i < n && equals != NULL; i++)
        if (strlen(grounds[i].ground) == (size_t)(equals - text) && strncmp(grounds[i].ground, text, (size_t)(equals - text)) == 0)
            return refer_document(cli, equals + 1, &grounds[i].document);
    return cli_usage(verb, "--document %s: not GROUND=NUMBER with a ground that is given", text);
}

static int value_read(struct cli *cli, const char *verb, const struct profile_register *reg, const char *text, struct entry_value *value)
{
    const char *code = NULL;
    switch (value_words(&cli->arena, reg, text, value, &code)) {
    case WORDS_NONE:         return cli_usage(verb, "--value %s: not NAME=VALUE", text);
    case WORDS_NO_DAY:       return cli_usage(verb, "--value %s: not a day", text);
    case WORDS_NO_NUMBER:    return cli_usage(verb, "--value %s: not a number", text);
    case WORDS_PERSON:       return refer_person(cli, code, &value->id);
    case WORDS_ORGANISATION: return refer_organisation(cli, code, &value->id);
    default:                 return CLI_OK;
    }
}

/* placed: a place is named, so where a title may be left out the text is one. */
static int member_read(struct cli *cli, const char *verb, const struct profile_register *reg, const char *text, bool placed,
                       struct entry_record *in)
{
    bool person = reg->members == MEMBER_PERSON;
    int code = CLI_OK;
    struct uuid id = UUID_NIL;
    if (reg->members == MEMBER_TEXT && (placed || !reg->untitled)) {
        in->title = text;
        return CLI_OK;
    }
    if (reg->members == MEMBER_BOTH)
        code = refer_either(cli, text, &id, &person);
    else
        code = person ? refer_person(cli, text, &id) : refer_organisation(cli, text, &id);
    *(person ? &in->person : &in->organisation) = id;
    return code != CLI_OK || person || !uuid_is_nil(&in->organisation) ? code : cli_usage(verb, "%s: nobody", text);
}

int register_about(struct cli *cli, const char *verb, const char *text, const struct register_said *said, struct profile_register *reg,
                   struct entry_record *in)
{
    int code = register_get(cli, in->register_id, reg);
    if (code == CLI_OK)
        code = member_read(cli, verb, reg, text, said->place != NULL, in);
    if (code == CLI_OK && said->place != NULL)
        code = refer_organisation(cli, said->place, &in->organisation);
    in->grounds.at = ARENA_LIST(&cli->arena, struct entry_ground, said->grounds.n + 1);
    in->values.at = ARENA_LIST(&cli->arena, struct entry_value, said->values.n + 1);
    for (; code == CLI_OK && in->grounds.n < said->grounds.n; in->grounds.n++)
        code = ground_read(cli, verb, said->grounds.at[in->grounds.n], &in->grounds.at[in->grounds.n]);
    for (uint32_t i = 0; code == CLI_OK && i < said->documents.n; i++)
        code = document_read(cli, verb, said->documents.at[i], in->grounds.at, in->grounds.n);
    for (; code == CLI_OK && in->values.n < said->values.n; in->values.n++)
        code = value_read(cli, verb, reg, said->values.at[in->values.n], &in->values.at[in->values.n]);
    return code;
}

/* --decision NUMBER: the document by which it is decided. */
#define DECISION_ARG(to) { "decision", ARG_TEXT, &(to), false }
static int decision_read(struct cli *cli, const char *number, struct uuid *document)
{
    return number != NULL ? refer_document(cli, number, document) : CLI_OK;
}

int verb_register_propose(struct cli *cli, int argc, char **argv)
{
    struct register_said said = { 0 };
    struct entry_record about = { 0 };
    struct profile_register reg;
    struct registered made;
    int code = args_read("register propose", &argc, argv, ARGS(REGISTER_SAID_ARGS(said)), "REGISTER MEMBER", 2, 2);
    if (code != CLI_OK)
        return code;
    about.register_id = argv[1];
    if ((code = register_about(cli, "register propose", argv[2], &said, &reg, &about)) != CLI_OK)
        return code;
    const struct entry_propose in = { .register_id = about.register_id, .person = about.person, .organisation = about.organisation,
                                      .title = about.title, .grounds = { about.grounds.n, about.grounds.at },
                                      .values = { about.values.n, about.values.at } };
    register_speak(cli, reg.proposers.at, reg.proposers.n);
    return refer_made(cli, cli_ask(cli, "roster.entry.propose", &in, &made), &made);
}

int verb_register_record(struct cli *cli, int argc, char **argv)
{
    struct register_said said = { 0 };
    struct entry_record in = { 0 };
    struct profile_register reg;
    struct registered made;
    const char *decision = NULL;
    int code = args_read("register record", &argc, argv, ARGS(REGISTER_SAID_ARGS(said), { "from", ARG_DAY, &in.from, true },
                         { "until", ARG_DAY, &in.until, false }, DECISION_ARG(decision)), "REGISTER MEMBER", 2, 2);
    if (code != CLI_OK)
        return code;
    in.register_id = argv[1];
    if ((code = register_about(cli, "register record", argv[2], &said, &reg, &in)) != CLI_OK
        || (code = decision_read(cli, decision, &in.document)) != CLI_OK)
        return code;
    register_speak(cli, reg.deciders.at, reg.deciders.n);
    return refer_made(cli, cli_ask(cli, "roster.entry.record", &in, &made), &made);
}

/* ── what becomes of an entry ─────────────────────────────────────────────── */
int register_entry(struct cli *cli, char **argv, struct uuid *entry)
{
    struct profile_register reg;
    struct listing listing;
    int code = register_get(cli, argv[1], &reg);
    if (code != CLI_OK || (code = refer_entry(cli, argv[1], argv[2], &listing)) != CLI_OK)
        return code;
    *entry = listing.entry;
    register_speak(cli, reg.deciders.at, reg.deciders.n);
    return CLI_OK;
}

int verb_register_decide(struct cli *cli, int argc, char **argv)
{
    struct entry_decide in = { 0 };
    const char *decision = NULL;
    int code = args_read("register decide", &argc, argv, ARGS({ "admit", ARG_FLAG, &in.admit, false }, { "decline", ARG_TEXT, &in.reason, false },
                         { "from", ARG_DAY, &in.from, false }, { "until", ARG_DAY, &in.until, false }, DECISION_ARG(decision)), "REGISTER ENTRY", 2, 2);
    if (code == CLI_OK && in.admit == (in.reason != NULL))
        return cli_usage("register decide", "either --admit or --decline REASON");
    if (code != CLI_OK || (code = register_entry(cli, argv, &in.entry)) != CLI_OK || (code = decision_read(cli, decision, &in.document)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.entry.decide", &in);
}

int verb_register_renew(struct cli *cli, int argc, char **argv)
{
    struct entry_renew in = { 0 };
    const char *decision = NULL;
    int code = args_read("register renew", &argc, argv, ARGS({ "from", ARG_DAY, &in.from, false }, { "until", ARG_DAY, &in.until, false },
                         DECISION_ARG(decision)), "REGISTER ENTRY", 2, 2);
    if (code != CLI_OK || (code = register_entry(cli, argv, &in.entry)) != CLI_OK || (code = decision_read(cli, decision, &in.document)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.entry.renew", &in);
}

int verb_register_end(struct cli *cli, int argc, char **argv)
{
    struct entry_end in = { 0 };
    const char *decision = NULL;
    int code = args_read("register end", &argc, argv, ARGS({ "until", ARG_DAY, &in.until, true }, { "reason", ARG_TEXT, &in.reason, true },
                         DECISION_ARG(decision)), "REGISTER ENTRY", 2, 2);
    if (code != CLI_OK || (code = register_entry(cli, argv, &in.entry)) != CLI_OK || (code = decision_read(cli, decision, &in.document)) != CLI_OK)
        return code;
    return cli_do(cli, "roster.entry.end", &in);
}
