#include "services/roster/merge/merge.h"

/* Consent for each purpose of its own (152-FZ art. 9): which text, from which day, until when. T_CONSENTS keeps all that
 * were ever given, in the order of purpose and day: at most one of a purpose holds. */

static struct key consent_key(const struct uuid *person, int purpose, day_t day)
{
    struct key key = key_of_uuid(person);
    key_u8(&key, (uint8_t)purpose);
    key_u32(&key, day);
    return key;
}

uint32_t consents_of(struct ctx *ctx, const struct uuid *person, struct consent *list, uint32_t most)
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
    for (uint32_t i = 0; i < n; i++)
        taken += txn_get_msg(ctx->txn, T_CONSENTS, key_bytes(&keys[i]), &consent_desc, ctx->arena, &list[taken]);
    return taken;
}

/* The last one of the purpose; NULL: none was ever given. */
static const struct consent *consent_last(const struct consent *list, uint32_t n, int purpose)
{
    const struct consent *last = NULL;
    for (uint32_t i = 0; i < n; i++)
        if (list[i].purpose == purpose)
            last = &list[i];
    return last;
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
    struct consent *list = ARENA_LIST(ctx->arena, struct consent, CONSENTS_MAX);
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_state state;

    if (privacy_person(ctx, &give.person, &state) != VERDICT_OK || day_good(ctx, give.day) != VERDICT_OK)
        return VERDICT_REFUSED;
    uint32_t n = consents_of(ctx, &give.person, list, CONSENTS_MAX);
    const struct consent *last = consent_last(list, n, give.purpose);
    if (last != NULL && last->day == give.day && last->withdrawn == 0 && strcmp(last->text, give.text) == 0)
        return VERDICT_OK;                      /* said twice */
    if (last != NULL && (give.day <= last->day || (last->withdrawn != 0 && give.day < last->withdrawn)))
        return refuse_before(ctx, last);
    if (n == CONSENTS_MAX) {
        refuse(ctx, PROBLEM_CONFLICT, "too_many_consents");
        refuse_arg(ctx, "most", arena_format(ctx->arena, "%d", CONSENTS_MAX));
        return VERDICT_REFUSED;
    }
    uint32_t scopes = privacy_scope(&give.person, &state, scope);
    if (last != NULL && last->withdrawn == 0) {         /* a new text takes the old one's place */
        struct consent_withdrawn replaced = { .person = give.person, .purpose = give.purpose, .given = last->day, .day = give.day };
        emit(ctx, "roster.consent.withdrawn", &replaced, scope, scopes);
    }
    emit(ctx, "roster.consent.given", &give, scope, scopes);
    return VERDICT_OK;
}

enum verdict decide_consent_withdraw(struct ctx *ctx, const void *command)
{
    const struct consent_withdraw *withdraw = command;
    struct consent *list = ARENA_LIST(ctx->arena, struct consent, CONSENTS_MAX);
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct person_state state;

    if (privacy_person(ctx, &withdraw->person, &state) != VERDICT_OK || day_good(ctx, withdraw->day) != VERDICT_OK)
        return VERDICT_REFUSED;
    const struct consent *last = consent_last(list, consents_of(ctx, &withdraw->person, list, CONSENTS_MAX), withdraw->purpose);
    if (last != NULL && last->withdrawn == withdraw->day)
        return VERDICT_OK;                      /* said twice */
    if (last == NULL || last->withdrawn != 0)
        return refuse(ctx, PROBLEM_CONFLICT, "consent_none");
    if (withdraw->day < last->day)
        return refuse_before(ctx, last);
    struct consent_withdrawn withdrawn = { .person = withdraw->person, .purpose = withdraw->purpose, .given = last->day,
                                           .day = withdraw->day, .document = withdraw->document };
    emit(ctx, "roster.consent.withdrawn", &withdrawn, scope, privacy_scope(&withdraw->person, &state, scope));
    return VERDICT_OK;
}

void consent_move(struct ctx *ctx, const struct uuid *from, const struct uuid *to, int purpose, day_t day)
{
    struct key was = consent_key(from, purpose, day), is = consent_key(to, purpose, day);
    struct consent consent;

    if (!txn_get_msg(ctx->txn, T_CONSENTS, key_bytes(&was), &consent_desc, ctx->arena, &consent))
        return;
    txn_delete(ctx->txn, T_CONSENTS, key_bytes(&was));
    txn_put_msg(ctx->txn, T_CONSENTS, key_bytes(&is), &consent_desc, &consent);
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

enum verdict query_consent_list(struct ctx *ctx, const void *query)
{
    const struct person_of *asked = query;
    struct consent_list list = { .rows = { 0, ARENA_LIST(ctx->arena, struct consent, CONSENTS_MAX) } };
    struct person_state state;

    if (!state_person(ctx, &asked->person, &state))
        return refuse(ctx, PROBLEM_NOT_FOUND, "person_unknown");
    if (!person_reached(ctx, &asked->person, &state))
        return REFUSE_REACH(ctx);
    list.rows.n = consents_of(ctx, &asked->person, list.rows.at, CONSENTS_MAX);
    reply(ctx, &list);
    return VERDICT_OK;
}
