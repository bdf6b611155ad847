#include "common/service/pages.h"
#include "services/roster/documents/documents.h"

/* Documents by day, one with its editions, and to whom it was sent. */

enum verdict query_document_get(struct ctx *ctx, const void *query)
{
    const struct registered *asked = query;
    struct document document;
    struct document_card card = { .document = &document, .editions = { 0, ARENA_LIST(ctx->arena, struct uuid, EDITIONS_MAX) } };

    if (!state_document(ctx, &asked->id, &document))
        return refuse(ctx, PROBLEM_NOT_FOUND, "document_unknown");
    if (!document_seen(ctx, &document))
        return REFUSE_REACH(ctx);
    card.editions.n = state_editions(ctx, &document.first, card.editions.at, EDITIONS_MAX);
    reply(ctx, &card);
    return VERDICT_OK;
}

/* Each key is taken before it is asked who may see it. */
enum verdict query_document_list(struct ctx *ctx, const void *query)
{
    const struct documents_of *asked = query;
    struct document_list list = { 0 };
    struct key since = { 0 };
    struct bytes key, value;
    struct pages pages;

    key_u32(&since, asked->since);
    pages_begin(&pages, ctx, T_DOCUMENT_DAYS, bytes(NULL, 0), asked->after.n > 0 ? asked->after : key_bytes(&since), asked->limit);
    list.rows.at = ARENA_LIST(ctx->arena, struct document, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct key_reader reader = key_read(key);
        struct document document;
        key_read_u32(&reader);
        struct uuid id = key_read_uuid(&reader);
        if (!state_document(ctx, &id, &document) || (asked->on != 0 && !document_in_force(&document, asked->on)))
            continue;
        if (!pages_take(&pages, key, stored_size(ctx, T_DOCUMENTS, &id)))
            break;
        if (document_seen(ctx, &document))
            list.rows.at[list.rows.n++] = document;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

enum verdict query_document_sendings(struct ctx *ctx, const void *query)
{
    const struct sendings_of *asked = query;
    struct key prefix = key_of_uuid(&asked->document);
    struct sending_list list = { 0 };
    struct document document;
    struct bytes key, value;
    struct pages pages;

    if (!state_document(ctx, &asked->document, &document))
        return refuse(ctx, PROBLEM_NOT_FOUND, "document_unknown");
    bool all = document_reached(ctx, &document);
    if (pages_open(&pages, ctx, T_DOCUMENT_SENDINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct document_sent, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct key_reader reader = key_read(key);
        struct organisation organisation;
        struct document_sent sent;
        key_read_uuid(&reader);
        struct uuid id = key_read_uuid(&reader);
        if (!state_sending(ctx, &asked->document, &id, &sent))
            continue;
        if (!pages_take(&pages, key, 200))
            break;
        if (all || (state_organisation(ctx, &id, &organisation) && may_reach(ctx, organisation.chain.at, organisation.chain.n)))
            list.rows.at[list.rows.n++] = sent;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}

/* Which document it is stands in the document's own row. */
enum verdict query_document_inbox(struct ctx *ctx, const void *query)
{
    const struct inbox_of *asked = query;
    struct key prefix = key_of_uuid(&asked->organisation);
    struct sending_list list = { 0 };
    struct bytes key, value;
    struct pages pages;

    if (unit_at_hand(ctx, &asked->organisation, NULL) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (pages_open(&pages, ctx, T_UNIT_SENDINGS, key_bytes(&prefix), asked->after, asked->limit) != VERDICT_OK)
        return VERDICT_REFUSED;
    list.rows.at = ARENA_LIST(ctx->arena, struct document_sent, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct uuid id = key_last_uuid(key);
        struct document document;
        struct document_sent sent;
        if (!state_document(ctx, &id, &document) || !state_sending(ctx, &id, &asked->organisation, &sent) ||
            (asked->open && sent.acknowledged != 0)) {
            if (!pages_pass(&pages, key))
                break;
            continue;
        }
        if (!pages_take(&pages, key, sizeof sent + strlen(document.number) + strlen(document.title)))
            break;
        sent.kind = document.kind;
        sent.number = document.number;
        sent.dated = document.day;
        sent.title = document.title;
        sent.sha256 = document.sha256;
        list.rows.at[list.rows.n++] = sent;
    }
    list.next = pages_end(&pages, ctx->arena);
    reply(ctx, &list);
    return VERDICT_OK;
}
