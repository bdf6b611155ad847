/* sql: a private PostgreSQL on a unix socket, and the six indicators as statements. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/counting.h"

struct sql { char dir[240], bin[200], run_as[60]; bool up; };

static const char *const TABLE[FACTS] = {
    [F_PERSON]     = "person(person int, young_from int, young_until int)",
    [F_POST]       = "post(person int, kind int, org int, town int, since int, until int)",
    [F_SITTING]    = "sitting(person int, day int, org int, town int)",
    [F_ROUTE]      = "route(id int, person int, day int, org int, town int)",
    [F_COMPLETION] = "completion(person int, day int, org int, town int, federal int, route int, topic int)",
    [F_SUPPORT]    = "support(person int, day int, org int, town int)",
    [F_PROGRAMME]  = "programme(id int, provider int)",
    [F_RUN]        = "run(programme int, day int)",
    [F_INCLUDED]   = "included(programme int, day int)",
};

/* ── the indicators ───────────────────────────────────────────────────────── */
/* Each both sides at once, by year and unit: region (0), town, organisation. A fact counts above its own
 * place only, and where the post is held on the day asked for. */
#define UNITS  " cross join lateral (values (0), (p.town), (p.org)) u(unit) "
#define HELD(day) "p.since <= " day " and (p.until = 0 or " day " <= p.until)"
#define DENOMINATOR(kinds)                                                                                          \
    "select y.year, u.unit, count(distinct p.person) n from y join post p on " HELD("y.last") UNITS                 \
    "where p.kind in (" kinds ") group by 1, 2"
#define ON_FACT(table, kinds, more)                                                                                 \
    "select y.year, u.unit, count(distinct f.person) n from " table " f join y on f.day between y.first and y.last " \
    "join post p on p.person = f.person and " HELD("f.day") UNITS                                                   \
    "where p.kind in (" kinds ") and u.unit in (0, f.town, f.org) " more " group by 1, 2"
#define YOUNG "w.young_from <= y.last and y.last < w.young_until"
#define BOTH(numerator, denominator) "select sum(n) from (" numerator " union all " denominator ") both_sides"
#define TEAMS                                                                                                       \
    "select y.year, p.org, p.town, bool_and(c.person is not null) whole from y join post p on " HELD("y.last")       \
    " left join (select distinct y2.year, c.person from completion c join y y2 on c.day between y2.first and y2.last " \
    "where c.topic = 1) c on c.year = y.year and c.person = p.person where p.kind in (2, 3) group by 1, 2, 3"
#define PROGRAMMES(more)                                                                                            \
    "select y.year, u.unit, count(*) n from y cross join programme g cross join lateral (values (0), (g.provider)) u(unit) " \
    "where exists (select 1 from run r where r.programme = g.id and r.day between (select min(first) from y) and y.last) " \
    more " group by 1, 2"

static const char *const INDICATOR[INDICATORS] = {
    BOTH(ON_FACT("sitting", "1,2,3,4", ""), DENOMINATOR("1,2,3,4")),
    BOTH(ON_FACT("route", "1,2,3,4", ""), DENOMINATOR("1,2,3,4")),
    BOTH(ON_FACT("completion", "1", "and f.federal = 1 and exists (select 1 from route r where r.id = f.route and r.person = f.person)"),
         DENOMINATOR("1")),
    "with t as (" TEAMS ") " BOTH("select t.year, u.unit, count(*) n from t cross join lateral (values (0), (t.town), (t.org)) "
         "u(unit) where whole group by 1, 2",
         "select t.year, u.unit, count(*) n from t cross join lateral (values (0), (t.town), (t.org)) u(unit) group by 1, 2"),
    BOTH("select y.year, u.unit, count(distinct f.person) n from support f join y on f.day between y.first and y.last "
         "join post p on p.person = f.person and " HELD("y.last") " join person w on w.person = f.person" UNITS
         "where p.kind = 1 and " YOUNG " and u.unit in (0, f.town, f.org) group by 1, 2",
         "select y.year, u.unit, count(distinct p.person) n from y join post p on " HELD("y.last")
         " join person w on w.person = p.person and " YOUNG UNITS "where p.kind = 1 group by 1, 2"),
    BOTH(PROGRAMMES("and exists (select 1 from included i where i.programme = g.id and i.day between (select min(first) from y) and y.last)"),
         PROGRAMMES("")),
};

/* ── the cluster ──────────────────────────────────────────────────────────── */

static bool found(struct sql *sql)
{
    glob_t list = { 0 };
    bool any = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &list) == 0 && list.gl_pathc > 0;

    if (any)
        snprintf(sql->bin, sizeof sql->bin, "%.*s", (int)(strrchr(list.gl_pathv[list.gl_pathc - 1], '/')
                                                          - list.gl_pathv[list.gl_pathc - 1]), list.gl_pathv[list.gl_pathc - 1]);
    globfree(&list);
    return any;
}

static bool shell_as(const struct sql *sql, const char *format, const char *a, const char *b)
{
    char inner[900], command[1000];

    snprintf(inner, sizeof inner, format, a, b);
    snprintf(command, sizeof command, "cd / && %s%s/%s > '%s.log' 2>&1", sql->run_as, sql->bin, inner, sql->dir);
    return system(command) == 0;
}

static void psql(const struct sql *sql, const char *file, const char *out)
{
    bench_shell("cd / && %s%s/psql -X -q -A -t -v ON_ERROR_STOP=1 -h '%s' -U postgres -d postgres -f '%s' > '%s'", sql->run_as,
                sql->bin, sql->dir, file, out);
}

static void rows_load(struct sql *sql, const struct made_region *region)
{
    char file[300], out[300];

    snprintf(file, sizeof file, "%s.load", sql->dir);
    snprintf(out, sizeof out, "%s.out", sql->dir);
    FILE *text = fopen(file, "w");
    need(text != NULL, "%s: %s", file, strerror(errno));
    fprintf(text, "create table y(year int, first int, last int);\n");
    for (int year = COUNT_YEAR; year < COUNT_YEAR + COUNT_YEARS; year++)
        fprintf(text, "insert into y values (%d, %u, %u);\n", year, day_of(year, 1, 1), day_of(year, 12, 31));
    for (int i = 0; i < FACTS; i++)
        if (TABLE[i] != NULL)
            fprintf(text, "create table %s;\n\\copy %.*s from '%s/%d'\n", TABLE[i], (int)strcspn(TABLE[i], "("), TABLE[i],
                    region->rows, i);
    fprintf(text, "create index on post(person); create index on route(id); create index on person(person);\nvacuum analyze;\n");
    fclose(text);
    psql(sql, file, out);
}

static void statements_write(struct sql *sql)
{
    char file[300];

    snprintf(file, sizeof file, "%s.sql", sql->dir);
    FILE *text = fopen(file, "w");
    need(text != NULL, "%s: %s", file, strerror(errno));
    fprintf(text, "set work_mem = '256MB';\nset jit = off;\n\\timing on\n");
    for (int i = 0; i < INDICATORS; i++)
        fprintf(text, "%s;\n", INDICATOR[i]);
    fclose(text);
}

struct sql *sql_open(struct bench *bench, const struct made_region *region, char why[200])
{
    struct sql *sql = calloc(1, sizeof *sql);

    need(sql != NULL, "out of memory");
    snprintf(sql->dir, sizeof sql->dir, "%s/pg", bench->dir);
    if (geteuid() == 0)
        snprintf(sql->run_as, sizeof sql->run_as, "runuser -u postgres -- ");
    if (!found(sql)) {
        snprintf(why, 200, "no /usr/lib/postgresql/*/bin/initdb (Debian: postgresql)");
        free(sql);
        return NULL;
    }
    bench_shell("mkdir -m 700 '%s' && chmod a+rx '%s' '%s' && chmod a+r '%s'/* %s", sql->dir, bench->dir, region->rows, region->rows,
                "");
    if (geteuid() == 0)
        bench_shell("chown postgres '%s'", sql->dir);
    if (!shell_as(sql, "initdb -D '%s/data' -U postgres --auth=trust -E UTF8 --no-locale", sql->dir, "")
        || !shell_as(sql, "pg_ctl -D '%s/data' -w -l '%s/log' start -o \"-c listen_addresses='' -c shared_buffers=512MB "
                          "-c unix_socket_directories=.. -c fsync=off\"", sql->dir, sql->dir)) {
        snprintf(why, 200, "initdb or pg_ctl failed");
        free(sql);
        return NULL;
    }
    sql->up = true;
    rows_load(sql, region);
    statements_write(sql);
    double unused[INDICATORS];
    sql_count(sql, unused);
    return sql;
}

void sql_close(struct sql **closing)
{
    struct sql *sql = *closing;

    *closing = NULL;
    if (sql == NULL)
        return;
    if (sql->up)
        shell_as(sql, "pg_ctl -D '%s/data' -m immediate -w stop%s", sql->dir, "");
    free(sql);
}

double sql_count(struct sql *sql, double sum[INDICATORS])
{
    char file[300], out[300], text[200];
    double ms = 0, took;
    int n = 0;

    snprintf(file, sizeof file, "%s.sql", sql->dir);
    snprintf(out, sizeof out, "%s.out", sql->dir);
    psql(sql, file, out);
    FILE *answers = fopen(out, "r");
    need(answers != NULL, "%s cannot be read", out);
    while (fgets(text, sizeof text, answers) != NULL)
        if (sscanf(text, "Time: %lf", &took) == 1)
            ms += took;
        else if (n < INDICATORS)
            sum[n++] = atof(text);
    fclose(answers);
    need(n == INDICATORS, "%d answers of six", n);
    return ms / 1e3;
}
