#include "cli/sample/sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/sample/records.h"

#define WORKERS_LEAST 100
#define WORKERS_MOST  500000

static bool number_read(const char *text, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

struct asked { const struct region_table *region; const char *dir; uint64_t workers, seed; };

/* Options may stand before, between and after the two names. */
static bool asked_read(int argc, char **argv, struct asked *asked)
{
    const char *names[2] = { NULL, NULL };
    int n = 0;

    *asked = (struct asked){ .seed = 1 };
    for (int i = 1; i < argc; i++) {
        uint64_t *number = strcmp(argv[i], "--workers") == 0 ? &asked->workers
                         : strcmp(argv[i], "--seed") == 0 ? &asked->seed : NULL;
        if (number != NULL) {
            if (++i == argc || !number_read(argv[i], number))
                return false;
        } else if (argv[i][0] == '-' || n == 2) {
            return false;
        } else {
            names[n++] = argv[i];
        }
    }
    asked->region = n == 2 ? region_table_find(names[0]) : NULL;
    asked->dir = names[1];
    if (n == 2 && asked->region == NULL)
        fprintf(stderr, "rsnms sample: нет образца региона «%s»\n", names[0]);
    else if (n == 2 && asked->workers == 0)
        asked->workers = asked->region->workers;
    return asked->region != NULL && asked->workers >= WORKERS_LEAST && asked->workers <= WORKERS_MOST
        && asked->seed < UINT64_C(1) << 48;
}

static int sample_write(const struct region *region, const char *dir)
{
    if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "rsnms: %s: %s\n", dir, strerror(errno));
        return -1;
    }
    if (tables_write(region, dir) != 0 || registers_write(region, dir) != 0 || experts_write(region, dir) != 0 || documents_write(region, dir) != 0)
        return -1;
    return expected_write(region, dir);
}

static void usage_say(void)
{
    fputs("rsnms sample: REGION [--workers N] [--seed S] DIR; REGION:", stderr);
    for (size_t i = 0; region_table_at(i) != NULL; i++)
        fprintf(stderr, " %s (%llu)", region_table_at(i)->name, (unsigned long long)region_table_at(i)->workers);
    fprintf(stderr, "; N от %d до %d, иначе число в скобках\n", WORKERS_LEAST, WORKERS_MOST);
}

int sample_main(int argc, char **argv)
{
    struct asked asked;

    if (!asked_read(argc, argv, &asked)) {
        usage_say();
        return 2;
    }
    struct region region = { .table = asked.region, .workers = asked.workers, .seed = asked.seed };
    places_make(&region);
    people_make(&region);
    materials_make(&region);
    work_make(&region);
    learning_make(&region);
    tutors_make(&region);
    registers_make(&region);
    papers_make(&region);
    consents_make(&region);
    experts_make(&region);
    changes_make(&region);
    int err = sample_write(&region, asked.dir);
    if (err == 0)
        printf("%s: организаций %zu, людей %zu, должностей %zu, прохождений %zu, маршрутов %zu, зачислений %zu, документов %zu, записей в реестрах %zu, согласий %zu, работ у экспертов %zu\n",
               asked.dir, region.orgs.n, region.persons.n, region.posts.n, region.sittings.n, region.agreements.n,
               region.enrolments.n, region.completions.n, region.entries.n, region.consents.n, region.works.n);
    region_free(&region);
    return err == 0 ? 0 : 1;
}
