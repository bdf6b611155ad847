#include "services/node/sender_parts.h"

#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "services/node/take.h"

/* Items of lists that name a person by the list's code: found out when they are to be sent, when all that was entered
 * before them has been answered. By what the region has answered to this node's own rows, else by asking roster. What
 * comes of it is journaled before it is sent, so that it is sent again with the same bytes. */

#define FIND_MS 15000

struct resolving {
    struct sending *s;
    const struct outgoing *list;
    uint32_t n;
    struct uuid person[NODE_ANSWERS_MAX];
    bool refused[NODE_ANSWERS_MAX];
};

static void read_codes(struct ctx *ctx, void *arg)
{
    struct resolving *r = arg;
    for (uint32_t i = 0; i < r->n; i++)
        code_person(ctx, r->list[i].code_mark, &r->person[i]);
}

/* False: roster could not be asked now; those that are known already are sent all the same. */
static bool find_rest(struct resolving *r)
{
    struct errand *errand = r->s->errand;
    struct taking taking;
    const char *codes[NODE_ANSWERS_MAX];
    uint32_t who[NODE_ANSWERS_MAX], n = 0;
    const struct problem *problem = NULL;
    struct found found;

    int err = taking_open(&taking, errand->keys, r->s->config, errand->arena, errand->today);
    for (uint32_t i = 0; i < r->n; i++) {
        if (!uuid_is_nil(&r->person[i]))
            continue;
        const char *code = err == ERR_OK ? take_code_open(&taking, r->list[i].person_sealed) : NULL;
        if (code == NULL || strlen(code) > MSG_STRS_BYTES) {
            r->refused[i] = err == ERR_OK;  /* sealed by a key that is gone: nobody can tell any more */
            continue;
        }
        codes[n] = code;
        who[n++] = i;
    }
    taking_wipe(&taking);
    if (err != ERR_OK)
        log_error("sender", "%s/" TAKE_KEY_FILE ": %s: codes of persons cannot be read", errand->keys, err_text(err));
    if (n == 0)
        return err == ERR_OK;
    const struct codes ask = { .codes = { n, codes } };
    sender_asking(r->s, NODE_ROSTER, true);
    err = errand_ask(errand, "roster", "roster.person.find", &codes_desc, &ask, &found_desc, &found, FIND_MS, &problem);
    sender_asking(r->s, NODE_ROSTER, false);
    if (err != ERR_OK || problem != NULL || found.ids.n != n) {
        sender_line_down(r->s, NODE_ROSTER, err == ERR_DENIED ? NODE_LINK_REVOKED : NODE_LINK_DOWN, problem != NULL ? problem->reason : "");
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        r->person[who[i]] = found.ids.at[i];
        r->refused[who[i]] = uuid_is_nil(&found.ids.at[i]);
    }
    return true;
}

static struct bytes body_with(struct arena *arena, const struct outgoing *out, const struct uuid *person)
{
    const struct node_method *method = &NODE_METHOD[out->method];
    void *message = arena_alloc(arena, method->takes->size);
    struct msg_error error;

    if (method->person < 0 || msg_decode(method->takes, out->body, MSG_LENIENT, arena, message, &error) != ERR_OK)
        return bytes(NULL, 0);
    memcpy((char *)message + method->person, person->b, sizeof person->b);
    return msg_encode_in(arena, method->takes, message);
}

static void refuse_unknown(struct sending *s, const struct uuid *item)
{
    const struct problem_field field = { .path = "person", .rule = "unknown" };
    const struct problem problem = { .code = PROBLEM_NOT_FOUND, .reason = "person_unknown",
                                     .fields = { 1, (struct problem_field *)(uintptr_t)&field } };
    struct node_answered answered = { .item = *item, .outcome = NODE_REFUSED, .unsent = true,
                                      .problem = msg_encode_in(s->errand->arena, &problem_desc, &problem) };
    sender_submit(s, "unknown", "node.items.answer", &node_answer_desc, &(struct node_answer){ { 1, &answered } });
}

/* The list is in order; it is gone through up to the first that is still not known. */
void sender_resolve(struct sending *s, const struct outgoing *list, uint32_t n)
{
    struct resolving r = { .s = s, .list = list, .n = n < NODE_ANSWERS_MAX ? n : NODE_ANSWERS_MAX };
    struct node_completed done[NODE_ANSWERS_MAX];
    struct node_complete complete = { .items = { 0, done } };
    size_t size = 0;

    if (errand_read(s->errand, read_codes, &r) != ERR_OK)
        return;
    find_rest(&r);
    for (uint32_t i = 0; i < r.n && size < 100 * 1024; i++) {
        struct bytes body = uuid_is_nil(&r.person[i]) ? bytes(NULL, 0) : body_with(s->errand->arena, &list[i], &r.person[i]);
        if (r.refused[i]) {
            refuse_unknown(s, &list[i].item);
            continue;
        }
        if (body.n == 0)
            break;
        done[complete.items.n++] = (struct node_completed){ list[i].item, body };
        size += body.n + 100;
    }
    FAILPOINT("node_resolved");
    if (complete.items.n > 0)
        sender_submit(s, "complete", "node.items.complete", &node_complete_desc, &complete);
}
