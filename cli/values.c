/* values: pages put together; shares in integers. */
#include "cli/values.h"

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

const char *share_text(struct cli *cli, const struct value *v)
{
    if (v->denominator == 0)
        return "—";
    uint64_t tenths = (uint64_t)((unsigned __int128)v->numerator * 1000 / v->denominator);
    const char *point = cli_word(cli, "number.point");
    return arena_format(&cli->arena, "%" PRIu64 "%s%" PRIu64, tenths / 10, strlen(point) <= 2 ? point : ",", tenths % 10);
}

const char *share_against(struct cli *cli, const struct value *v)
{
    const char *fact = share_text(cli, v);
    if (!v->has_target)
        return fact;
    if (v->denominator == 0)
        return arena_format(&cli->arena, "— (%" PRIu64 ")", v->bound);
    return arena_format(&cli->arena, "%s %s %" PRIu64 " %s", fact, v->met ? "≥" : "<", v->bound, v->met ? "✓" : "✗");
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

const struct value *values_find(const struct values *values, const char *indicator, uint64_t year,
                                const struct uuid *unit)
{
    for (uint32_t i = 0; i < values->n; i++) {
        const struct value *v = &values->at[i];
        if (v->year == year && strcmp(v->indicator, indicator) == 0 && (unit == NULL || uuid_equal(&v->unit, unit)))
            return v;
    }
    return NULL;
}
