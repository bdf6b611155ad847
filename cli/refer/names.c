#include "cli/refer/names.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    return uuid_compare(a, b);
}

static int by_person(const void *a, const void *b)
{
    const struct found_person *const *one = a, *const *other = b;
    return uuid_compare(&(*one)->person, &(*other)->person);
}

static uint32_t each_once(struct uuid *persons, uint32_t n)
{
    uint32_t kept = 0;
    qsort(persons, n, sizeof *persons, by_id);
    for (uint32_t i = 0; i < n; i++)
        if (!uuid_is_nil(&persons[i]) && (kept == 0 || !uuid_equal(&persons[kept - 1], &persons[i])))
            persons[kept++] = persons[i];
    return kept;
}

int names_fetch(struct cli *cli, const char *purpose, struct uuid *persons, uint32_t n, struct names_known *known)
{
    n = each_once(persons, n);
    *known = (struct names_known){ .at = ARENA_LIST(&cli->arena, const struct found_person *, n + 1) };
    for (uint32_t from = 0; from < n; from += SEARCH_ROWS_MAX) {
        struct person_name ask = { .persons = { n - from < SEARCH_ROWS_MAX ? n - from : SEARCH_ROWS_MAX, persons + from }, .purpose = purpose };
        struct people_found found = { 0 };
        int code = cli_ask(cli, "roster.person.name", &ask, &found);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < found.rows.n && known->n < n; i++)
            known->at[known->n++] = &found.rows.at[i];
    }
    qsort(known->at, known->n, sizeof *known->at, by_person);
    return CLI_OK;
}

const struct found_person *names_find(const struct names_known *known, const struct uuid *person)
{
    const struct found_person key = { .person = *person }, *sought = &key;
    const struct found_person *const *at = bsearch(&sought, known->at, known->n, sizeof *known->at, by_person);
    return at != NULL ? *at : NULL;
}
