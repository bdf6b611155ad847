#include "common/core/text.h"
#include "services/roster/documents/documents.h"

/* roster.document.*: acts and documents, their editions, their sending and acknowledgement. */

#define SHA256_SIZE 32

/* ── who may read ─────────────────────────────────────────────────────────── */

bool document_reached(struct ctx *ctx, const struct document *document)
{
    struct organisation unit;

    if (state_organisation(ctx, &document->chain.at[0], &unit))
        return may_reach(ctx, unit.chain.at, unit.chain.n);
    return may_reach(ctx, document->chain.at, document->chain.n);
}

/* Sent to an organisation where the person works today. */
static bool sent_to_place_of(struct ctx *ctx, const struct document *document, const struct uuid *person)
{
    struct document_sent sent;
    struct moves moves;

    moves_load(ctx, person, &moves);
    for (uint32_t i = 0; i < moves.n; i++)
        if (post_held(moves.posts[i].from, moves.posts[i].until, ctx->today) &&
            state_sending(ctx, &document->id, &moves.posts[i].chain.at[0], &sent))
            return true;
    return false;
}

bool document_seen(struct ctx *ctx, const struct document *document)
{
    const struct reach *reach = &ctx->who->reach;
    struct person_state person;
    struct document_sent sent;

    if (document->public || document_reached(ctx, document))
        return true;
    for (uint32_t i = 0; i < reach->n; i++) {
        const struct uuid *id = &reach->id[i];
        if (may_reach(ctx, id, 1) && (state_sending(ctx, &document->id, id, &sent) ||
                                      (state_person(ctx, id, &person) && sent_to_place_of(ctx, document, id))))
            return true;
    }
    return false;
}

static uint32_t document_scope(const struct document *document, struct uuid scope[ENTRY_SCOPES_MAX])
{
    uint32_t n = document->public ? 0 : document->chain.n < ENTRY_SCOPES_MAX ? document->chain.n : ENTRY_SCOPES_MAX;
    memcpy(scope, document->chain.at, n * sizeof *scope);
    return n;
}

/* ── what a document says of itself ───────────────────────────────────────── */

/* A name and the hash of its bytes come together. */
static enum verdict file_good(struct ctx *ctx, const char *name, struct bytes hash, const char *name_path, const char *hash_path)
{
    if ((name != NULL) != (hash.n != 0) || (hash.n != 0 && hash.n != SHA256_SIZE))
        return refuse_field(ctx, "file_and_hash", hash_path, "length");
    if (name != NULL && strchr(name, '/') != NULL)
        return refuse_field(ctx, "file_is_a_path", name_path, "characters");
    return VERDICT_OK;
}

static enum verdict issuer_good(struct ctx *ctx, const struct document *made)
{
    struct organisation issuer;

    if (uuid_is_nil(&made->issuer) && made->issuer_title == NULL)
        return refuse_field(ctx, "issuer_missing", "issuer", "missing");
    if (!uuid_is_nil(&made->issuer) && made->issuer_title != NULL)
        return refuse_field(ctx, "issuer_twice", "issuer", "repeated");
    if (!uuid_is_nil(&made->issuer) && !state_organisation(ctx, &made->issuer, &issuer))
        return refuse_field(ctx, "organisation_unknown", "issuer", "unknown");
    return VERDICT_OK;
}

static enum verdict about_good(struct ctx *ctx, const struct document *made)
{
    day_t from = made->from != 0 ? made->from : made->day;

    if (issuer_good(ctx, made) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (made->day > ctx->today)
        return refuse_field(ctx, "document_future", "day", "range");
    if (made->until != 0 && made->until < from)
        return refuse_field(ctx, "document_until_before_from", "until", "order");
    if (file_good(ctx, made->file, made->sha256, "file", "sha256") != VERDICT_OK ||
        file_good(ctx, made->signature, made->signature_sha256, "signature", "signature_sha256") != VERDICT_OK)
        return VERDICT_REFUSED;
    if (made->signature != NULL && made->file == NULL)
        return refuse_field(ctx, "signature_without_file", "signature", "missing");
    if (made->signature == NULL && (made->signed_as != NULL || made->certificate != NULL || made->signed_on != 0))
        return refuse_field(ctx, "signer_without_signature", "signed_as", "missing");
    if (made->signed_on > ctx->today)
        return refuse_field(ctx, "signed_in_future", "signed_on", "range");
    return texts_fit(ctx, &document_desc, made);
}

static void about_taken(struct ctx *ctx, const struct document_register *in, struct document *made)
{
    made->kind = in->kind;
    made->issuer = in->issuer;
    made->issuer_title = tidied(ctx, in->issuer_title);
    made->number = text_nfc(ctx->arena, in->number);
    made->day = in->day;
    made->title = text_nfc(ctx->arena, in->title);
    made->from = in->from;
    made->until = in->until;
    made->file = tidied(ctx, in->file);
    made->sha256 = in->sha256;
    made->signature = tidied(ctx, in->signature);
    made->signature_sha256 = in->signature_sha256;
    made->signed_as = tidied(ctx, in->signed_as);
    made->signed_on = in->signed_on;
    made->certificate = tidied(ctx, in->certificate);
    made->unit = in->unit;
    made->public = in->public;
    made->published.n = in->published.n;
    made->published.at = ARENA_LIST(ctx->arena, const char *, in->published.n + 1);
    for (uint32_t i = 0; i < in->published.n; i++)
        made->published.at[i] = text_nfc(ctx->arena, in->published.at[i]);
}

/* Its unit's chain; that the asker reaches it. */
static enum verdict unit_taken(struct ctx *ctx, struct document *made)
{
    struct organisation unit;

    if (uuid_is_nil(&made->unit)) {
        made->chain.at = ARENA_NEW(ctx->arena, struct uuid);
        made->chain.at[0] = roster_config(ctx)->profile->region->id;
        made->chain.n = 1;
    } else {
        if (!state_organisation(ctx, &made->unit, &unit))
            return refuse_field(ctx, "organisation_unknown", "unit", "unknown");
        made->chain.n = unit.chain.n;
        made->chain.at = unit.chain.at;
    }
    return may_reach(ctx, made->chain.at, made->chain.n) ? VERDICT_OK : REFUSE_REACH(ctx);
}

static enum verdict enter(struct ctx *ctx, struct document *made)
{
    struct uuid scope[ENTRY_SCOPES_MAX], known;

    if (about_good(ctx, made) != VERDICT_OK)
        return VERDICT_REFUSED;
    if (state_document_known(ctx, made, &known)) {
        refuse_field(ctx, "document_known", "number", "unique");
        return VERDICT_REFUSED;
    }
    emit(ctx, "roster.document.registered", made, scope, document_scope(made, scope));
    return reply_made(ctx, &made->id);
}

/* ── registering ──────────────────────────────────────────────────────────── */

enum verdict decide_document_register(struct ctx *ctx, const void *command)
{
    struct document made = { .edition = 1 };

    about_taken(ctx, command, &made);
    if (unit_taken(ctx, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.id = made.first = decide_id(ctx);
    return enter(ctx, &made);
}

static enum verdict replaces(struct ctx *ctx, const struct document *made, const struct document *last)
{
    day_t from = made->from != 0 ? made->from : made->day, last_from = last->from != 0 ? last->from : last->day;

    if (!uuid_is_nil(&last->replaced_by)) {
        refuse_field(ctx, "edition_not_last", "of", "conflict");
        refuse_arg(ctx, "edition", arena_format(ctx->arena, "%u", (unsigned)last->edition + 1));
        return VERDICT_REFUSED;
    }
    if (from <= last_from)
        return refuse_field(ctx, "edition_before", "from", "order");
    return last->edition < EDITIONS_MAX ? VERDICT_OK : refuse_most(ctx, "too_many_editions", EDITIONS_MAX);
}

enum verdict decide_document_edition(struct ctx *ctx, const void *command)
{
    const struct document_edition *in = command;
    struct document_register about = {
        .kind = in->kind, .issuer = in->issuer, .issuer_title = in->issuer_title, .number = in->number, .day = in->day,
        .title = in->title, .from = in->from, .until = in->until, .file = in->file, .sha256 = in->sha256,
        .signature = in->signature, .signature_sha256 = in->signature_sha256,
        .published = { in->published.n, in->published.at }, .unit = in->unit, .public = in->public,
        .signed_as = in->signed_as, .signed_on = in->signed_on, .certificate = in->certificate };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct document made = { 0 }, last;

    if (!state_document(ctx, &in->of, &last))
        return refuse(ctx, PROBLEM_NOT_FOUND, "document_unknown");
    if (!document_reached(ctx, &last))
        return REFUSE_REACH(ctx);
    about_taken(ctx, &about, &made);
    if (unit_taken(ctx, &made) != VERDICT_OK || replaces(ctx, &made, &last) != VERDICT_OK)
        return VERDICT_REFUSED;
    made.id = decide_id(ctx);
    made.first = last.first;
    made.edition = last.edition + 1;
    made.previous = last.id;
    if (enter(ctx, &made) != VERDICT_OK)
        return VERDICT_REFUSED;
    day_t eve = (made.from != 0 ? made.from : made.day) - 1;
    struct document_superseded superseded = { last.id, made.id, last.until != 0 && last.until < eve ? last.until : eve };
    emit(ctx, "roster.document.superseded", &superseded, scope, document_scope(&last, scope));
    return VERDICT_OK;
}

/* ── sending and acknowledging ────────────────────────────────────────────── */

static uint32_t sending_scope(const struct document *document, const struct organisation *to, struct uuid scope[ENTRY_SCOPES_MAX])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < to->chain.n && n < ENTRY_SCOPES_MAX; i++)
        scope[n++] = to->chain.at[i];
    if (n < ENTRY_SCOPES_MAX && !id_among(&document->chain.at[0], scope, n))
        scope[n++] = document->chain.at[0];
    return n;
}

enum verdict decide_document_send(struct ctx *ctx, const void *command)
{
    const struct document_send *in = command;
    struct organisation *to = ARENA_LIST(ctx->arena, struct organisation, in->to.n);
    day_t day = in->day != 0 ? in->day : ctx->today;
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct document document;
    struct document_sent known;

    if (!state_document(ctx, &in->document, &document))
        return refuse(ctx, PROBLEM_NOT_FOUND, "document_unknown");
    if (!document_reached(ctx, &document))
        return REFUSE_REACH(ctx);
    if (day < document.day)
        return refuse_field(ctx, "sent_before", "day", "order");
    if (day > ctx->today)
        return refuse_field(ctx, "sent_in_future", "day", "range");
    for (uint32_t i = 0; i < in->to.n; i++)
        if (!state_organisation(ctx, &in->to.at[i], &to[i]))
            return refuse_field(ctx, "organisation_unknown", arena_format(ctx->arena, "to[%u]", i), "unknown");
    for (uint32_t i = 0; i < in->to.n; i++) {
        struct document_sent sent = { .document = document.id, .organisation = to[i].id, .day = day, .how = tidied(ctx, in->how),
                                      .kind = document.kind, .number = document.number, .dated = document.day,
                                      .title = document.title, .sha256 = document.sha256 };
        if (id_among(&to[i].id, in->to.at, i) || state_sending(ctx, &document.id, &to[i].id, &known))
            continue;
        if (texts_fit(ctx, &document_sent_desc, &sent) != VERDICT_OK)
            return VERDICT_REFUSED;
        emit(ctx, "roster.document.sent", &sent, scope, sending_scope(&document, &to[i], scope));
    }
    return VERDICT_OK;
}

enum verdict decide_document_acknowledge(struct ctx *ctx, const void *command)
{
    const struct document_acknowledge *in = command;
    struct document_acknowledged acknowledged = { in->document, in->organisation, in->day != 0 ? in->day : ctx->today, in->by };
    struct uuid scope[ENTRY_SCOPES_MAX];
    struct organisation organisation;
    struct document document;
    struct document_sent sent;
    struct person_state state;

    if (!state_organisation(ctx, &in->organisation, &organisation))
        return refuse_field(ctx, "organisation_unknown", "organisation", "unknown");
    if (!may_reach(ctx, organisation.chain.at, organisation.chain.n))
        return REFUSE_REACH(ctx);
    if (!state_document(ctx, &in->document, &document))
        return refuse(ctx, PROBLEM_NOT_FOUND, "document_unknown");
    if (!state_sending(ctx, &in->document, &in->organisation, &sent))
        return refuse(ctx, PROBLEM_CONFLICT, "document_not_sent");
    if (!uuid_is_nil(&in->by) && (!state_person(ctx, &in->by, &state) || !person_reached(ctx, &in->by, &state)))
        return refuse_field(ctx, "person_unknown", "by", "unknown");
    if (acknowledged.day > ctx->today)
        return refuse_field(ctx, "acknowledged_in_future", "day", "range");
    if (acknowledged.day < sent.day)
        return refuse_field(ctx, "acknowledged_before_sent", "day", "order");
    if (sent.acknowledged != 0)
        return VERDICT_OK;                  /* the first one stands */
    emit(ctx, "roster.document.acknowledged", &acknowledged, scope, sending_scope(&document, &organisation, scope));
    return VERDICT_OK;
}

/* ── events ───────────────────────────────────────────────────────────────── */

void apply_document_registered(struct ctx *ctx, const void *event)
{
    state_document_put(ctx, event);
}

void apply_document_superseded(struct ctx *ctx, const void *event)
{
    const struct document_superseded *superseded = event;
    struct document document;

    if (!state_document(ctx, &superseded->id, &document))
        return;
    document.until = superseded->until;
    document.replaced_by = superseded->by;
    state_document_put(ctx, &document);
}

/* Which document it is, the document's own row says: the table keeps who, when and how. */
void apply_document_sent(struct ctx *ctx, const void *event)
{
    struct document_sent sent = *(const struct document_sent *)event;

    sent.number = sent.title = NULL;
    sent.sha256 = bytes(NULL, 0);
    sent.dated = 0;
    sent.kind = 0;
    state_sending_put(ctx, &sent);
}

void apply_document_acknowledged(struct ctx *ctx, const void *event)
{
    const struct document_acknowledged *acknowledged = event;
    struct document_sent sent;

    if (!state_sending(ctx, &acknowledged->document, &acknowledged->organisation, &sent))
        return;
    sent.acknowledged = acknowledged->day;
    sent.by = acknowledged->by;
    state_sending_put(ctx, &sent);
}
