#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "common/core/log.h"
#include "services/node/intake_parts.h"

/* What lies in the drop folder, in the order of the names, and what is remembered of each from one look to the next. */

struct names { uint32_t n; const char **at; bool more; };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int names_read(const char *dir, struct arena *arena, struct names *names)
{
    DIR *open = opendir(dir);
    struct dirent *entry;

    if (open == NULL)
        return err_of_errno(errno);
    names->at = ARENA_LIST(arena, const char *, INTAKE_NAMES);
    while ((errno = 0, entry = readdir(open)) != NULL && !names->more) {
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || n > NAME_MAX)
            continue;
        if (names->n < INTAKE_NAMES)
            names->at[names->n++] = arena_string(arena, entry->d_name, n);
        else
            names->more = true;
    }
    int err = errno != 0 ? err_of_errno(errno) : ERR_OK;
    closedir(open);
    qsort(names->at, names->n, sizeof *names->at, by_name);
    return err;
}

/* Both are in the order of names: what was known of one that is there still goes over. */
static void seen_merge(struct intake *intake, const struct names *names, struct intake_seen *now)
{
    uint32_t old = 0;

    for (uint32_t i = 0; i < names->n; i++) {
        int order = -1;
        while (old < intake->seen_n && (order = strcmp(intake->seen[old].name, names->at[i])) < 0)
            free(intake->seen[old++].name);
        if (old < intake->seen_n && order == 0)
            now[i] = intake->seen[old++];
        else if ((now[i].name = strdup(names->at[i])) == NULL)
            log_die("intake", "out of memory");
    }
    while (old < intake->seen_n)
        free(intake->seen[old++].name);
}

/* After a failure nothing is known anew, and nothing is forgotten. */
int folder_look(struct intake *intake, const char *dir, struct arena *arena)
{
    struct names names = { 0 };
    int err = names_read(dir, arena, &names);

    if (err != ERR_OK)
        return err;
    struct intake_seen *now = calloc(names.n + 1u, sizeof *now);
    if (now == NULL)
        return ERR_NOMEM;
    seen_merge(intake, &names, now);
    free(intake->seen);
    intake->seen = now;
    intake->seen_n = names.n;
    if (names.more && !intake->too_many)
        log_warning("intake", "more than %u files in %s: the others wait until some of these have gone", INTAKE_NAMES, dir);
    intake->too_many = names.more;
    return ERR_OK;
}

void folder_forget(struct intake *intake)
{
    for (uint32_t i = 0; i < intake->seen_n; i++)
        free(intake->seen[i].name);
    free(intake->seen);
    intake->seen = NULL;
    intake->seen_n = 0;
}
