/* roster: the turning of the key over the persons' keys, and what backups from before can show. */
#include "tests/service/keys_rig.h"
#include "tests/service/privacy_rig.h"

#include <sys/stat.h>

#include "common/core/files.h"
#include "common/service/errand.h"
#include "common/service/vault_copies.h"
#include "proto/roles.h"

extern const struct service roster_service;

/* ── turning the key ──────────────────────────────────────────────────────── */

static void key_bytes_of(struct rig *rig, const char *suffix, uint8_t key[32])
{
    FILE *file = fopen(arena_format(&rig->arena, "%s%s", rig->key, suffix), "rb");
    assert_non_null(file);
    assert_int_equal(fread(key, 1, 32, file), 32);
    fclose(file);
}

#define MANY 1000                               /* more than two batches of keys */

static void record_many(struct rig *rig)
{
    static const char *const LETTERS[] = { "а", "б", "в", "г", "д", "е", "ж", "з", "и", "к" };
    for (int i = 0; i < MANY; i++) {
        struct worker_record row = anna();
        row.code = arena_format(&rig->arena, "М-%d", i);
        row.family = arena_format(&rig->arena, "Абв%s%s%s", LETTERS[i / 100], LETTERS[i / 10 % 10], LETTERS[i % 10]);
        row.snils = NULL;
        rig_record(rig, row);
    }
}

static void the_key_is_turned_and_everything_can_be_read(void **state)
{
    struct rig *rig = *state;
    struct principal operator = toy_principal(ROLE_OPERATOR);
    struct nothing nothing = { 0 };
    uint8_t before[32], after[32];
    struct uuid person = rig_record(rig, anna()).person;
    record_many(rig);
    key_bytes_of(rig, "", before);
    keys_guard_run(rig, 10);                         /* nobody has asked */
    assert_int_equal(keys_vault(rig).turns, 0);
    assert_string_equal(rig_reason_as(rig, &operator, "roster.vault.rotate", &nothing_desc, &nothing), "");
    uint64_t head = machine_head(rig->machine);
    keys_guard_run(rig, 20);
    struct vault_standing vault = keys_vault(rig);
    assert_int_equal(vault.turns, 1);
    assert_int_equal(vault.covered, vault.asked);
    assert_int_equal(vault.keys, MANY + 1);
    assert_false(vault.turning);
    assert_string_equal(rig_entries_after(rig, head, NULL), "vault.turned");
    key_bytes_of(rig, "", after);
    assert_memory_not_equal(before, after, 32);
    assert_int_not_equal(access(arena_format(&rig->arena, "%s.next", rig->key), F_OK), 0);
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
    struct uuid late = rig_find(rig, &rig->centre, "roster.person.find", "М-999");
    assert_string_equal(privacy_read(rig, &rig->centre, &late), "");
    machine_close(&rig->machine);
    rig_open(rig);
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
    assert_false(rig_record(rig, anna()).new_person);       /* matching goes on with its own key */
    rig_check(rig);
}

/* The folder of the key cannot be written (here: something else lies in the way): said, and tried again in a while. */
static void a_turn_that_cannot_begin_waits(void **state)
{
    struct rig *rig = *state;
    struct principal operator = toy_principal(ROLE_OPERATOR);
    struct nothing nothing = { 0 };
    struct uuid person = rig_record(rig, anna()).person;
    char *next = arena_format(&rig->arena, "%s.next", rig->key);
    assert_string_equal(rig_reason_as(rig, &operator, "roster.vault.rotate", &nothing_desc, &nothing), "");
    assert_int_equal(mkdir(next, 0700), 0);
    keys_guard_run(rig, 5);
    assert_int_equal(keys_vault(rig).turns, 0);
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
    assert_int_equal(rmdir(next), 0);
    keys_guard_run(rig, 20);
    assert_int_equal(keys_vault(rig).turns, 1);
    assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
    rig_check(rig);
}

static void nobody_else_rewraps(void **state)
{
    struct rig *rig = *state;
    struct principal service = toy_principal(ROLE_SERVICE);
    struct vault_rewrap rewrap = { UUID_NIL };
    struct vault_finish finish = { 1 };
    struct person_of person = { rig_record(rig, anna()).person };
    assert_string_equal(rig_reason_as(rig, &service, "roster.vault.rewrap", &vault_rewrap_desc, &rewrap), "not_ours");
    assert_string_equal(rig_reason_as(rig, &service, "roster.vault.finish", &vault_finish_desc, &finish), "not_ours");
    assert_string_equal(rig_reason_as(rig, &service, "roster.erasure.repeat", &person_of_desc, &person), "not_ours");
}

static void killed_anywhere_the_turn_goes_on(void **state)
{
    static const struct { const char *name; unsigned times; } DEATHS[] = {
        { "vault_part_made", 1 }, { "vault_next_made", 1 }, { "vault_rewrapped", 1 }, { "vault_rewrapped", 2 }, { "vault_rewrapped", 3 },
        { "vault_old_wiped", 1 }, { "vault_renamed", 1 },
    };
    struct rig *rig = *state;
    struct principal operator = toy_principal(ROLE_OPERATOR);
    struct nothing nothing = { 0 };
    struct uuid person = rig_record(rig, anna()).person, last = person;
    record_many(rig);
    for (size_t i = 0; i < sizeof DEATHS / sizeof *DEATHS; i++) {
        struct worker_record row = boris();
        uint8_t before[32], after[32];
        key_bytes_of(rig, "", before);
        rig_reason_as(rig, &operator, "roster.vault.rotate", &nothing_desc, &nothing);
        keys_killed_at(rig, DEATHS[i].name, DEATHS[i].times);
        assert_string_equal(privacy_read(rig, &rig->centre, &person), "");       /* in the middle as well */
        assert_string_equal(privacy_read(rig, &rig->centre, &last), "");
        row.code = arena_format(&rig->arena, "Б-%zu", i);
        row.born = arena_format(&rig->arena, "1%zu.11.1961", i);
        last = rig_record(rig, row).person;                                 /* comes in the middle */
        keys_guard_run(rig, 40);
        struct vault_standing vault = keys_vault(rig);
        assert_int_equal(vault.covered, vault.asked);
        assert_false(vault.turning);
        assert_int_not_equal(access(arena_format(&rig->arena, "%s.next", rig->key), F_OK), 0);
        key_bytes_of(rig, "", after);
        assert_memory_not_equal(before, after, 32);
        machine_close(&rig->machine);
        rig_open(rig);
        assert_string_equal(privacy_read(rig, &rig->centre, &person), "");
        assert_string_equal(privacy_read(rig, &rig->centre, &last), "");
    }
    rig_check(rig);
}

/* ── a backup from before ─────────────────────────────────────────────────── */

static void a_backup_from_before_does_not_bring_him_back(void **state)
{
    struct rig *rig = *state;
    char says[400], *backup = toy_dir(), *restored = toy_dir();
    struct uuid gone = privacy_anna_who_left(rig).person, stays = rig_record(rig, boris()).person;
    record_many(rig);
    assert_string_equal(privacy_read(rig, &rig->centre, &gone), "");
    rmdir(backup);
    assert_int_equal(store_backup(machine_store(rig->machine), backup), ERR_OK);
    assert_string_equal(privacy_erase(rig, &gone), "");
    keys_guard_run(rig, 40);
    assert_int_equal(keys_vault(rig).turns, 1);
    uint32_t n;
    struct vault_row *rows = keys_export(rig, &n);
    assert_int_equal(n, 1 + MANY + 2 + 1 + 1);          /* BORIS and the many, two secrets, one who is gone, the counters */
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    rig->dir = restored;
    rmdir(rig->dir);
    assert_int_equal(machine_restore(&roster_service, backup, rig->dir, says), ERR_OK);
    /* With the keys as the backup has them nothing opens, and it is said. */
    assert_int_equal(keys_open_again(rig, says), ERR_DENIED);
    assert_non_null(strstr(says, "master key"));
    keys_import(rig, rows, n);
    rig->time.wall = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) + MOMENT_MINUTE;      /* a restore is made by the real clock */
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    assert_string_equal(privacy_read(rig, &rig->centre, &stays), "");
    assert_string_equal(privacy_read(rig, &rig->centre, &gone), "person_unreadable");
    /* What the restored journal has not heard of is said to it again, under the same act. */
    uint64_t head = machine_head(rig->machine);
    keys_guard_run(rig, 40);
    assert_non_null(strstr(rig_entries_after(rig, head, NULL), "person.erased"));
    assert_string_equal(privacy_standing(rig, &gone).erased->act, "12-у");
    assert_true(privacy_standing(rig, &gone).erased->again);
    struct uuid id = rig_find(rig, &rig->centre, "roster.person.find", "Т-101");
    assert_true(uuid_is_nil(&id));
    rig_check(rig);
    toy_remove(backup);
}

/* A restore is made by the real clock, and commands sent again after it are of about that time. */
static void today(struct rig *rig)
{
    struct input accept = { .kind = INPUT_ACCEPT_CLOCK, .who = toy_principal(ROLE_OPERATOR) };
    struct outcome outcome;
    machine_close(&rig->machine);
    rig->time.wall = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self);
    rig_open(rig);
    accept.command = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t *)"it is late");
    assert_int_equal(machine_batch(rig->machine, &accept, 1, &rig->arena, &outcome), ERR_OK);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
}

/* The same command makes the same person: sent again to a store that has heard neither of him nor of his erasure. */
static void a_row_from_before_the_erasure_brings_nobody_back(void **state)
{
    struct rig *rig = *state;
    char says[400], *backup = toy_dir(), *restored = toy_dir();
    struct worker_record row = anna();
    struct worker_recorded recorded;
    today(rig);
    const struct uuid command = uuid_v7(rig->time.wall / MOMENT_MS, (const uint8_t *)"erased then");
    rig_record(rig, boris());
    rmdir(backup);
    assert_int_equal(store_backup(machine_store(rig->machine), backup), ERR_OK);
    row.until = day("2022-05-31");
    struct outcome outcome = toy_command(rig->machine, &rig->centre, command, "roster.worker.record", &worker_record_desc, &row, &rig->arena);
    toy_decode(&worker_recorded_desc, outcome.body, &recorded, &rig->arena);
    assert_string_equal(privacy_erase(rig, &recorded.person), "");
    keys_guard_run(rig, 40);
    uint32_t n;
    struct vault_row *rows = keys_export(rig, &n);
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    rig->dir = restored;
    rmdir(rig->dir);
    assert_int_equal(machine_restore(&roster_service, backup, rig->dir, says), ERR_OK);
    keys_import(rig, rows, n);
    rig->time.wall = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) + MOMENT_MINUTE;
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    outcome = toy_command(rig->machine, &rig->centre, command, "roster.worker.record", &worker_record_desc, &row, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "erased_already");
    struct worker_recorded another = rig_record(rig, row);      /* a list that names him later finds a new person */
    assert_true(another.new_person && !uuid_equal(&another.person, &recorded.person));
    rig_check(rig);
    toy_remove(backup);
}

/* The backup holds him in a post that ended after it: without its end it would be a post of nobody, for ever. */
static void a_post_that_ended_since_the_backup_ends_again(void **state)
{
    struct rig *rig = *state;
    char says[400], *backup = toy_dir(), *restored = toy_dir();
    struct worker_recorded gone = rig_record(rig, anna()), stays = rig_record(rig, boris());
    struct post_close close = { .post = gone.post, .until = day("2022-05-31") };
    struct person_of body = { gone.person };
    struct worker_list posts;
    uint32_t n;
    rmdir(backup);
    assert_int_equal(store_backup(machine_store(rig->machine), backup), ERR_OK);
    assert_string_equal(rig_reason(rig, "roster.post.close", &post_close_desc, &close), "");
    assert_string_equal(privacy_erase(rig, &gone.person), "");
    day_t erased = privacy_standing(rig, &gone.person).erased->day;
    keys_guard_run(rig, 40);
    struct vault_row *rows = keys_export(rig, &n);
    machine_close(&rig->machine);
    toy_remove(rig->dir);
    rig->dir = restored;
    rmdir(rig->dir);
    assert_int_equal(machine_restore(&roster_service, backup, rig->dir, says), ERR_OK);
    keys_import(rig, rows, n);
    rig->time.wall = CLOCK_SYSTEM.wall(CLOCK_SYSTEM.self) + MOMENT_MINUTE;
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    keys_guard_run(rig, 40);
    assert_true(privacy_standing(rig, &gone.person).erased->again);
    rig_ask(rig, "roster.post.of", &person_of_desc, &body, &worker_list_desc, &posts);
    assert_int_equal(posts.rows.n, 1);
    assert_int_equal(posts.rows.at[0].until, erased - 1);
    assert_string_equal(rig_reason(rig, "roster.post.close", &post_close_desc, &close), "");     /* sent again: its own day */
    rig_ask(rig, "roster.post.of", &person_of_desc, &body, &worker_list_desc, &posts);
    assert_int_equal(posts.rows.at[0].until, day("2022-05-31"));
    body.person = stays.person;
    rig_ask(rig, "roster.post.of", &person_of_desc, &body, &worker_list_desc, &posts);
    assert_int_equal(posts.rows.at[0].until, 0);
    rig_check(rig);
    toy_remove(backup);
}

static void no_older_copy_of_the_keys_brings_him_back(void **state)
{
    struct rig *rig = *state;
    struct uuid gone = privacy_anna_who_left(rig).person, stays = rig_record(rig, boris()).person;
    char says[400];
    uint32_t n;
    struct vault_row *rows = keys_export(rig, &n);           /* from before, wrapped under the key of then, which still is */
    assert_string_equal(privacy_erase(rig, &gone), "");
    machine_close(&rig->machine);
    keys_import(rig, rows, n);                               /* an erasure that the store knows of holds */
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    assert_string_equal(privacy_read(rig, &rig->centre, &stays), "");
    assert_string_equal(privacy_read(rig, &rig->centre, &gone), "person_unreadable");
    rows[0].value.n--;
    machine_close(&rig->machine);
    struct store_options options = { .dir = rig->dir, .tables = roster_service.tables, .table_count = roster_service.table_count };
    struct store *store;
    assert_int_equal(store_open(&store, &options), ERR_OK);
    assert_int_equal(vault_import(store, rows, n), ERR_MALFORMED);
    store_close(&store);
    assert_int_equal(keys_open_again(rig, says), ERR_OK);
    rig_check(rig);
}

/* ── backups of the vault have a term ─────────────────────────────────────── */

static void copy_put(const char *dir, const char *name, const char *first_line)
{
    char path[400];
    snprintf(path, sizeof path, "%s/vault/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%srows\n", first_line);
    assert_int_equal(fclose(file), 0);
}

static void copy_made(struct rig *rig, const char *dir, const char *name)
{
    struct buf line = { 0 };
    vault_head_write(&line, "roster", 3, rig->time.wall);
    copy_put(dir, name, buf_string(&line));
    buf_free(&line);
}

static int name_add(void *arg, const char *name)
{
    struct buf *names = arg;
    buf_format(names, "%s ", name);
    return ERR_OK;
}

/* What lies there after the errand has walked for so many days, an hour a step; `boot` whether both clocks walk. */
static const char *copies_after(struct rig *rig, struct errand *guard, const char *dir, unsigned hours, bool boot)
{
    static struct buf names;
    char path[400];

    for (unsigned i = 0; i < hours; i++) {
        rig->time.wall += 60 * MOMENT_MINUTE;
        rig->time.boot += boot ? 60 * MOMENT_MINUTE : 0;
        errand_step(guard, rig->time.wall);
    }
    buf_clear(&names);
    snprintf(path, sizeof path, "%s/vault", dir);
    assert_int_equal(dir_each(path, name_add, &names), ERR_OK);
    return buf_string(&names);
}

static void backups_of_the_vault_go_when_their_term_is_over(void **state)
{
    struct rig *rig = *state;
    struct errand guard;
    char dir[300], path[400];

    snprintf(dir, sizeof dir, "%s/files", rig->dir);
    snprintf(path, sizeof path, "%s/vault", dir);
    keys_start_guard(rig, &guard);
    guard.files = dir;
    errand_step(&guard, rig->time.wall);                /* there is no such folder yet */
    assert_int_equal(dir_make(path, 0700), ERR_OK);
    copy_made(rig, dir, "a.vault");
    copy_made(rig, dir, "b.kept");                      /* not of that name */
    copy_put(dir, "c.vault", "rsnms vault of roster, rows 3\n");             /* of before: it does not say when */
    copy_put(dir, "d.vault", "rsnms vault of other, rows 3, made 2001-01-01T00:00:00.000000Z\n");
    copy_put(dir, "e.vault", "rsnms vault of roster, rows 3, made 2101-01-01T00:00:00.000000Z\n");
    copy_put(dir, "f.vault", "");
    assert_string_equal(copies_after(rig, &guard, dir, 20 * 24, true), "a.vault b.kept c.vault d.vault e.vault f.vault ");
    copy_made(rig, dir, "g.vault");
    assert_string_equal(copies_after(rig, &guard, dir, 10 * 24 - 1, true), "a.vault b.kept c.vault d.vault e.vault f.vault g.vault ");
    assert_string_equal(copies_after(rig, &guard, dir, 2, true), "b.kept c.vault d.vault e.vault f.vault g.vault ");
    /* A clock that jumps ahead takes nothing away. */
    assert_string_equal(copies_after(rig, &guard, dir, 60 * 24, false), "b.kept c.vault d.vault e.vault f.vault g.vault ");
    rig->time.wall -= 60 * MOMENT_DAY;
    assert_string_equal(copies_after(rig, &guard, dir, 19 * 24, true), "b.kept c.vault d.vault e.vault f.vault g.vault ");
    assert_string_equal(copies_after(rig, &guard, dir, 3 * 24, true), "b.kept c.vault d.vault e.vault f.vault ");
    errand_end(&guard);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_key_is_turned_and_everything_can_be_read),
        TEST(a_turn_that_cannot_begin_waits),
        TEST(nobody_else_rewraps),
        TEST(killed_anywhere_the_turn_goes_on),
        TEST(a_backup_from_before_does_not_bring_him_back),
        TEST(a_row_from_before_the_erasure_brings_nobody_back),
        TEST(a_post_that_ended_since_the_backup_ends_again),
        TEST(no_older_copy_of_the_keys_brings_him_back),
        TEST(backups_of_the_vault_go_when_their_term_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
