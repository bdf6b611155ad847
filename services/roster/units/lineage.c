#include "services/roster/units/lineage.h"

MSG_DEFINE(unit_link, UNIT_LINK_FIELDS)

/* ── links ────────────────────────────────────────────────────────────────── */

bool lineage_link(struct lineage_links *links, day_t from, const struct uuid *to, struct arena *arena)
{
    struct unit_link *at = ARENA_LIST(arena, struct unit_link, links->n + 1);
    uint32_t before = 0, n = 0;

    while (before < links->n && links->at[before].from < from)
        before++;
    bool again = before < links->n && links->at[before].from == from;
    if (!again && links->n == LINEAGE_MAX)
        return false;
    for (uint32_t i = 0; i < before; i++)
        at[n++] = links->at[i];
    at[n++] = (struct unit_link){ from, *to };
    for (uint32_t i = before + again; i < links->n; i++)
        at[n++] = links->at[i];
    *links = (struct lineage_links){ n, at };
    return true;
}

static const struct uuid *linked_on(const struct lineage_links *links, day_t day)
{
    const struct uuid *to = &UUID_NIL;
    for (uint32_t i = 0; i < links->n && links->at[i].from <= day; i++)
        to = &links->at[i].to;
    return to;
}

struct lineage_links lineage_either(const struct lineage_links *founders, const struct lineage_links *parents, struct arena *arena)
{
    struct lineage_links either = { 0, ARENA_LIST(arena, struct unit_link, founders->n + parents->n + 1) };
    uint32_t f = 0, p = 0;

    while (f < founders->n || p < parents->n) {
        day_t from = f == founders->n ? parents->at[p].from : p == parents->n ? founders->at[f].from
                   : founders->at[f].from < parents->at[p].from ? founders->at[f].from : parents->at[p].from;
        const struct uuid *to = linked_on(founders, from);
        f += f < founders->n && founders->at[f].from == from;
        p += p < parents->n && parents->at[p].from == from;
        either.at[either.n++] = (struct unit_link){ from, uuid_is_nil(to) ? *linked_on(parents, from) : *to };
    }
    return either;
}

/* ── spans ────────────────────────────────────────────────────────────────── */

bool lineage_chain_equal(const struct unit_span *a, const struct uuid *chain, uint32_t n)
{
    return a->chain.n == n && memcmp(a->chain.at, chain, n * sizeof *chain) == 0;
}

bool lineage_equal(const struct lineage_spans *a, const struct lineage_spans *b)
{
    bool equal = a->n == b->n;
    for (uint32_t i = 0; equal && i < a->n; i++)
        equal = a->at[i].from == b->at[i].from && lineage_chain_equal(&a->at[i], b->at[i].chain.at, b->at[i].chain.n);
    return equal;
}

const struct unit_span *lineage_on(const struct lineage_spans *spans, day_t day)
{
    const struct unit_span *on = spans->n > 0 ? &spans->at[0] : NULL;
    for (uint32_t i = 1; i < spans->n && spans->at[i].from <= day; i++)
        on = &spans->at[i];
    return on;
}

bool lineage_within(const struct unit_span *span, const struct uuid *unit)
{
    for (uint32_t i = 0; span != NULL && i < span->chain.n; i++)
        if (uuid_equal(&span->chain.at[i], unit))
            return true;
    return false;
}

/* A span that says what the one before it says is left out. */
static bool span_add(struct lineage_spans *spans, day_t from, uint32_t n, struct uuid *chain)
{
    if (spans->n > 0 && lineage_chain_equal(&spans->at[spans->n - 1], chain, n))
        return true;
    if (spans->n == LINEAGE_MAX)
        return false;
    spans->at[spans->n++] = (struct unit_span){ from, { n, chain } };
    return true;
}

static struct uuid *below(const struct uuid *unit, const struct unit_span *above, struct arena *arena)
{
    struct uuid *chain = ARENA_LIST(arena, struct uuid, above->chain.n + 1);
    chain[0] = *unit;
    memcpy(&chain[1], above->chain.at, above->chain.n * sizeof *chain);
    return chain;
}

/* Under one parent from day to day (`until`: the first day no longer). */
static bool under(const struct uuid *unit, day_t from, day_t until, const struct lineage_spans *parent, struct arena *arena,
                  struct lineage_spans *spans)
{
    for (uint32_t i = 0; i < parent->n; i++) {
        const struct unit_span *above = &parent->at[i];
        day_t ends = i + 1 < parent->n ? parent->at[i + 1].from : DAY_MAX;
        if (i > 0 && above->from >= until)
            break;
        if (ends <= from)
            continue;
        if (above->chain.n == CHAIN_MAX || lineage_within(above, unit)
            || !span_add(spans, above->from > from ? above->from : from, above->chain.n + 1, below(unit, above, arena)))
            return false;
    }
    return true;
}

bool lineage_chains(const struct uuid *unit, const struct lineage_links *links, lineage_of *of, void *arg,
                    struct arena *arena, struct lineage_spans *spans)
{
    *spans = (struct lineage_spans){ 0, ARENA_LIST(arena, struct unit_span, LINEAGE_MAX) };
    if (links->n == 0)
        return span_add(spans, 0, 1, arena_copy(arena, unit, sizeof *unit));
    for (uint32_t i = 0; i < links->n; i++) {
        struct lineage_spans parent = of(arg, &links->at[i].to);
        day_t until = i + 1 < links->n ? links->at[i + 1].from : DAY_MAX;
        if (parent.n == 0 || !under(unit, links->at[i].from, until, &parent, arena, spans))
            return false;
    }
    return true;
}

bool lineage_give_way(struct lineage_spans *spans, day_t day, const struct lineage_spans *heir, struct arena *arena)
{
    struct lineage_spans made = { 0, ARENA_LIST(arena, struct unit_span, LINEAGE_MAX) };

    for (uint32_t i = 0; i < spans->n && (i == 0 || spans->at[i].from < day); i++)
        if (day > 0)
            span_add(&made, spans->at[i].from, spans->at[i].chain.n, spans->at[i].chain.at);
    for (uint32_t i = 0; i < heir->n; i++) {
        day_t ends = i + 1 < heir->n ? heir->at[i + 1].from : DAY_MAX, from = heir->at[i].from > day ? heir->at[i].from : day;
        if (ends > day && !span_add(&made, from, heir->at[i].chain.n, heir->at[i].chain.at))
            return false;
    }
    *spans = made;
    return true;
}

uint32_t lineage_cut(const struct lineage_spans *spans, day_t from, day_t until, struct lineage_piece pieces[LINEAGE_MAX])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < spans->n; i++) {
        day_t starts = i == 0 || spans->at[i].from < from ? from : spans->at[i].from;
        day_t next = i + 1 < spans->n ? spans->at[i + 1].from : 0;
        if (next != 0 && next <= from)
            continue;
        if (until != 0 && starts > until)
            break;
        bool last = next == 0 || (until != 0 && next > until);
        pieces[n++] = (struct lineage_piece){ starts, last ? until : next - 1, &spans->at[i] };
    }
    return n;
}
