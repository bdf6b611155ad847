#include "cli/refer/refer.h"

#include <stdlib.h>

#include "cli/refer/args.h"
#include "common/core/err.h"
#include "common/core/text.h"
#include "proto/roster_search.h"
#include "proto/roster_tree.h"

#define CODE_MAX    40
#define REFER_WORDS 6
#define REFER_NAMED 20

static bool is_id(const char *text, struct uuid *id)
{
    return strlen(text) == UUID_TEXT && uuid_parse(id, text, UUID_TEXT);
}

/* ── by code ──────────────────────────────────────────────────────────────── */
static int by_code(struct cli *cli, const char *method, const char *what, const char *text, struct uuid *id)
{
    struct found found;
    const struct codes ask = { .codes = { 1, &text } };
    if (is_id(text, id))
        return CLI_OK;
    int code = cli_ask(cli, method, &ask, &found);
    if (code != CLI_OK)
        return code;
    if (found.ids.n == 0 || uuid_is_nil(&found.ids.at[0])) {
        const struct catalogue_arg args[] = { { "code", text } };
        return cli_say(CLI_FAILED, "%s", cli_words(cli, what, args, 1));
    }
    *id = found.ids.at[0];
    return CLI_OK;
}

int refer_organisation(struct cli *cli, const char *text, struct uuid *id)
{
    return by_code(cli, "roster.organisation.find", "refer.no_organisation", text, id);
}

int refer_unit(struct cli *cli, const char *text, struct uuid *id)
{
    int code = cli_config(cli);
    if (code != CLI_OK)
        return code;
    *id = cli->config.region;
    return text != NULL ? refer_organisation(cli, text, id) : CLI_OK;
}

/* ── by name ──────────────────────────────────────────────────────────────── */
static const char *whole_name(struct cli *cli, const struct found_person *who)
{
    bool third = who->patronymic != NULL && who->patronymic[0] != '\0';
    return arena_format(&cli->arena, "%s %s%s%s", who->family, who->given, third ? " " : "", third ? who->patronymic : "");
}

/* Each word is a part of the name, not the beginning of one. */
static bool is_whole(struct cli *cli, const struct found_person *who, const struct person_search *ask)
{
    const char *name = arena_format(&cli->arena, " %s ", text_fold(&cli->arena, whole_name(cli, who)));
    for (uint32_t i = 0; i < ask->words.n; i++)
        if (strstr(name, arena_format(&cli->arena, " %s ", text_fold(&cli->arena, ask->words.at[i]))) == NULL)
            return false;
    return true;
}

static int say_several(struct cli *cli, const char *text, const struct people_found *found, bool names)
{
    const struct catalogue_arg args[] = { { "code", text } };
    const char *lines = "";
    for (uint32_t i = 0; i < found->rows.n; i++) {
        const struct found_person *who = &found->rows.at[i];
        char id[UUID_TEXT + 1];
        uuid_format(&who->person, id);
        lines = arena_format(&cli->arena, "%s\n  %s  %s  %s  %s", lines, id, names ? whole_name(cli, who) : "", who->post != NULL ? who->post : "",
                             who->organisation_title != NULL ? who->organisation_title : "");
    }
    return cli_say(CLI_FAILED, "%s%s", cli_words(cli, "refer.many_people", args, 1), lines);
}

/* A search like any other, with its entry: the only one whose name has all the words, else, unless it has to be `whole`, the only one
 * whom the words begin. Of whom a whole name is asked no name is shown. */
static int by_name(struct cli *cli, const char *text, const char *purpose, bool has_whole, struct uuid *id)
{
    struct person_search ask = { .purpose = purpose, .limit = REFER_NAMED };
    struct people_found found = { 0 };
    const struct found_person *one = NULL;
    uint32_t whole = 0;
    ask.words.at = ARENA_LIST(&cli->arena, const char *, REFER_WORDS);
    for (const char *at = text; ask.words.n < REFER_WORDS && *(at += strspn(at, " ")) != '\0'; at += strcspn(at, " "))
        ask.words.at[ask.words.n++] = arena_string(&cli->arena, at, strcspn(at, " "));
    int code = cli_ask(cli, "roster.person.search", &ask, &found);
    if (code != CLI_OK)
        return code;
    for (uint32_t i = 0; i < found.rows.n; i++)
        if (is_whole(cli, &found.rows.at[i], &ask)) {
            one = &found.rows.at[i];
            whole++;
        }
    if ((whole != 1 || (has_whole && found.next.n > 0)) && (found.rows.n > 1 || found.next.n > 0))
        return say_several(cli, text, &found, !has_whole);
    const struct catalogue_arg args[] = { { "code", text } };
    if (found.rows.n == 0 || (has_whole && whole == 0))
        return cli_say(CLI_FAILED, "%s", cli_words(cli, "refer.no_person_named", args, 1));
    *id = one != NULL ? one->person : found.rows.at[0].person;
    return CLI_OK;
}

int refer_person(struct cli *cli, const char *text, struct uuid *id)
{
    return strchr(text, ' ') != NULL ? by_name(cli, text, cli_word(cli, "refer.by_name"), false, id) : by_code(cli, "roster.person.find", "refer.no_person", text, id);
}

int refer_person_whole(struct cli *cli, const char *text, const char *purpose, struct uuid *id)
{
    return strchr(text, ' ') != NULL ? by_name(cli, text, purpose, true, id) : refer_person(cli, text, id);
}

/* Nil where it is no code: a title may look like anything. A code of both is refused, and said. */
static int code_of_either(struct cli *cli, const char *text, struct uuid *id, bool *is_person)
{
    static const char *const FIND[] = { "roster.organisation.find", "roster.person.find" };
    struct uuid ids[2] = { UUID_NIL, UUID_NIL };
    const struct codes ask = { .codes = { 1, &text } };
    *id = UUID_NIL;
    if (is_id(text, id) || text[0] == '\0' || strlen(text) > CODE_MAX)
        return CLI_OK;
    for (size_t i = 0; i < 2; i++) {
        struct found found;
        int code = cli_ask(cli, FIND[i], &ask, &found);
        if (code != CLI_OK)
            return code;
        if (found.ids.n > 0)
            ids[i] = found.ids.at[0];
    }
    if (!uuid_is_nil(&ids[0]) && !uuid_is_nil(&ids[1])) {
        const struct catalogue_arg args[] = { { "code", text } };
        return cli_say(CLI_FAILED, "%s", cli_words(cli, "refer.of_both", args, 1));
    }
    *id = uuid_is_nil(&ids[0]) ? ids[1] : ids[0];
    if (is_person != NULL)
        *is_person = uuid_is_nil(&ids[0]);
    return CLI_OK;
}

/* Which of the two an identifier is. */
static int kind_of(struct cli *cli, const struct uuid *id, bool *is_person)
{
    const struct organisation_at ask = { .id = *id };
    struct organisation unit;
    struct client_reply reply;
    char where[WIRE_ENDPOINT_MAX + 1] = "";
    int err = cli_try(cli, "roster.organisation.get", &ask, &unit, &reply, where);
    *is_person = err == ERR_OK && reply.problem != NULL;
    return *is_person ? CLI_OK : cli_outcome(cli, "roster.organisation.get", err, &reply, where);
}

int refer_either(struct cli *cli, const char *text, struct uuid *id, bool *is_person)
{
    int code = cli_config(cli);
    if (code == CLI_OK)
        code = code_of_either(cli, text, id, is_person);
    if (code == CLI_OK && uuid_is_nil(id)) {
        const struct catalogue_arg args[] = { { "code", text } };
        if (is_person != NULL)
            *is_person = true;
        return strchr(text, ' ') != NULL ? refer_person(cli, text, id) : cli_say(CLI_FAILED, "%s", cli_words(cli, "refer.nobody", args, 1));
    }
    return code == CLI_OK && is_person != NULL && strlen(text) == UUID_TEXT ? kind_of(cli, id, is_person) : code;
}

/* ── marks ────────────────────────────────────────────────────────────────── */
const char *refer_mark(struct cli *cli, const struct uuid *id)
{
    char text[UUID_TEXT + 1] = "";
    if (uuid_is_nil(id))
        return "";
    uuid_format(id, text);
    return arena_string(&cli->arena, text + UUID_TEXT - REFER_MARK, REFER_MARK);
}

bool refer_mark_is(const struct uuid *id, const char *text)
{
    char own[UUID_TEXT + 1];
    uuid_format(id, own);
    return strcmp(own, text) == 0 || (strlen(text) == REFER_MARK && strcmp(own + UUID_TEXT - REFER_MARK, text) == 0);
}

int refer_word(struct cli *cli, const char *verb, const struct enum_desc *names, const char *text, int *value)
{
    const char *all = "";
    for (int i = 0; i < names->count; i++) {
        const char *shown = cli_word(cli, arena_format(&cli->arena, "%s.%s", names->name, names->names[i]));
        if (strcmp(names->names[i], text) == 0 || strcmp(shown, text) == 0) {
            *value = i;
            return CLI_OK;
        }
        all = arena_format(&cli->arena, "%s%s%s", all, i > 0 ? ", " : "", names->names[i]);
    }
    return cli_usage(verb, "%s: none of %s", text, all);
}

int refer_made(struct cli *cli, int code, const struct registered *made)
{
    const struct catalogue_arg args[] = { { "mark", code == CLI_OK ? refer_mark(cli, &made->id) : "" } };
    if (code == CLI_OK && cli->json)
        cli_print_json(&registered_desc, made);
    else if (code == CLI_OK)
        printf("%s\n", cli_words(cli, "refer.made", args, 1));
    return code;
}

/* ── documents ────────────────────────────────────────────────────────────── */
/* NUMBER@DAY taken apart; a number may hold an @ of its own, so only a day after it counts. */
static const char *number_and_day(struct cli *cli, const char *text, day_t *day)
{
    const char *at = strrchr(text, '@');
    *day = 0;
    return at != NULL && args_day(at + 1, day) ? arena_string(&cli->arena, text, (size_t)(at - text)) : text;
}

static int say_not_one(struct cli *cli, const char *token, const char *text, const char *which)
{
    const struct catalogue_arg args[] = { { "code", text }, { "which", which } };
    return cli_say(CLI_FAILED, "%s", cli_words(cli, token, args, 2));
}

int refer_document(struct cli *cli, const char *text, struct uuid *id)
{
    struct documents_of ask = { .limit = 1000 };
    struct document_list list;
    const char *which = "";
    uint32_t fit = 0;
    day_t day;
    if (is_id(text, id))
        return CLI_OK;
    const char *number = number_and_day(cli, text, &day);
    do {
        int code = cli_ask(cli, "roster.document.list", &ask, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct document *document = &list.rows.at[i];
            if (strcmp(document->number, number) != 0 || (day != 0 ? document->day != day : !uuid_is_nil(&document->replaced_by)))
                continue;
            char on[DAY_TEXT + 1];
            day_format(document->day, on);
            which = arena_format(&cli->arena, "%s%s%s@%s", which, fit++ > 0 ? ", " : "", number, on);
            *id = document->id;
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return fit == 1 ? CLI_OK : say_not_one(cli, fit == 0 ? "refer.no_document" : "refer.many_documents", text, which);
}

/* ── entries of registers ─────────────────────────────────────────────────── */
static bool is_live(const struct listing *listing)
{
    return listing->stage == STAGE_PROPOSED || listing->stage == STAGE_ADMITTED;
}

struct fitting { struct listing one; uint32_t live, n; const char *which; };

static void fitting_add(struct cli *cli, struct fitting *fitting, const struct listing *listing)
{
    if (is_live(listing) || fitting->live == 0)
        fitting->one = *listing;
    fitting->live += is_live(listing);
    fitting->which = arena_format(&cli->arena, "%s%s%s", fitting->n > 0 ? fitting->which : "", fitting->n > 0 ? ", " : "",
                                  refer_mark(cli, &listing->entry));
    fitting->n++;
}

static bool same_words(struct cli *cli, const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(text_fold(&cli->arena, a), text_fold(&cli->arena, b)) == 0;
}

/* member: whose they are; nil where the text is no code. */
static int fitting_find(struct cli *cli, const char *register_id, const char *text, const struct uuid *member, struct fitting *fitting)
{
    struct entries_of ask = { .register_id = register_id, .which = LIST_ALL, .limit = 1000 };
    struct entry_list list;
    do {
        int code = cli_ask(cli, "roster.entry.list", &ask, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct listing *listing = &list.rows.at[i];
            bool his = !uuid_is_nil(member) && uuid_equal(&listing->member, member);
            if (his || refer_mark_is(&listing->entry, text) || same_words(cli, listing->title, text))
                fitting_add(cli, fitting, listing);
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return CLI_OK;
}

int refer_entry(struct cli *cli, const char *register_id, const char *text, struct listing *listing)
{
    struct fitting fitting = { 0 };
    struct uuid member;
    int code = code_of_either(cli, text, &member, NULL);
    if (code == CLI_OK)
        code = fitting_find(cli, register_id, text, &member, &fitting);
    if (code != CLI_OK)
        return code;
    if (fitting.n == 0)
        return say_not_one(cli, "refer.no_entry", text, register_id);
    if (fitting.live != 1 && fitting.n != 1)
        return say_not_one(cli, "refer.many_entries", text, fitting.which);
    *listing = fitting.one;
    return CLI_OK;
}

/* ── organisations by identifier ──────────────────────────────────────────── */
static int by_id(const void *a, const void *b, void *arg)
{
    const struct organisation *at = arg;
    return uuid_compare(&at[*(const uint32_t *)a].id, &at[*(const uint32_t *)b].id);
}

void units_sort(struct units *units)
{
    units->by_id = ARENA_LIST(&units->cli->arena, uint32_t, units->n + 1);
    for (uint32_t i = 0; i < units->n; i++)
        units->by_id[i] = i;
    if (units->n > 1)
        qsort_r(units->by_id, units->n, sizeof *units->by_id, by_id, units->at);
}

int units_fetch(struct units *units, struct cli *cli, day_t on)
{
    struct organisations_at ask = { .on = on, .limit = 1000 };
    struct organisation_list list;
    uint32_t room = 0;
    *units = (struct units){ .cli = cli };
    do {
        int code = cli_ask(cli, "roster.organisation.list", &ask, &list);
        if (code != CLI_OK)
            return code;
        if (units->n + list.rows.n > room) {
            room = (units->n + list.rows.n) * 2;
            struct organisation *more = ARENA_LIST(&cli->arena, struct organisation, room);
            if (units->n > 0)
                memcpy(more, units->at, sizeof *more * units->n);
            units->at = more;
        }
        if (list.rows.n > 0)
            memcpy(&units->at[units->n], list.rows.at, sizeof *list.rows.at * list.rows.n);
        units->n += list.rows.n;
        ask.after = list.next;
    } while (ask.after.n > 0);
    units_sort(units);
    return CLI_OK;
}

const struct organisation *units_find(const struct units *units, const struct uuid *id)
{
    uint32_t from = 0, to = units->n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const struct organisation *unit = &units->at[units->by_id[middle]];
        int order = uuid_compare(&unit->id, id);
        if (order == 0)
            return unit;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

const char *units_code(const struct units *units, const struct uuid *id)
{
    const struct organisation *unit = units_find(units, id);
    if (unit != NULL)
        return unit->code;
    if (uuid_is_nil(id))
        return "";
    char text[UUID_TEXT + 1];
    uuid_format(id, text);
    return arena_string(&units->cli->arena, text, UUID_TEXT);
}

const char *units_title(const struct units *units, const struct uuid *id)
{
    const struct organisation *unit = units_find(units, id);
    return unit != NULL ? unit->title : "";
}
