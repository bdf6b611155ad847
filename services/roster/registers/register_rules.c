#include "services/roster/registers/register_rules.h"

#include <string.h>

static bool fault_is(struct register_fault *fault, const char *reason, const char *path, const char *rule)
{
    *fault = (struct register_fault){ .reason = reason, .path = path, .rule = rule };
    return false;
}

static bool fault_with(struct register_fault *fault, const char *name, const char *value)
{
    fault->arg = name;
    fault->value = value;
    return false;
}

static bool said(const char *text) { return text != NULL && text[0] != '\0'; }

/* ── who or what ──────────────────────────────────────────────────────────── */

static bool member_good(const struct profile_register *reg, const struct register_about *about, struct register_fault *fault)
{
    bool person = !uuid_is_nil(about->person), organisation = !uuid_is_nil(about->organisation), title = said(about->title);

    if (reg->members == MEMBER_PERSON && !person)
        return fault_is(fault, "member_missing", "person", "missing");
    if ((reg->members == MEMBER_ORGANISATION || reg->members == MEMBER_TEXT) && !organisation)
        return fault_is(fault, "member_missing", "organisation", "missing");
    if (reg->members == MEMBER_BOTH && !person && !organisation)
        return fault_is(fault, "member_missing", "person", "missing");
    if (reg->members == MEMBER_TEXT && !title && !reg->untitled)
        return fault_is(fault, "member_missing", "title", "missing");
    if (person && (reg->members == MEMBER_ORGANISATION || reg->members == MEMBER_TEXT))
        return fault_is(fault, "member_kind_differs", "person", "profile");
    if (title && reg->members != MEMBER_TEXT)
        return fault_is(fault, "member_kind_differs", "title", "profile");
    return true;
}

/* ── grounds ──────────────────────────────────────────────────────────────── */

const struct register_ground *register_ground_of(const struct profile_register *reg, const char *code)
{
    for (uint32_t i = 0; i < reg->grounds.n; i++)
        if (strcmp(reg->grounds.at[i].code, code) == 0)
            return &reg->grounds.at[i];
    return NULL;
}

static bool ground_good(const struct profile_register *reg, const struct register_about *about, uint32_t at, day_t today,
                        struct arena *arena, struct register_fault *fault)
{
    const struct entry_ground *given = &about->grounds[at];
    const struct register_ground *ground = register_ground_of(reg, given->ground);
    const char *path = arena_format(arena, "grounds[%u]", at);

    if (ground == NULL) {
        fault_is(fault, "ground_unknown", arena_format(arena, "%s.ground", path), "profile");
        return fault_with(fault, "ground", given->ground);
    }
    for (uint32_t i = 0; i < at; i++)
        if (strcmp(about->grounds[i].ground, given->ground) == 0)
            return fault_is(fault, "ground_repeated", arena_format(arena, "%s.ground", path), "repeated");
    if (said(ground->evidence) && !said(given->evidence)) {
        fault_is(fault, "evidence_missing", arena_format(arena, "%s.evidence", path), "missing");
        return fault_with(fault, "evidence", ground->evidence);
    }
    if (ground->dated && given->day == 0)
        return fault_is(fault, "evidence_day_missing", arena_format(arena, "%s.day", path), "missing");
    if (given->day > today)
        return fault_is(fault, "evidence_future", arena_format(arena, "%s.day", path), "range");
    return true;
}

static bool grounds_good(const struct profile_register *reg, const struct register_about *about, day_t today,
                         struct arena *arena, struct register_fault *fault)
{
    for (uint32_t i = 0; i < about->ground_n; i++)
        if (!ground_good(reg, about, i, today, arena, fault))
            return false;
    for (uint32_t g = 0; reg->all_grounds && g < reg->grounds.n; g++) {
        bool there = false;
        for (uint32_t i = 0; i < about->ground_n; i++)
            there |= strcmp(about->grounds[i].ground, reg->grounds.at[g].code) == 0;
        if (!there) {
            fault_is(fault, "ground_missing", "grounds", "missing");
            return fault_with(fault, "ground", reg->grounds.at[g].title);
        }
    }
    return true;
}

/* ── fields of its own ────────────────────────────────────────────────────── */

const struct register_field *register_field_of(const struct profile_register *reg, const char *name)
{
    for (uint32_t i = 0; i < reg->fields.n; i++)
        if (strcmp(reg->fields.at[i].name, name) == 0)
            return &reg->fields.at[i];
    return NULL;
}

static bool chosen(const struct register_field *field, const char *text)
{
    for (uint32_t i = 0; i < field->choices.n; i++)
        if (strcmp(field->choices.at[i], text) == 0)
            return true;
    return false;
}

/* It says what its kind says, and nothing of another kind. */
static bool kind_fits(const struct register_field *field, const struct entry_value *value)
{
    bool text = said(value->text), id = !uuid_is_nil(&value->id), number = value->number != 0, day = value->day != 0;

    switch (field->kind) {
    case VALUE_TEXT:
    case VALUE_CHOICE:       return text && !id && !number && !day;
    case VALUE_DAY:          return day && !text && !id && !number;
    case VALUE_NUMBER:       return !text && !id && !day;
    default:                 return id && !text && !number && !day;     /* a person, an organisation */
    }
}

static bool values_good(const struct profile_register *reg, const struct register_about *about, struct arena *arena,
                        struct register_fault *fault)
{
    for (uint32_t i = 0; i < about->value_n; i++) {
        const struct entry_value *value = &about->values[i];
        const struct register_field *field = register_field_of(reg, value->name);
        const char *path = arena_format(arena, "values[%u]", i);
        if (field == NULL) {
            fault_is(fault, "field_unknown", arena_format(arena, "%s.name", path), "profile");
            return fault_with(fault, "name", value->name);
        }
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(about->values[j].name, value->name) == 0)
                return fault_is(fault, "field_repeated", arena_format(arena, "%s.name", path), "repeated");
        if (!kind_fits(field, value)) {
            fault_is(fault, "field_kind_differs", path, "type");
            return fault_with(fault, "name", field->title);
        }
        if (field->kind == VALUE_CHOICE && !chosen(field, value->text))
            return fault_is(fault, "choice_unknown", arena_format(arena, "%s.text", path), "no_such_name");
    }
    for (uint32_t f = 0; f < reg->fields.n; f++) {
        bool there = !reg->fields.at[f].required;
        for (uint32_t i = 0; i < about->value_n; i++)
            there |= strcmp(about->values[i].name, reg->fields.at[f].name) == 0;
        if (!there) {
            fault_is(fault, "field_missing", "values", "missing");
            return fault_with(fault, "name", reg->fields.at[f].title);
        }
    }
    return true;
}

bool register_about_good(const struct profile_register *reg, const struct register_about *about, day_t today,
                         struct arena *arena, struct register_fault *fault)
{
    return member_good(reg, about, fault) && grounds_good(reg, about, today, arena, fault)
        && values_good(reg, about, arena, fault);
}

/* ── terms ────────────────────────────────────────────────────────────────── */

bool register_term(const struct profile_register *reg, day_t from, day_t asked, struct arena *arena, day_t *until,
                   struct register_fault *fault)
{
    day_t latest = reg->term_months != 0 ? day_add_months(from, (int)reg->term_months) - 1 : 0;

    if (asked != 0 && asked < from)
        return fault_is(fault, "entry_until_before_from", "until", "order");
    if (asked != 0 && latest != 0 && asked > latest) {
        char *text = arena_alloc(arena, DAY_TEXT + 1);
        day_format(latest, text);
        fault_is(fault, "term_exceeded", "until", "range");
        return fault_with(fault, "latest", text);
    }
    *until = asked != 0 ? asked : latest;
    return true;
}

static day_t report_day_of(const struct register_yearly *yearly, int year)
{
    day_t month = day_of(year, (int)yearly->month, 1), last = day_add_months(month, 1) - 1;
    day_t day = month + (day_t)yearly->day - 1;

    return day < last ? day : last;
}

day_t register_report_day(const struct register_yearly *yearly, day_t from)
{
    day_t day = report_day_of(yearly, day_year(from));

    return day >= from ? day : report_day_of(yearly, day_year(from) + 1);
}

bool span_empty(const struct entry_span *span) { return span->until != 0 && span->until < span->from; }

static day_t span_end(const struct entry_span *span) { return span->until != 0 ? span->until : DAY_MAX; }

bool span_holds(const struct entry_span *span, day_t on)
{
    return !span_empty(span) && span->from <= on && on <= span_end(span);
}

bool spans_overlap(const struct entry_span *a, const struct entry_span *b)
{
    return !span_empty(a) && !span_empty(b) && a->from <= span_end(b) && b->from <= span_end(a);
}

bool listing_holds(const struct listing *listing, day_t on)
{
    for (uint32_t i = 0; i < listing->spans.n; i++)
        if (span_holds(&listing->spans.at[i], on))
            return true;
    return false;
}

const struct entry_span *listing_overlap(const struct listing *listing, const struct entry_span *span)
{
    for (uint32_t i = 0; i < listing->spans.n; i++)
        if (spans_overlap(&listing->spans.at[i], span))
            return &listing->spans.at[i];
    return NULL;
}
