#include "common/core/err.h"
#include "common/core/text.h"
#include "services/roster/documents/documents.h"

/* The tables of documents. */

bool state_document(struct ctx *ctx, const struct uuid *id, struct document *document)
{
    struct key key = key_of_uuid(id);
    return txn_get_msg(ctx->txn, T_DOCUMENTS, key_bytes(&key), &document_desc, ctx->arena, document);
}

/* Issuer, number and day as one id: numbers are compared with case folded. */
static struct key identity(struct ctx *ctx, const struct document *document)
{
    struct buf parts = { 0 };
    struct key day = { 0 };

    key_u32(&day, document->day);
    buf_put(&parts, day.b, day.n);
    buf_put(&parts, document->issuer.b, sizeof document->issuer.b);
    buf_text(&parts, document->issuer_title != NULL ? text_fold(ctx->arena, document->issuer_title) : "");
    buf_put(&parts, "", 1);
    buf_text(&parts, text_fold(ctx->arena, document->number));
    struct uuid id = uuid_derive("roster document", buf_bytes(&parts));
    buf_free(&parts);
    return key_of_uuid(&id);
}

bool state_document_known(struct ctx *ctx, const struct document *document, struct uuid *id)
{
    struct key key = identity(ctx, document);

    return state_id(ctx, T_DOCUMENT_NUMBERS, &key, id);
}

static struct key edition_key(const struct uuid *first, uint64_t edition)
{
    struct key key = key_of_uuid(first);
    key_u32(&key, (uint32_t)edition);
    return key;
}

void state_document_put(struct ctx *ctx, const struct document *document)
{
    struct key key = key_of_uuid(&document->id), number = identity(ctx, document), day = { 0 },
               edition = edition_key(&document->first, document->edition);

    key_u32(&day, document->day);
    key_uuid(&day, &document->id);
    key_uuid(&edition, &document->id);
    txn_put_msg(ctx->txn, T_DOCUMENTS, key_bytes(&key), &document_desc, document);
    txn_put(ctx->txn, T_DOCUMENT_NUMBERS, key_bytes(&number), bytes(document->id.b, sizeof document->id.b));
    txn_put(ctx->txn, T_DOCUMENT_DAYS, key_bytes(&day), bytes("", 0));
    txn_put(ctx->txn, T_DOCUMENT_EDITIONS, key_bytes(&edition), bytes("", 0));
}

uint32_t state_editions(struct ctx *ctx, const struct uuid *first, struct uuid *ids, uint32_t max)
{
    struct key prefix = key_of_uuid(first);
    struct bytes key;
    struct scan scan;
    uint32_t n = 0;

    scan_begin(&scan, ctx->txn, T_DOCUMENT_EDITIONS, key_bytes(&prefix));
    while (n < max && scan_next(&scan, &key, NULL)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        key_read_u32(&reader);
        ids[n] = key_read_uuid(&reader);
        if (reader.bad)
            txn_fail(ctx->txn, ERR_CORRUPT);
        else
            n++;
    }
    scan_end(&scan);
    return n;
}

static struct key sending_key(const struct uuid *document, const struct uuid *organisation)
{
    struct key key = key_of_uuid(document);
    key_uuid(&key, organisation);
    return key;
}

bool state_sending(struct ctx *ctx, const struct uuid *document, const struct uuid *organisation, struct document_sent *sent)
{
    struct key key = sending_key(document, organisation);
    return txn_get_msg(ctx->txn, T_DOCUMENT_SENDINGS, key_bytes(&key), &document_sent_desc, ctx->arena, sent);
}

void state_sending_put(struct ctx *ctx, const struct document_sent *sent)
{
    struct key key = sending_key(&sent->document, &sent->organisation), of = key_of_uuid(&sent->organisation);
    key_u32(&of, sent->day);
    key_uuid(&of, &sent->document);
    txn_put_msg(ctx->txn, T_DOCUMENT_SENDINGS, key_bytes(&key), &document_sent_desc, sent);
    txn_put(ctx->txn, T_UNIT_SENDINGS, key_bytes(&of), bytes("", 0));
}

bool document_in_force(const struct document *document, day_t on)
{
    return (document->from != 0 ? document->from : document->day) <= on && (document->until == 0 || on <= document->until);
}
