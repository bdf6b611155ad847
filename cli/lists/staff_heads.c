#include <jansson.h>
#include <stdlib.h>

#include "cli/lists/staff_plan.h"
#include "common/core/log.h"
#include "common/core/text.h"

/* Two heads of one school: mostly one who has left and was not ended. Nothing is refused for it: an acting head beside one who
 * is ill is a head too. */

#define NEAR 8          /* rows of an organisation that each is held against: as many heads as one may have for a while */

struct head { const char *organisation; day_t from, until; uint32_t line, first; };

static int by_place(const void *a, const void *b)
{
    const struct head *x = a, *y = b;
    int order = strcmp(x->organisation, y->organisation);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static bool together(const struct head *a, const struct head *b)
{
    return strcmp(a->organisation, b->organisation) == 0 && a->first != b->first &&
           (a->until == 0 || b->from <= a->until) && (b->until == 0 || a->from <= b->until);
}

static void say_json(json_t *line)
{
    if (line != NULL)
        json_dumpf(line, stdout, JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(line);
}

static void say_two(const struct cli *cli, const struct head *a, const struct head *b)
{
    if (cli->json)
        say_json(json_pack("{s:s, s:[i, i]}", "two_heads", a->organisation, "lines", (int)a->line, (int)b->line));
    else
        printf("два руководителя сразу: %s, строки %u и %u\n", a->organisation, a->line, b->line);
}

static void say_known(const struct cli *cli, const struct head *head, uint64_t others)
{
    if (cli->json)
        say_json(json_pack("{s:s, s:i, s:I}", "head_known", head->organisation, "line", (int)head->line, "others", (json_int_t)others));
    else
        printf("руководитель уже есть: %s, строка %u\n", head->organisation, head->line);
}

void plan_say_heads(struct plan *plan)
{
    struct head *heads = calloc((size_t)plan->heads.n + 1, sizeof *heads);
    struct worker_record record;
    uint32_t n = 0;

    if (heads == NULL)
        log_die("staff list", "out of memory");
    for (uint32_t i = 0; i < plan->heads.n; i++) {
        const struct planned *row = &plan->row[plan->heads.at[i].row];
        if (!plan_row(plan, plan->heads.at[i].row, &record))
            continue;
        heads[n] = (struct head){ text_nfc(&plan->arena, record.organisation), record.from, record.until, row->line, row->first };
        if (plan->heads.at[i].others > 0)
            say_known(plan->cli, &heads[n], plan->heads.at[i].others);
        n++;
    }
    if (n > 1)
        qsort(heads, n, sizeof *heads, by_place);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i + 1; k < n && k <= i + NEAR; k++)
            if (together(&heads[i], &heads[k]))
                say_two(plan->cli, &heads[i], &heads[k]);
    free(heads);
}
