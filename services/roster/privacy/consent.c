#include "services/roster/merge/one.h"
#include "services/roster/privacy/privacy.h"

/* Consent for each purpose of its own (152-FZ art. 9): which text, from which day, until when. T_CONSENTS keeps all that
 * were ever given, in the order of purpose and day: at most one of a purpose holds. Who has several ids (merge/one.h) has given what
 * was given under any of them. */

struct given { struct uuid person; struct consent consent; };

static struct key consent_key(const struct uuid *person, int purpose, day_t day)
{
    struct key key = key_of_uuid(person);
    key_u8(&key, (uint8_t)purpose);
    key_u32(&key, day);
    return key;
}

static uint32_t consents_of_id(struct ctx *ctx, const struct uuid *person, struct given *list, uint32_t most)
{
    struct key prefix = key_of_uuid(person);
    struct key *keys = ARENA_LIST(ctx->arena, struct key, most);
    struct bytes key;
    struct scan scan;
    uint32_t n = 0, taken = 0;

    scan_begin(&scan, ctx->txn, T_CONSENTS, key_bytes(&prefix));
    while (n < most && scan_next(&scan, &key, NULL))
        key_raw(&keys[n++], key.at, key.n);
    scan_end(&scan);
    for (uint32_t i = 0; i < n; i++) {
        list[taken].person = *person;
        taken += txn_get_msg(ctx->txn, T_CONSENTS, key_bytes(&keys[i]), &consent_desc, ctx->arena, &list[taken].consent);
    }
    return taken;
}

static uint32_t consents_of(struct ctx *ctx, const struct uuid *person, struct given list[CONSENTS_MAX])
{
    struct uuid ids[SAME_ONE_MAX];
    uint32_t same = same_one(ctx, person, ids), n = 0;

    for (uint32_t i = 0; i < same; i++)
        n += consents_of_id(ctx, &ids[i], list + n, CONSENTS_MAX - n);
    return n;
}

uint32_t consents_count(struct ctx *ctx, const struct uuid *person)
{
    return consents_of(ctx, person, ARENA_LIST(ctx->arena, struct given, CONSENTS_MAX));
}

/* The last one of the purpose, one that holds before others; NULL: none was ever given. */
static const struct consent *consent_last(const struct given *list, uint32_t n, int purpose)
{
    const struct consent *last = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const struct consent *one = &list[i].consent;
        if (one->purpose != purpose)
            continue;
        if (last == NULL || (one->withdrawn == 0) > (last->withdrawn == 0) ||
            ((one->withdrawn == 0) == (last->withdrawn == 0) && one->day > last->day))
            last = one;
    }
    return last;
}

/* All of the purpose that hold: of one record at most one. */
static void withdraw_all(struct ctx *ctx, const struct given *list, uint32_t n, const struct consent_withdrawn *as,
                         const struct uuid *scope, uint32_t scopes)
{
    for (uint32_t i = 0; i < n; i++) {
        struct consent_withdrawn withdrawn = *as;
        if (list[i].consent.purpose != as->purpose || list[i].consent.withdrawn != 0)
            continue;
        withdrawn.person = list[i].person;
        withdrawn.given = list[i].consent.day;
        emit(ctx, "roster.consent.withdrawn", &withdrawn, scope, scopes);
    }
}

static enum verdict day_good(struct ctx *ctx, day_t day)
{
    char latest[DAY_TEXT + 1];

    if (day != 0 && day <= ctx->today)
        return VERDICT_OK;
    day_format(ctx->today, latest);
    refuse_field(ctx, "consent_future", "day", "range");
    refuse_arg(ctx, "latest", latest);
    return VERDICT_REFUSED;
}

static enum verdict refuse_before(struct ctx *ctx, const struct consent *last)
{
    refuse_field(ctx, "consent_before", "day", "range");
    refuse_days(ctx, last->day, last->withdrawn);
    return VERDICT_REFUSED;
}

enum verdict decide_consent_give(struct ctx *ctx, const void *command)
{
    struct consent_give give = *(const struct consent_give *)command;
    struct given *list = ARENA_LIST(ctx->arena, struct given, CONSENTS_MAX);
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_state state;

    give.person = person_now(ctx, &give.person);
    if (privacy_person(ctx, &give.person, &state) != VERDICT_OK || day_good(ctx, give.day) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint32_t n = consents_of(ctx, &give.person, list);
    const struct consent *last = consent_last(list, n, give.purpose);
    if (last != NULL && last->day == give.day && last->withdrawn == 0 && strcmp(last->text, give.text) == 0)
        return VERDICT_OK;                      /* said twice */
    for (uint32_t i = 0; i < n; i++)
        if (list[i].consent.purpose == give.purpose &&
            (give.day <= list[i].consent.day || (list[i].consent.withdrawn != 0 && give.day < list[i].consent.withdrawn)))
            return refuse_before(ctx, &list[i].consent);
    if (n == CONSENTS_MAX) {
        refuse(ctx, PROBLEM_CONFLICT, "too_many_consents");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", CONSENTS_MAX));
        return VERDICT_REFUSED;
    }
    uint32_t scopes = privacy_scope(&give.person, &state, scope);
    struct consent_withdrawn replaced = { .purpose = give.purpose, .day = give.day };
    withdraw_all(ctx, list, n, &replaced, scope, scopes);      /* a new text takes the old one's place */
    emit(ctx, "roster.consent.given", &give, scope, scopes);
    return VERDICT_OK;
}

enum verdict decide_consent_withdraw(struct ctx *ctx, const void *command)
{
    const struct consent_withdraw *withdraw = command;
    struct given *list = ARENA_LIST(ctx->arena, struct given, CONSENTS_MAX);
    struct uuid scope[ENTRY_SCOPES_MAX], person = person_now(ctx, &withdraw->person);
    struct person_state state;

    if (privacy_person(ctx, &person, &state) != VERDICT_OK || day_good(ctx, withdraw->day) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint32_t n = consents_of(ctx, &person, list);
    const struct consent *last = consent_last(list, n, withdraw->purpose);
    if (last != NULL && last->withdrawn == withdraw->day)
        return VERDICT_OK;                      /* said twice */
    if (last == NULL || last->withdrawn != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "consent_none");
    if (withdraw->day < last->day)
        return refuse_before(ctx, last);
    struct consent_withdrawn withdrawn = { .purpose = withdraw->purpose, .day = withdraw->day, .document = withdraw->document };
    withdraw_all(ctx, list, n, &withdrawn, scope, privacy_scope(&person, &state, scope));
    return VERDICT_OK;
}

void apply_consent_given(struct ctx *ctx, const void *event)
{
    const struct consent_give *give = event;
    struct key key = consent_key(&give->person, give->purpose, give->day);
    struct consent consent = { .purpose = give->purpose, .text = give->text, .day = give->day, .document = give->document };
    txn_put_msg(ctx->txn, T_CONSENTS, key_bytes(&key), &consent_desc, &consent);
}

void apply_consent_withdrawn(struct ctx *ctx, const void *event)
{
    const struct consent_withdrawn *withdrawn = event;
    struct key key = consent_key(&withdrawn->person, withdrawn->purpose, withdrawn->given);
    struct consent consent;

    if (!txn_get_msg(ctx->txn, T_CONSENTS, key_bytes(&key), &consent_desc, ctx->arena, &consent))
        return;
    consent.withdrawn = withdrawn->day;
    txn_put_msg(ctx->txn, T_CONSENTS, key_bytes(&key), &consent_desc, &consent);
}

static bool sooner(const struct consent *a, const struct consent *b)
{
    return a->purpose != b->purpose ? a->purpose < b->purpose : a->day < b->day;
}

enum verdict query_consent_list(struct ctx *ctx, const void *query)
{
    const struct person_of *asked = query;
    struct consent_list list = { .rows = { 0, ARENA_LIST(ctx->arena, struct consent, CONSENTS_MAX) } };
    struct person_state state;

    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &asked->person, &state))
        return REFUSE_REACH(ctx);
    struct given *given = ARENA_LIST(ctx->arena, struct given, CONSENTS_MAX);
    uint32_t n = consents_of(ctx, &asked->person, given);
    for (uint32_t i = 0; i < n; i++) {                  /* several ids: each is in order by itself */
        uint32_t at = list.rows.n++;
        for (; at > 0 && sooner(&given[i].consent, &list.rows.at[at - 1]); at--)
            list.rows.at[at] = list.rows.at[at - 1];
        list.rows.at[at] = given[i].consent;
    }
    reply(ctx, &list);
    return VERDICT_OK;
}
