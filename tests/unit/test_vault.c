/* The vault's intake: what others seal for a service, only that service opens, and its backups do. */
#include <sodium.h>

#include "common/service/machine_parts.h"
#include "common/service/vault.h"
#include "common/service/vault_intake.h"
#include "tests/unit/machine_rig.h"

static char *master(struct rig *rig, const char *name)
{
    char *file = arena_format(&rig->arena, "%s/%s", rig->dir2, name);
    int err = vault_master_new(file);
    assert_true(err == ERR_OK || err == ERR_EXISTS);
    return file;
}

static int open_with(struct rig *rig, const char *dir, const char *key, char says[400])
{
    struct machine_options options = toy_options(dir, &rig->time);
    options.master_key_file = key;
    options.says = says;
    machine_close(&rig->ledger);
    return machine_open(&rig->ledger, &toy_ledger_service, &options);
}

struct wanted { const uint8_t *public; struct bytes sealed, plain; bool opened; };

static void look(struct rig *rig, struct wanted *w)
{
    struct txn txn;
    struct ctx ctx = { .txn = &txn, .arena = &rig->arena, .machine = rig->ledger };
    txn_begin(&txn, machine_store(rig->ledger), TXN_READ);
    w->public = vault_intake_public(&ctx);
    if (w->sealed.n > 0)
        w->opened = vault_intake_open(&ctx, w->sealed, &w->plain, NULL);
    assert_int_equal(txn_end(&txn), ERR_OK);
}

static const struct random_source *source(struct rig *rig)
{
    struct random_source *random = ARENA_NEW(&rig->arena, struct random_source);
    *random = (struct random_source){ prng_fill, &rig->time.prng };
    return random;
}

static void what_is_sealed_for_the_intake_is_opened_by_it_alone(void **state)
{
    struct rig *rig = *state;
    struct wanted w = { 0 };
    struct bytes text = bytes_of("Иванова Анна Петровна, 112-233-445 95");
    char says[400];
    assert_int_equal(open_with(rig, rig->dir, master(rig, "key"), says), ERR_OK);
    look(rig, &w);
    assert_non_null(w.public);
    const uint8_t *public = w.public;
    assert_int_equal(intake_seal(public, text, source(rig), &rig->arena, &w.sealed), ERR_OK);
    assert_int_equal(w.sealed.n, text.n + INTAKE_OVERHEAD);
    assert_null(memmem(w.sealed.at, w.sealed.n, "112", 3));
    look(rig, &w);
    assert_true(w.opened);
    assert_true(bytes_equal(w.plain, text));
    /* libsodium's own seal is the same thing. */
    uint8_t *theirs = arena_alloc(&rig->arena, text.n + INTAKE_OVERHEAD);
    assert_int_equal(crypto_box_seal(theirs, text.at, text.n, public), 0);
    w = (struct wanted){ .sealed = bytes(theirs, text.n + INTAKE_OVERHEAD) };
    look(rig, &w);
    assert_true(w.opened);
    /* Damaged, cut, empty: refused. */
    for (size_t n = 0; n < w.sealed.n; n++) {
        struct wanted cut = { .sealed = bytes(theirs, n) };
        look(rig, &cut);
        assert_false(cut.opened);
    }
    theirs[40] ^= 1;
    look(rig, &w);
    assert_false(w.opened);
    assert_int_equal(intake_seal((const uint8_t[INTAKE_KEY]){ 0 }, text, source(rig), &rig->arena, &w.sealed), ERR_MALFORMED);
}

static void the_intake_stays_the_same_and_is_in_the_backup(void **state)
{
    struct rig *rig = *state;
    struct wanted before = { 0 }, after = { 0 };
    char says[400], backup[300], dir[300], *key = master(rig, "key");
    bool same;
    assert_int_equal(open_with(rig, rig->dir, key, says), ERR_OK);
    look(rig, &before);
    assert_int_equal(intake_seal(before.public, bytes_of("text"), source(rig), &rig->arena, &before.sealed), ERR_OK);
    rig_add(rig, 1, 1, 1);
    assert_int_equal(machine_rebuild(rig->ledger, true, &same), ERR_OK);
    snprintf(backup, sizeof backup, "%s/backup", rig->dir2);
    snprintf(dir, sizeof dir, "%s/restored", rig->dir2);
    assert_int_equal(store_backup(machine_store(rig->ledger), backup), ERR_OK);
    machine_close(&rig->ledger);
    assert_int_equal(machine_restore(&toy_ledger_service, backup, dir, says), ERR_OK);
    assert_int_equal(open_with(rig, dir, key, says), ERR_OK);
    after.sealed = before.sealed;
    look(rig, &after);
    assert_memory_equal(after.public, before.public, INTAKE_KEY);
    assert_true(after.opened);
}

static void another_stores_master_key_is_noticed_at_the_start(void **state)
{
    struct rig *rig = *state;
    struct wanted w = { 0 };
    char says[400];
    look(rig, &w);
    assert_null(w.public);                  /* no vault, no intake */
    assert_int_equal(open_with(rig, rig->dir, master(rig, "key"), says), ERR_OK);
    assert_int_equal(open_with(rig, rig->dir, master(rig, "other"), says), ERR_DENIED);
    assert_non_null(strstr(says, "master key"));
    assert_int_equal(open_with(rig, rig->dir, master(rig, "key"), says), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_sealed_for_the_intake_is_opened_by_it_alone, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(the_intake_stays_the_same_and_is_in_the_backup, rig_set_up, rig_tear_down),
        cmocka_unit_test_setup_teardown(another_stores_master_key_is_noticed_at_the_start, rig_set_up, rig_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
