/* small: what is told by itself: memory of idle daemons, and the reading of an indicator. */
#include <stdio.h>
#include <unistd.h>

#include "tests/bench/site.h"

/* MiB of memory that belongs to the process alone and has no file behind it. */
static double rss_anon(pid_t pid)
{
    char path[60], text[200];
    unsigned long kib = 0;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    need(file != NULL, "%s cannot be read", path);
    while (fgets(text, sizeof text, file) != NULL)
        if (sscanf(text, "RssAnon: %lu kB", &kib) == 1)
            break;
    fclose(file);
    return (double)kib / 1024;
}

void row_idle(struct bench *bench)
{
    static const char *const WHAT[P_SERVICES] = { "idle: roster", "idle: diagnostics", "idle: programmes", "idle: routes",
                                                  "idle: indicators" };
    struct site *site = bench_site(bench);

    for (int i = 0; i < P_SERVICES; i++)
        site_start(site, i);
    sleep(bench->quick ? 2 : 5);            /* they find and follow one another */
    for (int i = 0; i < P_SERVICES; i++) {
        struct line *line = line_new(bench, WHAT[i], "MiB", NULL);
        line->goal[0] = (struct goal){ OURS_BELOW, 16 };
        series_add(&line->ours, rss_anon(site->pid[i]));
    }
    site_stop_all(site);
}

void row_indicator(struct bench *bench)
{
    struct site *site = bench_site(bench);
    struct arena arena = { .keep = 1 << 16 };
    struct line *line = line_new(bench, "an indicator read, median", "ms", NULL);
    const int times = bench->quick ? 2000 : 5000;
    struct series all = { 0 };
    int year;

    line->goal[0] = (struct goal){ OURS_BELOW, 1 };
    day_split(day_of_moment(CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self), 0), &year, &(int){ 0 }, &(int){ 0 });
    site_start(site, P_INDICATORS);
    struct client *client = site_client(site, P_INDICATORS, "authority", 4);
    for (int i = 0; i < times + 100; i++) {
        const struct values_of of = { .year = (uint64_t)year, .indicator = "1" };
        struct value_list list;
        double begun = bench_now();
        site_call(client, "indicators.value.list", false, NULL, &values_of_desc, &of, &value_list_desc, &list, &arena);
        double took = (bench_now() - begun) * 1e3;
        need(list.rows.n == 1 && list.rows.at[0].denominator == site->persons, "not the value of the region");
        arena_reset(&arena);
        if (i >= 100)
            series_add(&all, took);
    }
    for (uint32_t i = 0; i < bench->pairs; i++) {
        const struct series part = { .n = all.n / bench->pairs, .at = all.at + i * (all.n / bench->pairs) };
        series_add(&line->ours, series_quantile(&part, 0.5));
    }
    line_note(line, "p50 %.3f ms, p99 %.3f ms, of %u reads one after another over CURVE (ipc), %u workers",
              series_quantile(&all, 0.5), series_quantile(&all, 0.99), all.n, site->persons);
    series_free(&all);
    client_close(&client);
    site_stop(site, P_INDICATORS);
    arena_free(&arena);
}
