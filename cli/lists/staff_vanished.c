#include "cli/lists/staff_vanished.h"

#include <jansson.h>
#include <stdlib.h>

#include "cli/refer/lookup.h"
#include "common/core/err.h"
#include "common/core/log.h"
#include "common/core/text.h"

#define PAGE 1000

/* Everybody at the organisations, and those of them with a post that is not missing. */
struct look {
    struct plan *plan;
    struct vanished *vanished;
    struct client *client;
    struct uuids people, there;
    struct arena arena;
    int code;
};

static void post_take(struct vanished *vanished, const char *code, const struct post_opened *post)
{
    if (vanished->n == vanished->room) {
        vanished->room = vanished->room == 0 ? 64 : vanished->room * 2;
        vanished->at = realloc(vanished->at, vanished->room * sizeof *vanished->at);
        if (vanished->at == NULL)
            log_die("staff list", "out of memory");
    }
    vanished->at[vanished->n++] = (struct vanished_post){
        .post = post->post, .person = post->person, .from = post->from,
        .organisation = arena_string(&vanished->arena, code, strlen(code)),
        .title = arena_string(&vanished->arena, post->title, strlen(post->title)) };
}

static void page_take(struct look *look, const char *code, const struct uuid *unit, const struct worker_list *list)
{
    const struct plan *plan = look->plan;

    for (uint32_t i = 0; i < list->rows.n; i++) {
        const struct post_opened *post = &list->rows.at[i];
        if (!uuid_equal(&post->chain.at[0], unit))
            continue;                                       /* of a unit below, which has a list of its own */
        uuids_add(&look->people, &post->person);
        if (post->until != 0 || uuids_have(&plan->seen, &post->post) || uuids_have(&plan->kept, &post->person))
            uuids_add(&look->there, &post->person);
        else
            post_take(look->vanished, code, post);
    }
}

static void organisation_look(void *arg, const char *code, const struct uuid *unit)
{
    struct look *look = arg;
    struct client_request request = { .method = "roster.worker.list", .deadline_ms = look->plan->cli->timeout_ms };
    struct workers_of ask = { .unit = *unit, .limit = PAGE };
    uint8_t after[511];
    struct client_reply reply;
    struct worker_list list;

    while (look->code == CLI_OK && !uuid_is_nil(unit)) {
        arena_reset(&look->arena);
        int err = client_ask(look->client, &request, &workers_of_desc, &ask, &worker_list_desc, &list, &look->arena, &reply);
        if ((look->code = cli_outcome(look->plan->cli, request.method, err, &reply, "its endpoint")) != CLI_OK)
            return;
        page_take(look, code, unit, &list);
        if (list.next.n == 0)
            return;
        memcpy(after, list.next.at, list.next.n);
        ask.after = bytes(after, list.next.n);
    }
}

/* Codes of organisations in the list, each once, without those of which nothing was taken. */
static void codes_take(struct plan *plan, struct lookup *codes)
{
    struct worker_record record;

    for (uint32_t i = 0; i < plan->n; i++)
        if (plan->row[i].outcome != LIST_REFUSED && plan->row[i].outcome != LIST_DOUBTFUL && plan_row(plan, i, &record))
            lookup_put(codes, text_nfc(&plan->sheet.list.row_arena, record.organisation), &UUID_NIL);
}

static uint32_t distinct(struct uuids *list)
{
    uint32_t n = 0;

    uuids_sort(list);
    for (uint32_t i = 0; i < list->n; i++)
        if (i == 0 || !uuid_equal(&list->at[i], &list->at[i - 1]))
            list->at[n++] = list->at[i];
    return list->n = n;
}

int vanished_find(struct plan *plan, struct vanished *vanished)
{
    struct look look = { .plan = plan, .vanished = vanished, .arena = { .keep = 1 << 20 } };
    struct client_reply none = { 0 };
    struct lookup codes = { 0 };
    struct method method;

    *vanished = (struct vanished){ 0 };
    if (!describe_method("roster.worker.list", &method))
        return cli_say(CLI_FAILED, "no such method: roster.worker.list");
    codes_take(plan, &codes);
    look.client = cli_client(plan->cli, method.service, method.roles, &look.code);
    if (look.client == NULL)
        look.code = cli_outcome(plan->cli, method.name, look.code, &none, "its endpoint");
    else if ((look.code = lookup_ask(&codes, plan->cli, "roster.organisation.find")) == CLI_OK)
        lookup_each(&codes, organisation_look, &look);
    vanished->people = distinct(&look.people);
    vanished->gone = vanished->people - distinct(&look.there);
    for (uint32_t i = 0; i < vanished->n; i++)
        vanished->at[i].stays = uuids_have(&look.there, &vanished->at[i].person);
    lookup_free(&codes);
    uuids_free(&look.people);
    uuids_free(&look.there);
    arena_free(&look.arena);
    return look.code;
}

bool vanished_too_many(const struct vanished *vanished, uint64_t percent)
{
    return vanished->gone * 100 > vanished->people * percent;
}

/* ── said ─────────────────────────────────────────────────────────────────── */

static int name_of(struct cli *cli, const struct uuid *person, const char **name)
{
    const struct person_read ask = { *person, VANISHED_PURPOSE };
    struct person_card card;
    int code = cli_ask(cli, "roster.person.read", &ask, &card);

    if (code == CLI_OK)
        *name = arena_format(&cli->arena, "%s %s%s%s, %s", card.family, card.given, card.patronymic != NULL ? " " : "",
                             card.patronymic != NULL ? card.patronymic : "", card.code);
    return code;
}

/* An object a line, all of them, by identifiers: a program that wants names reads them itself, on record. */
static void vanished_json(const struct vanished *vanished)
{
    for (uint32_t i = 0; i < vanished->n; i++) {
        const struct vanished_post *at = &vanished->at[i];
        char from[DAY_TEXT + 1], post[UUID_TEXT + 1], person[UUID_TEXT + 1];
        day_format(at->from, from);
        uuid_format(&at->post, post);
        uuid_format(&at->person, person);
        json_t *line = json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:b}}", "vanished", "post", post, "person", person, "organisation",
                                 at->organisation, "title", at->title, "from", from, "stays", at->stays);
        if (line != NULL)
            json_dumpf(line, stdout, JSON_PRESERVE_ORDER | JSON_COMPACT);
        putchar('\n');
        json_decref(line);
    }
}

int vanished_say(struct cli *cli, const struct vanished *vanished)
{
    int code = CLI_OK;

    if (cli->json) {
        vanished_json(vanished);
        return CLI_OK;
    }

    for (uint32_t i = 0; i < vanished->n && code == CLI_OK; i++) {
        const struct vanished_post *at = &vanished->at[i];
        const char *name = "";
        char id[UUID_TEXT + 1];
        if (i == VANISHED_NAMES_MAX) {
            printf("… ещё %u\n", vanished->n - i);
            break;
        }
        if ((code = name_of(cli, &at->person, &name)) != CLI_OK)
            break;
        uuid_format(&at->post, id);
        printf("нет в списке: %s: %s, %s с %s, запись %s%s\n", at->organisation, name, at->title, cli_day(cli, at->from), id,
               at->stays ? " (другая должность этого человека в списке есть)" : "");
    }
    return code;
}

void vanished_free(struct vanished *vanished)
{
    free(vanished->at);
    arena_free(&vanished->arena);
    *vanished = (struct vanished){ 0 };
}
