/* values: pages put together; shares in integers. */
#include "cli/show/values.h"

#include <inttypes.h>

#define PAGE_ROWS  1000
#define VALUES_MAX 2000000      /* a guard against a service that never ends its pages */

int values_fetch(struct cli *cli, const struct values_of *ask, struct values *values)
{
    struct values_of page = *ask;
    struct value_list list;
    page.limit = PAGE_ROWS;
    *values = (struct values){ 0 };
    do {
        int code = cli_ask(cli, "indicators.value.list", &page, &list);
        if (code != CLI_OK)
            return code;
        while (values->n + list.rows.n > values->room) {
            values->room = values->room > 0 ? values->room * 2 : 1024;
            struct value *more = ARENA_LIST(&cli->arena, struct value, values->room);
            if (values->n > 0)
                memcpy(more, values->at, sizeof *more * values->n);
            values->at = more;
        }
        if (list.rows.n > 0)
            memcpy(&values->at[values->n], list.rows.at, sizeof *list.rows.at * list.rows.n);
        values->n += list.rows.n;
        page.after = list.next;
    } while (list.next.n > 0 && list.rows.n > 0 && values->n < VALUES_MAX);
    return CLI_OK;
}

static const char *percent_text(struct cli *cli, uint64_t numerator, uint64_t denominator)
{
    if (denominator == 0)
        return "—";
    uint64_t tenths = (uint64_t)((unsigned __int128)numerator * 1000 / denominator);
    const char *point = cli_word(cli, "number.point");
    return arena_format(&cli->arena, "%" PRIu64 "%s%" PRIu64, tenths / 10, strlen(point) <= 2 ? point : ",", tenths % 10);
}

static const char *number_text(struct cli *cli, uint64_t number)
{
    return arena_format(&cli->arena, "%" PRIu64, number);
}

const char *share_text(struct cli *cli, const struct value *v)
{
    return percent_text(cli, v->numerator, v->denominator);
}

/* fact ≥ bound ✓ */
static const char *against(struct cli *cli, const char *fact, int op, uint64_t bound, bool met)
{
    const char *sign = op == OP_AT_MOST ? (met ? "≤" : ">") : met ? "≥" : "<";
    return arena_format(&cli->arena, "%s %s %" PRIu64 " %s", fact, sign, bound, met ? "✓" : "✗");
}

/* The yearly target that the bound is of may be met where another one is not. */
static bool bound_met(const struct value *v)
{
    for (uint32_t i = 0; i < v->verdicts.n; i++) {
        const struct target_verdict *verdict = &v->verdicts.at[i];
        if (verdict->applies && !verdict->cumulative && verdict->op == v->bound_op && verdict->bound == v->bound)
            return verdict->met;
    }
    return v->met;
}

static const char *rising_text(struct cli *cli, const struct value *v, const char *fact)
{
    for (uint32_t i = 0; i < v->verdicts.n; i++)
        if (v->verdicts.at[i].op == OP_RISING && v->verdicts.at[i].applies)
            return arena_format(&cli->arena, "%s %s", fact, v->verdicts.at[i].met ? "↑ ✓" : "✗");
    return fact;
}

const char *share_against(struct cli *cli, const struct value *v)
{
    bool number = v->measure == MEASURE_COUNT;
    const char *fact = number ? number_text(cli, v->numerator) : share_text(cli, v);
    if (!v->has_target || v->bound == 0)
        return rising_text(cli, v, fact);
    if (!number && v->denominator == 0)
        return arena_format(&cli->arena, "— (%" PRIu64 ")", v->bound);
    return against(cli, fact, v->bound_op, v->bound, bound_met(v));
}

/* ── other measures and states ────────────────────────────────────────────── */
static const char *awaits_text(struct cli *cli, const struct value *v, const char *gap)
{
    const char *list = "";
    for (uint32_t i = 0; i < v->awaits.n; i++)
        list = arena_format(&cli->arena, "%s%s%s", list, i > 0 ? ", " : "", v->awaits.at[i]);
    return arena_format(&cli->arena, "%s%s%s%s%s", cli_word(cli, "indicators.no_facts"), gap,
                        cli_word(cli, "indicators.appear_with"), gap, list);
}

static const char *judged_text(struct cli *cli, const struct value *v)
{
    const struct catalogue_arg arg[] = { { "grade", number_text(cli, v->grade) } };
    const char *mark = !v->has_target ? "" : v->met ? " ✓" : " ✗";
    if (v->state == VALUE_NOT_JUDGED)
        return cli_word(cli, "indicators.not_judged");
    if (v->graded)
        return arena_format(&cli->arena, "%s%s", cli_words(cli, "indicators.grade", arg, 1), mark);
    return arena_format(&cli->arena, "%s%s", cli_word(cli, v->yes ? "indicators.yes" : "indicators.no"), mark);
}

/* How many lie outside of a bound, each of its own: "ниже 10 — 2". */
static const char *outside_text(struct cli *cli, const struct value *v, int op, uint64_t count, const char *token)
{
    uint64_t bound = 0;
    for (uint32_t i = 0; i < v->verdicts.n; i++) {
        const struct target_verdict *t = &v->verdicts.at[i];
        if (t->applies && t->op == op && (bound == 0 || (op == OP_AT_LEAST ? t->bound > bound : t->bound < bound)))
            bound = t->bound;
    }
    const struct catalogue_arg args[] = { { "bound", number_text(cli, bound) }, { "count", number_text(cli, count) } };
    return bound == 0 || count == 0 ? "" : cli_words(cli, token, args, 2);
}

static const char *corridor_text(struct cli *cli, const struct value *v, const char *gap)
{
    const struct catalogue_arg args[] = { { "least", number_text(cli, v->least) }, { "greatest", number_text(cli, v->greatest) },
                                          { "mean", v->denominator != 0 ? number_text(cli, v->numerator / v->denominator) : "—" } };
    const char *below = outside_text(cli, v, OP_AT_LEAST, v->below, "indicators.below");
    const char *above = outside_text(cli, v, OP_AT_MOST, v->above, "indicators.above");
    if (v->denominator == 0)
        return "—";
    return arena_format(&cli->arena, "%s;%s%s%s%s%s%s%s%s%s", cli_words(cli, "indicators.mean", args, 3), gap,
                        cli_words(cli, "indicators.range", args, 3), *below != '\0' ? ";" : "", *below != '\0' ? gap : "", below,
                        *above != '\0' ? ";" : "", *above != '\0' ? gap : "", above, !v->has_target ? "" : v->met ? " ✓" : " ✗");
}

static const char *any_text(struct cli *cli, const struct value *v, const char *gap)
{
    if (v->state == VALUE_NO_FACTS)
        return awaits_text(cli, v, gap);
    if (v->measure == MEASURE_YES_NO || v->measure == MEASURE_JUDGED)
        return judged_text(cli, v);
    return v->measure == MEASURE_CORRIDOR ? corridor_text(cli, v, gap) : share_against(cli, v);
}

const char *value_line_text(struct cli *cli, const struct value *v)
{
    return any_text(cli, v, " ");
}

const char *value_text(struct cli *cli, const struct value *v)
{
    const char *text = any_text(cli, v, "\n");
    if (v->state != VALUE_COUNTED || v->measure != MEASURE_SHARE)
        return text;
    return arena_format(&cli->arena, "%s\n%" PRIu64 " / %" PRIu64, text, v->numerator, v->denominator);
}

const char *cumulative_text(struct cli *cli, const struct value *v)
{
    bool number = v->measure == MEASURE_COUNT;
    const char *fact = number ? number_text(cli, v->cumulative_numerator)
                              : percent_text(cli, v->cumulative_numerator, v->cumulative_denominator);
    for (uint32_t i = 0; i < v->verdicts.n; i++)
        if (v->verdicts.at[i].cumulative && v->verdicts.at[i].applies)
            fact = against(cli, fact, v->verdicts.at[i].op, v->verdicts.at[i].bound, v->verdicts.at[i].met);
    return number ? fact : arena_format(&cli->arena, "%s\n%" PRIu64 " / %" PRIu64, fact, v->cumulative_numerator, v->cumulative_denominator);
}

const char *beside_text(struct cli *cli, const struct value_beside *beside, bool share)
{
    if (!share)
        return number_text(cli, beside->numerator);
    return arena_format(&cli->arena, "%s\n%" PRIu64 " / %" PRIu64, percent_text(cli, beside->numerator, beside->denominator),
                        beside->numerator, beside->denominator);
}

uint64_t values_last_planned(const struct values *values)
{
    uint64_t year = 0;
    for (uint32_t i = 0; i < values->n; i++)
        if (values->at[i].has_target && values->at[i].year > year)
            year = values->at[i].year;
    return year;
}

uint64_t values_first_planned(const struct values *values)
{
    uint64_t year = values_last_planned(values);
    for (uint32_t i = 0; i < values->n; i++)
        if (values->at[i].has_target && values->at[i].year < year)
            year = values->at[i].year;
    return year;
}

const struct value *values_find(const struct values *values, const char *act, const char *indicator, uint64_t year,
                                const struct uuid *unit)
{
    for (uint32_t i = 0; i < values->n; i++) {
        const struct value *v = &values->at[i];
        if (v->year == year && strcmp(v->indicator, indicator) == 0 && (act == NULL || strcmp(v->act, act) == 0) && (unit == NULL || uuid_equal(&v->unit, unit)))
            return v;
    }
    return NULL;
}
