#include "common/service/pages.h"
#include "services/node/node.h"

/* The read copies, as they were brought down: pages by identifier. */

#define ROW_BYTES  40           /* what a row has beside its record */
#define POST_BYTES 500

static struct uuid id_of(struct bytes key)
{
    struct key_reader reader = key_read(key);
    return key_read_uuid(&reader);
}

static void titles_of(struct ctx *ctx, struct node_person *row)
{
    const char **titles = ARENA_LIST(ctx->arena, const char *, row->posts.n + 1);

    for (uint32_t i = 0; i < row->posts.n; i++) {
        struct organisation organisation;
        bool known = row->posts.at[i].chain.n > 0 && places_organisation(ctx, &row->posts.at[i].chain.at[0], &organisation);
        titles[i] = known ? organisation.title : "";
    }
    row->places.n = row->posts.n;
    row->places.at = titles;
}

enum verdict query_persons(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct node_persons persons = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_PERSONS, bytes(NULL, 0), page->after, page->limit);
    persons.rows.at = ARENA_LIST(ctx->arena, struct node_person, pages.limit);
    while (pages_next(&pages, &key, &value)) {
        struct node_person row = { .person = id_of(key), .posts.at = ARENA_LIST(ctx->arena, struct post_opened, 64) };
        row.posts.n = places_posts(ctx, &row.person, row.posts.at, 64);
        titles_of(ctx, &row);
        if (!pages_take(&pages, key, ROW_BYTES + row.posts.n * POST_BYTES))
            break;
        persons.rows.at[persons.rows.n++] = row;
    }
    persons.next = pages_end(&pages, ctx->arena);
    reply(ctx, &persons);
    return VERDICT_OK;
}

/* In the federal registry by the last change up to the day. */
static bool federal_on(struct ctx *ctx, const struct uuid *programme, day_t day)
{
    struct key prefix = key_of_uuid(programme), from = prefix;
    struct bytes key, value;
    struct scan scan;
    bool in = false;

    key_u32(&from, day);
    scan_begin(&scan, ctx->txn, T_FEDERAL, key_bytes(&prefix));
    while (scan_next(&scan, &key, &value)) {
        struct key_reader reader = key_read(key);
        key_read_uuid(&reader);
        if (key_read_u32(&reader) > day)
            break;
        in = value.n == 1 && *(const uint8_t *)value.at == 1;
    }
    scan_end(&scan);
    return in;
}

enum verdict query_programmes(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct node_programmes programmes = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_PROGRAMMES, bytes(NULL, 0), page->after, page->limit);
    programmes.rows.at = ARENA_LIST(ctx->arena, struct node_programme, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, ROW_BYTES + value.n)) {
        struct programme *programme = ARENA_NEW(ctx->arena, struct programme);
        if (txn_get_msg(ctx->txn, T_PROGRAMMES, key, &programme_desc, ctx->arena, programme))
            programmes.rows.at[programmes.rows.n++] = (struct node_programme){ programme, federal_on(ctx, &programme->id, ctx->today) };
    }
    programmes.next = pages_end(&pages, ctx->arena);
    reply(ctx, &programmes);
    return VERDICT_OK;
}

static bool person_here(struct ctx *ctx, const struct uuid *person)
{
    struct key key = key_of_uuid(person);
    struct bytes value;
    return txn_get(ctx->txn, T_PERSONS, key_bytes(&key), &value);
}

/* Small records that everybody may see, as they are. */
enum verdict query_frameworks(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct node_frameworks frameworks = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_FRAMEWORKS, bytes(NULL, 0), page->after, page->limit);
    frameworks.rows.at = ARENA_LIST(ctx->arena, struct framework, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, value.n))
        frameworks.rows.n += txn_get_msg(ctx->txn, T_FRAMEWORKS, key, &framework_desc, ctx->arena,
                                         &frameworks.rows.at[frameworks.rows.n]);
    frameworks.next = pages_end(&pages, ctx->arena);
    reply(ctx, &frameworks);
    return VERDICT_OK;
}

enum verdict query_procedures(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct procedure_list procedures = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_PROCEDURES, bytes(NULL, 0), page->after, page->limit);
    procedures.rows.at = ARENA_LIST(ctx->arena, struct procedure, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, value.n))
        procedures.rows.n += txn_get_msg(ctx->txn, T_PROCEDURES, key, &procedure_desc, ctx->arena,
                                         &procedures.rows.at[procedures.rows.n]);
    procedures.next = pages_end(&pages, ctx->arena);
    reply(ctx, &procedures);
    return VERDICT_OK;
}

enum verdict query_enrolments(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct node_enrolments enrolments = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_ENROLMENTS, bytes(NULL, 0), page->after, page->limit);
    enrolments.rows.at = ARENA_LIST(ctx->arena, struct enrolment, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, value.n)) {
        struct enrolment *enrolment = &enrolments.rows.at[enrolments.rows.n];
        enrolments.rows.n += txn_get_msg(ctx->txn, T_ENROLMENTS, key, &enrolment_desc, ctx->arena, enrolment) &&
                             person_here(ctx, &enrolment->person);
    }
    enrolments.next = pages_end(&pages, ctx->arena);
    reply(ctx, &enrolments);
    return VERDICT_OK;
}

enum verdict query_routes(struct ctx *ctx, const void *query)
{
    const struct page *page = query;
    struct route_list routes = { 0 };
    struct bytes key, value;
    struct pages pages;

    pages_begin(&pages, ctx, T_ROUTES, bytes(NULL, 0), page->after, page->limit);
    routes.rows.at = ARENA_LIST(ctx->arena, struct route, pages.limit);
    while (pages_next(&pages, &key, &value) && pages_take(&pages, key, value.n)) {
        struct route *route = &routes.rows.at[routes.rows.n];
        routes.rows.n += txn_get_msg(ctx->txn, T_ROUTES, key, &route_desc, ctx->arena, route) && person_here(ctx, &route->draft->person);
    }
    routes.next = pages_end(&pages, ctx->arena);
    reply(ctx, &routes);
    return VERDICT_OK;
}
