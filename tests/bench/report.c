/* report: series of numbers, and the lines made of them. */
#include "tests/bench/bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

/* ── numbers ──────────────────────────────────────────────────────────────── */

void series_add(struct series *series, double value)
{
    if (series->n == series->room) {
        series->room = series->room == 0 ? 16 : series->room * 2;
        series->at = realloc(series->at, series->room * sizeof *series->at);
        need(series->at != NULL, "out of memory");
    }
    series->at[series->n++] = value;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts a copy: the order in time is kept for the JSON. */
double series_quantile(const struct series *series, double q)
{
    if (series->n == 0)
        return NAN;
    double *copy = malloc(series->n * sizeof *copy);
    need(copy != NULL, "out of memory");
    memcpy(copy, series->at, series->n * sizeof *copy);
    qsort(copy, series->n, sizeof *copy, by_value);
    double at = q * (series->n - 1);
    uint32_t low = (uint32_t)at, high = low + 1 < series->n ? low + 1 : low;
    double value = copy[low] + (copy[high] - copy[low]) * (at - low);
    free(copy);
    return value;
}

void series_free(struct series *series)
{
    free(series->at);
    *series = (struct series){ 0 };
}

/* ── lines ────────────────────────────────────────────────────────────────── */

struct line *line_new(struct bench *bench, const char *what, const char *unit, const char *against)
{
    need(bench->lines < LINES_MAX, "too many lines");
    struct line *line = &bench->line[bench->lines++];
    *line = (struct line){ .row = bench->row, .what = what, .unit = unit, .against = against };
    return line;
}

void line_pair(struct line *line, double ours, double limit)
{
    series_add(&line->ours, ours);
    series_add(&line->limit, limit);
    series_add(&line->ratio, ours / limit);
}

void line_note(struct line *line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(line->note, sizeof line->note, format, args);
    va_end(args);
}

bool goal_reached(const struct line *line, const struct goal *goal)
{
    switch (goal->kind) {
    case RATIO_AT_LEAST: return series_quantile(&line->ratio, 0.5) >= goal->value;
    case RATIO_AT_MOST:  return series_quantile(&line->ratio, 0.5) <= goal->value;
    case OURS_BELOW:     return series_quantile(&line->ours, 0.5) < goal->value;
    default:             return true;
    }
}

static void goal_text(const struct goal *goal, char text[24])
{
    static const char *const SIGN[] = { "", ">=", "<=", "<" };

    snprintf(text, 24, "%s %g%s", SIGN[goal->kind], goal->value, goal->kind == OURS_BELOW ? "" : " x");
}

/* ── the table ────────────────────────────────────────────────────────────── */

static void number(char *text, size_t room, double value)
{
    if (isnan(value))
        snprintf(text, room, "-");
    else if (value >= 1000)
        snprintf(text, room, "%.0f", value);
    else
        snprintf(text, room, "%.3g", value);
}

static void spread(char *text, size_t room, const struct series *series)
{
    char median[24], least[24], most[24];

    number(median, sizeof median, series_quantile(series, 0.5));
    number(least, sizeof least, series_quantile(series, 0));
    number(most, sizeof most, series_quantile(series, 1));
    if (series->n < 2)
        snprintf(text, room, "%s", median);
    else
        snprintf(text, room, "%s [%s-%s]", median, least, most);
}

static void line_print(const struct line *line)
{
    char ours[80], limit[80], ratio[80], goals[100] = "", one[24];

    spread(ours, sizeof ours, &line->ours);
    spread(limit, sizeof limit, &line->limit);
    spread(ratio, sizeof ratio, &line->ratio);
    for (int i = 0; i < GOALS_MAX && line->goal[i].kind != GOAL_NONE; i++) {
        goal_text(&line->goal[i], one);
        snprintf(goals + strlen(goals), sizeof goals - strlen(goals), "%s%s: %s", i > 0 ? "; " : "", one,
                 goal_reached(line, &line->goal[i]) ? "yes" : "NO");
    }
    printf("%-46s %-10s %-24s %-24s %-20s %s\n", line->what, line->unit, ours, limit, ratio, goals);
    if (line->against != NULL)
        printf("    against %s\n", line->against);
    if (line->note[0] != '\0')
        printf("    %s\n", line->note);
}

static void machine_text(char text[200])
{
    struct utsname name;
    time_t now = time(NULL);
    char day[40];

    uname(&name);
    strftime(day, sizeof day, "%Y-%m-%d %H:%M UTC", gmtime(&now));
    snprintf(text, 200, "%ld cores, Linux %s %s, %s", sysconf(_SC_NPROCESSORS_ONLN), name.release, name.machine, day);
}

void report_print(const struct bench *bench)
{
    char machine[200];

    machine_text(machine);
    printf("\n%s; %u pairs; medians [least-greatest]\n\n%-46s %-10s %-24s %-24s %-20s %s\n", machine, bench->pairs, "what",
           "unit", "ours", "raw limit", "ratio by pairs", "goal: reached");
    for (uint32_t i = 0; i < bench->lines; i++)
        line_print(&bench->line[i]);
}

/* ── JSON ─────────────────────────────────────────────────────────────────── */

#define SERIES_WHOLE 64         /* longer ones are told by their quantiles alone */

static json_t *series_json(const struct series *series)
{
    static const struct { const char *name; double q; } PART[] = {
        { "median", 0.5 }, { "min", 0 }, { "max", 1 }, { "p99", 0.99 } };
    json_t *out = json_object();

    json_object_set_new(out, "n", json_integer(series->n));
    for (size_t i = 0; i < sizeof PART / sizeof *PART && series->n > 0; i++)
        json_object_set_new(out, PART[i].name, json_real(series_quantile(series, PART[i].q)));
    json_t *all = json_array();
    for (uint32_t i = 0; i < series->n && series->n <= SERIES_WHOLE; i++)
        json_array_append_new(all, json_real(series->at[i]));
    json_object_set_new(out, "values", all);
    return out;
}

static json_t *line_json(const struct line *line)
{
    json_t *out = json_pack("{s:s, s:s, s:s, s:s*, s:s}", "row", line->row, "what", line->what, "unit", line->unit,
                            "against", line->against, "note", line->note);
    json_t *goals = json_array();
    char text[24];

    json_object_set_new(out, "ours", series_json(&line->ours));
    if (line->limit.n > 0)
        json_object_set_new(out, "limit", series_json(&line->limit));
    if (line->ratio.n > 0)
        json_object_set_new(out, "ratio", series_json(&line->ratio));
    for (int i = 0; i < GOALS_MAX && line->goal[i].kind != GOAL_NONE; i++) {
        goal_text(&line->goal[i], text);
        json_array_append_new(goals, json_pack("{s:s, s:b}", "goal", text, "reached", goal_reached(line, &line->goal[i])));
    }
    json_object_set_new(out, "goals", goals);
    return out;
}

void report_json(const struct bench *bench, const char *file)
{
    char machine[200];
    json_t *lines = json_array();

    machine_text(machine);
    for (uint32_t i = 0; i < bench->lines; i++)
        json_array_append_new(lines, line_json(&bench->line[i]));
    json_t *out = json_pack("{s:s, s:b, s:i, s:I, s:o}", "machine", machine, "quick", bench->quick, "pairs",
                            (int)bench->pairs, "entries", (json_int_t)bench->grown, "lines", lines);
    need(out != NULL && json_dump_file(out, file, JSON_INDENT(2)) == 0, "%s cannot be written", file);
    json_decref(out);
}
