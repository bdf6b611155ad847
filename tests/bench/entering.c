/* entering: a checked staff list entered by its job, against a bare loop that puts the same rows into the same tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/store/store.h"
#include "tests/bench/site.h"

/* People whom nobody knows, others for each pair. */
static void list_write(const char *path, uint32_t rows, uint32_t from)
{
    static const char *const PART[10] = { "ва", "ро", "ми", "ле", "ну", "ко", "та", "си", "бо", "ди" };
    FILE *file = fopen(path, "w");

    need(file != NULL, "%s cannot be written", path);
    fprintf(file, "Код;Фамилия;Имя;Отчество;Дата рождения;Код ОО;Должность;Предмет;Дата приема\n");
    for (uint32_t i = from; i < from + rows; i++) {
        fprintf(file, "e%u;Ю%s%s%s%s%s%s%s", i, PART[i % 10], PART[i / 10 % 10], PART[i / 100 % 10], PART[i / 1000 % 10],
                PART[i / 10000 % 10], PART[i / 100000 % 10], PART[i / 1000000 % 10]);
        bench_given_and_birth(file, i);
        fprintf(file, ";school-%u;учитель;математика;2015-09-01\n", i % SCHOOLS);
    }
    need(fclose(file) == 0, "%s cannot be written", path);
}

/* CPU seconds that a process has used. */
static double cpu_of(pid_t pid)
{
    struct timespec ts = { 0 };
    clockid_t clock;

    need(clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &ts) == 0, "no clock of process %d", (int)pid);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double rsnms_run(const struct site *site, const char *verb, const char *list, const char *option, double *cpu)
{
    char program[400];
    struct rusage used;
    int status;

    snprintf(program, sizeof program, "%s/rsnms", site->bench->build);
    double begun = bench_now();
    pid_t pid = fork();
    need(pid >= 0, "no process");
    if (pid == 0) {
        if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
            _exit(127);
        execl(program, program, "--config", site->config, "roster", verb, list, option, (char *)NULL);
        _exit(127);
    }
    need(wait4(pid, &status, 0, &used) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0, "rsnms roster %s failed", verb);
    *cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    return bench_now() - begun;
}

/* ── what was put ─────────────────────────────────────────────────────────── */

struct put { table_t table; uint32_t row; struct bytes key, value; };
struct puts { struct put *at; size_t n, room, bytes; size_t *first; uint32_t tables; struct arena arena; };

static struct store *store_of(const char *dir)
{
    const struct store_options options = { .dir = dir, .tables = roster_service.tables, .table_count = roster_service.table_count };
    struct store *store;
    need(store_open(&store, &options) == ERR_OK, "%s cannot be opened", dir);
    return store;
}

static void put_keep(struct puts *puts, table_t table, struct bytes key, struct bytes value)
{
    if (puts->n == puts->room) {
        puts->room = puts->room == 0 ? 4096 : puts->room * 2;
        puts->at = realloc(puts->at, puts->room * sizeof *puts->at);
        need(puts->at != NULL, "out of memory");
    }
    puts->at[puts->n++] = (struct put){ table, 0, arena_bytes(&puts->arena, key), arena_bytes(&puts->arena, value) };
    puts->bytes += key.n + value.n;
}

/* ── in which order ───────────────────────────────────────────────────────── */

/* Which row of the list a put belongs to is told by the person and the post that stand in it: without that the bare loop
 * would put each table in the order of its keys, which is far less work. */
struct known { uint8_t id[16]; uint32_t row; };         /* row: counted from 1; 0: not known yet */
struct ids { struct known *slot; size_t slots; };

static struct known *id_slot(const struct ids *ids, const uint8_t *id)
{
    uint64_t key;
    memcpy(&key, id + 8, sizeof key);                   /* the random half */
    size_t at = key & (ids->slots - 1);
    while (memcmp(ids->slot[at].id, id, 16) != 0 && memcmp(ids->slot[at].id, (uint8_t[16]){ 0 }, 16) != 0)
        at = (at + 1) & (ids->slots - 1);
    return &ids->slot[at];
}

static bool is_table(table_t table, const char *name)
{
    return table >= TABLE_OWN && strcmp(roster_service.tables[table - TABLE_OWN].name, name) == 0;
}

static void ids_take(struct ids *ids, const struct puts *puts)
{
    for (ids->slots = 1024; ids->slots < puts->n; ids->slots *= 2)
        ;
    ids->slot = calloc(ids->slots, sizeof *ids->slot);
    need(ids->slot != NULL, "out of memory");
    for (size_t i = 0; i < puts->n; i++)
        if ((is_table(puts->at[i].table, "persons") || is_table(puts->at[i].table, "posts")) && puts->at[i].key.n == 16)
            memcpy(id_slot(ids, puts->at[i].key.at)->id, puts->at[i].key.at, 16);
}

static uint32_t row_in(const struct ids *ids, struct bytes of, uint32_t found_in)
{
    uint32_t row = 0;

    for (size_t i = 0; i + 16 <= of.n; i++) {
        struct known *known = id_slot(ids, (const uint8_t *)of.at + i);
        if (memcmp(known->id, (const uint8_t *)of.at + i, 16) != 0)
            continue;
        if (known->row == 0)
            known->row = found_in;
        row = known->row > row ? known->row : row;
    }
    return row;
}

static int by_row(const void *a, const void *b)
{
    const struct put *x = a, *y = b;
    return x->table != y->table ? (x->table > y->table) - (x->table < y->table) : (x->row > y->row) - (x->row < y->row);
}

/* Entries are in order already, two a row, and tell the rows of all ids. */
static void puts_order(struct puts *puts)
{
    struct ids ids = { 0 };
    size_t first = puts->first[TABLE_ENTRIES], n = puts->first[TABLE_ENTRIES + 1] - first, told = 0;

    ids_take(&ids, puts);
    for (size_t i = 0; i < n; i++) {
        puts->at[first + i].row = (uint32_t)i / 2 + 1;
        row_in(&ids, puts->at[first + i].value, (uint32_t)i / 2 + 1);
    }
    for (size_t i = 0; i < puts->n; i++) {
        struct put *put = &puts->at[i];
        uint32_t by_key = put->table == TABLE_ENTRIES ? put->row : row_in(&ids, put->key, 0);
        uint32_t by_value = put->table == TABLE_ENTRIES ? put->row : row_in(&ids, put->value, 0);
        put->row = by_key > by_value ? by_key : by_value;
        told += put->row > 0;
    }
    need(told > puts->n * 8 / 10, "of %zu puts only %zu can be told apart by row", puts->n, told);
    qsort(puts->at, puts->n, sizeof *puts->at, by_row);
    free(ids.slot);
}

static void puts_read(struct puts *puts, const char *before, const char *after)
{
    struct store *old = store_of(before), *now = store_of(after);
    struct bytes key, value, was;
    struct txn then, txn;
    struct scan scan;

    puts->tables = TABLE_OWN + (uint32_t)roster_service.table_count;
    puts->first = calloc(puts->tables + 1, sizeof *puts->first);
    need(puts->first != NULL, "out of memory");
    txn_begin(&then, old, TXN_READ);
    txn_begin(&txn, now, TXN_READ);
    for (table_t table = 0; table < puts->tables; table++) {
        puts->first[table] = puts->n;
        scan_begin(&scan, &txn, table, bytes(NULL, 0));
        while (scan_next(&scan, &key, &value))
            if (!txn_get(&then, table, key, &was) || !bytes_equal(was, value))
                put_keep(puts, table, key, value);
        scan_end(&scan);
    }
    puts->first[puts->tables] = puts->n;
    need(txn_end(&then) == ERR_OK && txn_end(&txn) == ERR_OK, "reading");
    store_close(&old);
    store_close(&now);
    puts_order(puts);
}

static void puts_free(struct puts *puts)
{
    free(puts->at);
    free(puts->first);
    arena_free(&puts->arena);
    *puts = (struct puts){ 0 };
}

/* ── the bare loop ────────────────────────────────────────────────────────── */

/* The share of each table that falls to commands `from` to `to` of `rows`. */
static void puts_put(const struct puts *puts, struct txn *txn, uint64_t from, uint64_t to, uint64_t rows)
{
    for (table_t table = 0; table < puts->tables; table++) {
        size_t first = puts->first[table], n = puts->first[table + 1] - first;
        for (size_t i = n * from / rows; i < n * to / rows; i++) {
            const struct put *put = &puts->at[first + i];
            if (table == TABLE_ENTRIES)
                txn_append(txn, table, put->key, put->value);
            else
                txn_put(txn, table, put->key, put->value);
        }
    }
}

static double bare_seconds(const struct puts *puts, const char *dir, uint64_t rows, double batch, double *cpu)
{
    struct store *store = store_of(dir);
    uint64_t size = batch < 1 ? 1 : (uint64_t)batch;
    double begun = bench_now(), used = cpu_of(getpid());

    for (uint64_t at = 0; at < rows; at += size) {
        struct txn txn;
        txn_begin(&txn, store, TXN_WRITE);
        for (uint64_t k = at; k < at + size && k < rows; k++)
            puts_put(puts, &txn, k, k + 1, rows);
        need(txn_end(&txn) == ERR_OK, "a bare commit");
    }
    double took = bench_now() - begun;
    *cpu = cpu_of(getpid()) - used;
    store_close(&store);
    return took;
}

/* ── the row ──────────────────────────────────────────────────────────────── */

static void pair_measure(struct bench *bench, struct line *line, uint32_t rows, uint32_t from)
{
    struct site *site = bench_site(bench);
    struct puts puts = { 0 };
    char list[300], before[300], store[300], path[300];
    double client, daemon, bare;

    snprintf(list, sizeof list, "%s/enter.csv", bench->dir);
    snprintf(before, sizeof before, "%s/before", bench->dir);
    list_write(list, rows, from);
    site_store(site, P_ROSTER, store);
    bench_shell("rm -rf '%s' '%s.job'", before, list);
    site_start(site, P_ROSTER);
    rsnms_run(site, "check", list, "--keep", &client);
    site_stop(site, P_ROSTER);                              /* the check's own entries are none of the rows' */
    bench_shell("mkdir -m 700 '%s' && cp --sparse=always '%s/data.mdb' '%s/' && sync -f '%s'", before, store, before, before);
    site_start(site, P_ROSTER);
    daemon = cpu_of(site->pid[P_ROSTER]);
    struct batches b = site_batches_of(site, P_ROSTER);
    double ours = rsnms_run(site, "import", list, NULL, &client);
    daemon = cpu_of(site->pid[P_ROSTER]) - daemon;
    struct batches a = site_batches_of(site, P_ROSTER);
    site_stop(site, P_ROSTER);
    snprintf(path, sizeof path, "%s.job", list);
    need(access(path, F_OK) != 0, "the job is not through");
    double batch = (a.sum - b.sum) / (a.count - b.count);
    puts_read(&puts, before, store);
    need(puts.first[TABLE_ENTRIES + 1] - puts.first[TABLE_ENTRIES] == 2 * (size_t)rows, "not one person and one post a row");
    line_pair(line, rows / ours, rows / bare_seconds(&puts, before, rows, batch, &bare));
    line_note(line, "mean batch %.0f; a row is %.1f puts of %.0f bytes in all; CPU a row: client %.0f us, daemon %.0f us, bare %.0f us", batch,
              (double)puts.n / rows, (double)puts.bytes / rows, client * 1e6 / rows, daemon * 1e6 / rows, bare * 1e6 / rows);
    puts_free(&puts);
}

void row_entering(struct bench *bench)
{
    const uint32_t rows = bench->quick ? 10000 : 40000;
    struct line *line = line_new(bench, "rows of a checked list entered", "1/s", "the same puts, bare, in transactions of the same mean batch");

    line->goal[0] = (struct goal){ RATIO_AT_LEAST, 0.6 };
    bench_site(bench);
    site_release(bench->site);
    for (uint32_t i = 0; i < bench->pairs; i++)
        pair_measure(bench, line, rows, i * rows);
}
