/* progress: redrawn at most ten times a second, so that drawing costs nothing beside the work. */
#include "cli/show/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/core/text.h"

#define BAR_CELLS 30
#define DRAW_EVERY (100 * MOMENT_MS)
#define SAY_EVERY  (2 * MOMENT_SECOND)

static moment_t now(void)
{
    return CLOCK_SYSTEM.boot(CLOCK_SYSTEM.self);
}

void progress_start(struct progress *progress, const char *what, uint64_t total)
{
    *progress = (struct progress){ .what = what, .total = total, .began = now() };
    progress->said = progress->began;
    const char *term = getenv("TERM");
    progress->terminal = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

static void draw_bar(const struct progress *p, double seconds, double rate)
{
    char bar[BAR_CELLS * 3 + 1] = "";
    unsigned full = p->total > 0 ? (unsigned)(p->done * BAR_CELLS / p->total) : 0;
    for (unsigned i = 0; i < BAR_CELLS; i++)
        memcpy(bar + 3 * i, i < full ? "█" : "░", 3);      /* three bytes each */
    size_t wide = text_width(p->what);
    fprintf(stderr, "\r\033[K%s%*s ", p->what, wide < 28 ? (int)(28 - wide) : 0, "");
    if (p->total > 0)
        fprintf(stderr, "%s %3u%% ", bar, (unsigned)(p->done * 100 / p->total));
    fprintf(stderr, "%llu", (unsigned long long)p->done);
    if (p->total > 0)
        fprintf(stderr, "/%llu", (unsigned long long)p->total);
    fprintf(stderr, "  %.0f/s  %.1f s", rate, seconds);
    fflush(stderr);
}

static void draw(struct progress *p, bool end)
{
    double seconds = (double)(now() - p->began) / (double)MOMENT_SECOND;
    double rate = seconds > 0.001 ? (double)p->done / seconds : 0;
    if (p->terminal) {
        draw_bar(p, seconds, rate);
        if (end)
            fputc('\n', stderr);
        return;
    }
    if (!end && now() - p->said < SAY_EVERY)
        return;
    p->said = now();
    fprintf(stderr, "%s: %llu", p->what, (unsigned long long)p->done);
    if (p->total > 0)
        fprintf(stderr, "/%llu (%u%%)", (unsigned long long)p->total, (unsigned)(p->done * 100 / p->total));
    fprintf(stderr, ", %.0f/s, %.1f s\n", rate, seconds);
}

void progress_at(struct progress *progress, uint64_t done)
{
    moment_t moment = now();
    progress->done = progress->total > 0 && done > progress->total ? progress->total : done;
    if (moment - progress->drawn < DRAW_EVERY)
        return;
    progress->drawn = moment;
    draw(progress, false);
}

void progress_end(struct progress *progress)
{
    draw(progress, true);
}
