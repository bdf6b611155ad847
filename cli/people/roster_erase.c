/* roster erase: a person's data destroyed, with the act and the extract of the journals that prove it (152-FZ art. 21 (7),
 * order of Roskomnadzor 179 of 28.10.2022). Neither holds a name: the act must not bring back what it destroys. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include "cli/describe.h"
#include "cli/show/entry_line.h"
#include "cli/refer/args.h"
#include "cli/daemons/follow.h"
#include "cli/refer/refer.h"
#include "common/core/err.h"
#include "common/core/files.h"
#include "common/core/hash.h"
#include "common/service/machine.h"
#include "proto/profile.h"
#include "proto/programmes.h"
#include "proto/roles.h"
#include "proto/roster.h"
#include "proto/roster_lists.h"
#include "proto/roster_merge.h"
#include "proto/roster_privacy.h"
#include "proto/roster_search.h"

struct extract {
    struct cli *cli;
    struct uuid persons[1 + MERGE_OTHERS_MAX];      /* he, and records of his that were merged: erased with his */
    uint32_t n;
    const char *service;
    struct buf journal, readings;
    uint64_t entries, reading_count, erased_at;     /* number of roster's entry */
    uint64_t papers;                                /* documents that were issued to him, and the day of the last */
    day_t last_paper;
    struct person_erased erased;
};

/* ── the extract ──────────────────────────────────────────────────────────── */

static bool of_him(const struct extract *x, const struct uuid *person)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (uuid_equal(person, &x->persons[i]))
            return true;
    return false;
}

static bool about_one(const struct entry *entry, const struct uuid *person)
{
    for (uint32_t i = 0; i < entry->scope.n; i++)
        if (uuid_equal(&entry->scope.at[i], person))
            return true;
    return uuid_equal(&entry->who, person) || uuid_equal(&entry->actor, person) ||
           memmem(entry->body.at, entry->body.n, person->b, sizeof person->b) != NULL;
}

static bool about(const struct extract *x, const struct entry *entry)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (about_one(entry, &x->persons[i]))
            return true;
    return false;
}

static const char *name_of(struct cli *cli, const struct uuid *who)
{
    const struct principal_key *key = cli->principals != NULL ? principals_by_id(cli->principals, who) : NULL;
    char *text = arena_alloc(&cli->arena, UUID_TEXT + 1);
    uuid_format(who, text);
    return key != NULL ? arena_string(&cli->arena, key->name, strlen(key->name)) : text;
}

static void reading_line(struct extract *x, const struct entry *entry, const char *purpose, const char *fields)
{
    struct cli *cli = x->cli;
    char moment[MOMENT_TEXT + 1];
    moment_format(entry->moment, moment);
    const struct catalogue_arg args[] = { { "moment", moment }, { "who", name_of(cli, &entry->who) }, { "fields", fields }, { "purpose", purpose } };
    buf_format(&x->readings, "  %s\n", cli_words(cli, "erasure.reading", args, 4));
    x->reading_count++;
}

static const char *joined(struct cli *cli, const char *const *names, uint32_t n)
{
    const char *text = "";
    for (uint32_t i = 0; i < n; i++)
        text = arena_format(&cli->arena, "%s%s%s", text, i > 0 ? ", " : "", names[i]);
    return text;
}

/* A search shows names and nothing else of the card. */
static void shown(struct extract *x, const struct entry *entry)
{
    struct person_searched found;
    struct msg_error error;
    if (msg_decode(&person_searched_desc, entry->body, MSG_LENIENT, &x->cli->arena, &found, &error) != ERR_OK)
        return;
    for (uint32_t i = 0; i < found.persons.n; i++)
        if (of_him(x, &found.persons.at[i]))
            reading_line(x, entry, found.purpose, "family, given, patronymic");
}

/* A list was held against the card: what the list said agrees with it, or does not. */
static void held_against(struct extract *x, const struct entry *entry)
{
    struct list_read read;
    struct msg_error error;
    if (msg_decode(&list_read_desc, entry->body, MSG_LENIENT, &x->cli->arena, &read, &error) == ERR_OK)
        reading_line(x, entry, read.purpose, joined(x->cli, read.fields.at, read.fields.n));
}

static void reading(struct extract *x, const struct entry *entry)
{
    struct cli *cli = x->cli;
    struct person_was_read was;
    struct msg_error error;
    if (msg_decode(&person_was_read_desc, entry->body, MSG_LENIENT, &cli->arena, &was, &error) != ERR_OK)
        return;
    reading_line(x, entry, was.purpose, joined(cli, was.fields.at, was.fields.n));
}

static void paper(struct extract *x, const struct entry *entry)
{
    struct completion done;
    struct msg_error error;
    if (msg_decode(&completion_desc, entry->body, MSG_LENIENT, &x->cli->arena, &done, &error) != ERR_OK || !of_him(x, &done.person))
        return;
    x->papers++;
    x->last_paper = done.day > x->last_paper ? done.day : x->last_paper;
}

static bool take(void *arg, const struct entry *entry)
{
    struct extract *x = arg;
    struct msg_error error;
    if (!about(x, entry))
        return true;
    if (strcmp(entry->event, "roster.person.was_read") == 0)
        reading(x, entry);
    if (strcmp(entry->event, "roster.person.searched") == 0)
        shown(x, entry);
    if (strcmp(entry->event, "roster.list.checked") == 0)
        held_against(x, entry);
    if (strcmp(entry->event, "roster.person.erased") == 0 &&
        msg_decode(&person_erased_desc, entry->body, MSG_LENIENT, &x->cli->arena, &x->erased, &error) == ERR_OK)
        x->erased_at = entry->number;
    if (strcmp(entry->event, "programmes.completion.recorded") == 0)
        paper(x, entry);
    buf_format(&x->journal, "{\"service\":\"%s\",\"entry\":", x->service);
    entry_line(x->service, entry, &x->journal);
    buf_text(&x->journal, "}\n");
    x->entries++;
    return true;
}

/* Of all journals that an operator may follow; the federal one knows no persons. */
static int extract_all(struct extract *x)
{
    int code = CLI_OK;
    for (uint32_t i = 0; i < describe_services() && code == CLI_OK; i++) {
        const struct service *service = describe_service_at(i);
        struct follow_ask ask = { .service = service->name };
        x->service = service->name;
        if ((service->follow_roles & ROLE(ROLE_OPERATOR)) != 0)
            code = follow_journal(x->cli, &ask, take, x);
    }
    return code;
}

/* ── the act ──────────────────────────────────────────────────────────────── */

static void act_line(struct extract *x, struct buf *act, const char *token, const char *name, const char *value)
{
    const struct catalogue_arg arg = { name, value };
    buf_format(act, "%s\n", cli_words(x->cli, token, &arg, 1));
}

static const char *region_of(struct cli *cli)
{
    const struct profile *profile;
    char says[400] = "";
    int zone;
    return cli->config.profile != NULL && profile_read(cli->config.profile, &cli->arena, &profile, &zone, says) == ERR_OK
           ? profile->region->title : "-";
}

static void act_write(struct extract *x, bool turned, struct buf *act)
{
    struct cli *cli = x->cli;
    char day[32], hash[HASH_TEXT + 1];
    struct hash digest = hash_two(buf_bytes(&x->journal), bytes("", 0));
    const char *ground = arena_format(&cli->arena, "erasure.ground.%s", erase_ground_names.names[x->erased.ground]);
    day_format_ru(x->erased.day, day);
    hash_format(&digest, hash);
    act_line(x, act, "erasure.title", "act", x->erased.act);
    act_line(x, act, "erasure.law", "", "");
    act_line(x, act, "erasure.operator", "region", region_of(cli));
    for (uint32_t i = 0; i < x->n; i++) {
        char id[UUID_TEXT + 1];
        uuid_format(&x->persons[i], id);
        act_line(x, act, i == 0 ? "erasure.person" : "erasure.merged", "person", id);
    }
    act_line(x, act, "erasure.what", "", "");
    act_line(x, act, "erasure.ground", "ground", cli_word(cli, ground));
    const struct catalogue_arg when[] = { { "day", day }, { "number", arena_format(&cli->arena, "%" PRIu64, x->erased_at) } };
    buf_format(act, "%s\n", cli_words(cli, "erasure.when", when, 2));
    buf_format(act, "%s\n", turned ? cli_word(cli, "erasure.turned") : cli_word(cli, "erasure.not_turned"));
    act_line(x, act, "erasure.kept", "", "");
    const struct catalogue_arg journal[] = { { "file", "journal.jsonl" }, { "n", arena_format(&cli->arena, "%" PRIu64, x->entries) }, { "hash", hash } };
    buf_format(act, "%s\n", cli_words(cli, "erasure.journal", journal, 3));
    act_line(x, act, "erasure.readings", "n", arena_format(&cli->arena, "%" PRIu64, x->reading_count));
    buf_put(act, x->readings.at, x->readings.n);
    act_line(x, act, "erasure.signs", "", "");
}

/* ── what would be done ───────────────────────────────────────────────────── */

/* 152-FZ art. 21 (3-5): ten working days where it was unlawful, thirty days otherwise; the longer one is counted down here. */
#define TERM_DAYS 30

static void plan_term(struct cli *cli, day_t received)
{
    day_t now = 0, until = received + TERM_DAYS;
    args_day("today", &now);
    const struct catalogue_arg args[] = {
        { "left", arena_format(&cli->arena, "%u", until > now ? until - now : 0) }, { "of", arena_format(&cli->arena, "%d", TERM_DAYS) },
        { "day", cli_day(cli, until) } };
    printf("%s\n", cli_words(cli, now <= until ? "erasure.plan.term" : "erasure.plan.late", args, 3));
}

static int plan_standing(struct extract *x)
{
    struct cli *cli = x->cli;
    struct person_of of = { x->persons[0] };
    struct person_standing standing = { 0 };
    struct consent_list consents = { 0 };
    uint64_t sent = 0;
    int code = cli_ask(cli, "roster.person.standing", &of, &standing);
    if (code != CLI_OK || (code = cli_ask(cli, "roster.consent.list", &of, &consents)) != CLI_OK)
        return code;
    for (uint32_t i = 0; i < consents.rows.n; i++)
        sent += consents.rows.at[i].purpose == CONSENT_FEDERAL;
    const struct person_blocked *blocked = standing.blocked;
    const struct catalogue_arg block[] = { { "act", blocked != NULL ? blocked->act : "" },
        { "until", blocked != NULL && blocked->until != 0 ? cli_day(cli, blocked->until) : "—" } };
    const struct catalogue_arg papers[] = { { "n", arena_format(&cli->arena, "%" PRIu64, x->papers) },
                                            { "day", x->last_paper != 0 ? cli_day(cli, x->last_paper) : "—" } };
    const struct catalogue_arg away[] = { { "n", arena_format(&cli->arena, "%" PRIu64, sent) } };
    printf("%s\n", cli_words(cli, blocked != NULL ? "erasure.plan.blocked" : "erasure.plan.not_blocked", block, 2));
    printf("%s\n", cli_words(cli, x->papers > 0 ? "erasure.plan.papers" : "erasure.plan.no_papers", papers, 2));
    printf("%s\n", cli_words(cli, sent > 0 ? "erasure.plan.away" : "erasure.plan.not_away", away, 1));
    return CLI_OK;
}

/* Nothing is changed, and no name is read: what journals and roster say of an identifier. */
static int plan_say(struct extract *x, day_t received)
{
    struct cli *cli = x->cli;
    char id[UUID_TEXT + 1];
    uuid_format(&x->persons[0], id);
    const struct catalogue_arg person[] = { { "person", id }, { "n", arena_format(&cli->arena, "%" PRIu64, x->entries) } };
    printf("%s\n%s\n%s\n", cli_words(cli, "erasure.plan.person", person, 2), cli_word(cli, "erasure.plan.what"), cli_word(cli, "erasure.kept"));
    int code = plan_standing(x);
    if (code == CLI_OK && received != 0)
        plan_term(cli, received);
    return code;
}

/* ── the verb ─────────────────────────────────────────────────────────────── */

/* Erased before: the same again writes act and extract again. */
static int erase(struct cli *cli, const struct person_erase *body)
{
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    struct client_reply reply;
    int err = cli_try(cli, "roster.person.erase", body, NULL, &reply, where);
    if (err == ERR_OK && reply.problem != NULL && strcmp(reply.problem->reason, "erased_already") == 0)
        return CLI_OK;
    return cli_outcome(cli, "roster.person.erase", err, &reply, where);
}

static int all_of_him(struct extract *x, const struct person_erase *body)
{
    struct person_of of = { body->person };
    struct merges merges;
    int code = cli_ask(x->cli, "roster.person.merges", &of, &merges);
    x->persons[x->n++] = body->person;
    for (uint32_t i = 0; code == CLI_OK && i < merges.rows.n && i < MERGE_OTHERS_MAX; i++)
        x->persons[x->n++] = merges.rows.at[i].gone;
    return code;
}

static int put(const char *dir, const char *name, struct bytes text)
{
    int err = file_put_over(dir, name, text);
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "%s/%s: %s", dir, name, err_text(err));
}

static int run(struct extract *x, const struct person_erase *body, const char *dir)
{
    struct buf act = { 0 };
    bool turned = false;
    int code = erase(x->cli, body);
    if (code == CLI_OK)
        code = vault_wait(x->cli, &turned);
    if (code == CLI_OK)
        code = extract_all(x);
    if (code == CLI_OK && x->erased_at == 0)
        code = cli_say(CLI_FAILED, "the journal has no entry of the erasure");
    if (code == CLI_OK) {
        act_write(x, turned, &act);
        code = put(dir, "journal.jsonl", buf_bytes(&x->journal));
    }
    if (code == CLI_OK)
        code = put(dir, "act.txt", buf_bytes(&act));
    if (code == CLI_OK)
        fwrite(act.at, 1, act.n, stdout);
    buf_free(&act);
    return code;
}

int verb_roster_erase(struct cli *cli, int argc, char **argv)
{
    struct person_erase body = { .ground = -1 };
    struct extract x = { .cli = cli };
    struct msg_error error;
    const char *dir = NULL, *ground = NULL;
    day_t received = 0;
    bool plan = false;
    int code = args_read("roster erase", &argc, argv, ARGS({ "act", ARG_TEXT, &body.act, true }, { "ground", ARG_TEXT, &ground, false },
                         { "out", ARG_TEXT, &dir, false }, { "plan", ARG_FLAG, &plan, false }, { "received", ARG_DAY, &received, false }),
                         "PERSON", 1, 1);
    if (code != CLI_OK)
        return code;
    if (!plan && (ground == NULL || dir == NULL || received != 0))
        return cli_usage("roster erase", "--ground GROUND and --out DIR are needed, or --plan [--received DAY]");
    if (ground != NULL && (code = refer_word(cli, "roster erase", &erase_ground_names, ground, &body.ground)) != CLI_OK)
        return code;
    if (!plan && msg_check(&person_erase_desc, &body, &error) != ERR_OK)
        return cli_usage("roster erase", "--act %s: %s", body.act, error.rule);
    const char *why = arena_format(&cli->arena, "%s: %s", cli_word(cli, "erasure.purpose"), body.act);
    if ((code = cli_config(cli)) != CLI_OK || (code = refer_person_whole(cli, argv[1], why, &body.person)) != CLI_OK)
        return code;
    if (!plan && dir_make(dir, 0700) != ERR_OK)
        return cli_say(CLI_FAILED, "%s: cannot be made", dir);
    if ((code = all_of_him(&x, &body)) == CLI_OK)
        code = !plan ? run(&x, &body, dir) : (code = extract_all(&x)) == CLI_OK ? plan_say(&x, received) : code;
    buf_free(&x.journal);
    buf_free(&x.readings);
    return code;
}
