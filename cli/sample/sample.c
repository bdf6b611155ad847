#include "cli/sample/sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/sample/records.h"

#define WORKERS_LEAST 100
#define WORKERS_MOST  500000

int file_write(const char *dir, const char *name, struct bytes text)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "wb");
    bool good = file != NULL && fwrite(text.at, 1, text.n, file) == text.n;
    if (file != NULL && fclose(file) != 0)
        good = false;
    if (!good)
        fprintf(stderr, "rsnms: %s: %s\n", path, strerror(errno));
    return good ? 0 : -1;
}

static bool number_read(const char *text, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

struct wish { const char *region, *dir; uint64_t workers, seed; };

/* Options may stand before, between and after the two names. */
static bool wish_read(int argc, char **argv, struct wish *wish)
{
    const char *names[2] = { NULL, NULL };
    int n = 0;

    *wish = (struct wish){ .workers = 2000, .seed = 1 };
    for (int i = 1; i < argc; i++) {
        uint64_t *number = strcmp(argv[i], "--workers") == 0 ? &wish->workers
                         : strcmp(argv[i], "--seed") == 0 ? &wish->seed : NULL;
        if (number != NULL) {
            if (++i == argc || !number_read(argv[i], number))
                return false;
        } else if (argv[i][0] == '-' || n == 2) {
            return false;
        } else {
            names[n++] = argv[i];
        }
    }
    wish->region = names[0];
    wish->dir = names[1];
    return n == 2 && wish->workers >= WORKERS_LEAST && wish->workers <= WORKERS_MOST && wish->seed < UINT64_C(1) << 48;
}

static int sample_write(const struct region *region, const char *dir)
{
    if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "rsnms: %s: %s\n", dir, strerror(errno));
        return -1;
    }
    if (tables_write(region, dir) != 0 || documents_write(region, dir) != 0)
        return -1;
    return expected_write(region, dir);
}

int sample_main(int argc, char **argv)
{
    struct wish wish;
    struct region region = { 0 };

    if (!wish_read(argc, argv, &wish)) {
        fprintf(stderr, "rsnms sample: REGION [--workers N] [--seed S] DIR, N от %d до %d\n", WORKERS_LEAST,
                WORKERS_MOST);
        return 2;
    }
    if (strcmp(wish.region, "tomsk") != 0) {
        fprintf(stderr, "rsnms sample: нет образца региона «%s»; есть: tomsk\n", wish.region);
        return 2;
    }
    region.workers = wish.workers;
    region.seed = wish.seed;
    places_make(&region);
    people_make(&region);
    materials_make(&region);
    work_make(&region);
    int err = sample_write(&region, wish.dir);
    if (err == 0)
        printf("%s: организаций %zu, людей %zu, должностей %zu, прохождений %zu, маршрутов %zu, документов %zu\n",
               wish.dir, region.orgs.n, region.persons.n, region.posts.n, region.sittings.n, region.agreements.n,
               region.completions.n);
    region_free(&region);
    return err == 0 ? 0 : 1;
}
