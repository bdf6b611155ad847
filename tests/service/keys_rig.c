#include "tests/service/keys_rig.h"

#include "common/core/failpoint.h"
#include "common/service/errand_parts.h"
#include "proto/roles.h"

extern const struct service roster_service;

static const struct errand_world WORLD = { .submit = errand_submit_direct };

void keys_start_guard(struct rig *rig, struct errand *guard)
{
    errand_start(guard, rig->machine, 0, &WORLD);
    guard->who.id = uuid_derive("guard", bytes_of("roster"));
}

/* The errand until it has nothing to do. */
void keys_guard_run(struct rig *rig, unsigned steps_max)
{
    struct errand guard;
    uint32_t wait = 0;
    keys_start_guard(rig, &guard);
    for (unsigned i = 0; i < steps_max && wait == 0; i++) {
        wait = errand_step(&guard, rig->time.wall);
        rig->time.wall += MOMENT_MS;            /* commands of the next step have other ids */
        rig->time.boot += MOMENT_MS;
    }
    assert_true(wait > 0);
    errand_end(&guard);
}

struct vault_standing keys_vault(struct rig *rig)
{
    struct principal operator = toy_principal(ROLE_OPERATOR);
    struct nothing nothing = { 0 };
    struct vault_standing vault;
    struct outcome outcome = toy_ask(rig->machine, &operator, "roster.vault.get", &nothing_desc, &nothing, &rig->arena);
    assert_string_equal(toy_reason(&outcome, &rig->arena), "");
    toy_decode(&vault_standing_desc, outcome.body, &vault, &rig->arena);
    return vault;
}

static jmp_buf out;
static const char *at_name;
static unsigned at_times;

static void dies(void *arg, const char *name)
{
    (void)arg;
    if (strcmp(name, at_name) == 0 && --at_times == 0)
        longjmp(out, 1);
}

/* As if the process had ended there: nothing of it is left but files and store. */
void keys_killed_at(struct rig *rig, const char *name, unsigned times)
{
    struct errand guard;
    volatile bool died = false;
    at_name = name;
    at_times = times;
    keys_start_guard(rig, &guard);
    failpoint_hook(dies, NULL);
    if (setjmp(out) == 0)
        for (unsigned i = 0; i < 30; i++) {
            errand_step(&guard, rig->time.wall);
            rig->time.wall += MOMENT_MS;
            rig->time.boot += MOMENT_MS;
        }
    else
        died = true;
    failpoint_hook(NULL, NULL);
    errand_end(&guard);
    if (!died)
        fail_msg("%s was not reached %u times", name, times);
    machine_drop(&rig->machine);
    rig_open(rig);
}

struct vault_row *keys_export(struct rig *rig, uint32_t *n)
{
    struct principal operator = toy_principal(ROLE_OPERATOR);
    struct vault_row *all = ARENA_LIST(&rig->arena, struct vault_row, 4000);
    struct vault_export ask = { .limit = 100 };
    struct vault_rows rows;
    *n = 0;
    do {
        struct outcome outcome = toy_ask(rig->machine, &operator, "roster.vault.export", &vault_export_desc, &ask, &rig->arena);
        assert_string_equal(toy_reason(&outcome, &rig->arena), "");
        toy_decode(&vault_rows_desc, outcome.body, &rows, &rig->arena);
        for (uint32_t i = 0; i < rows.rows.n; i++)
            all[(*n)++] = rows.rows.at[i];
        ask.after = rows.next;
    } while (rows.next.n > 0);
    return all;
}

int keys_open_again(struct rig *rig, char says[400])
{
    struct machine_options options = toy_options(rig->dir, &rig->time);
    options.profile = rig->profile;
    options.master_key_file = rig->key;
    options.says = says;
    return machine_open(&rig->machine, &roster_service, &options);
}

void keys_import(struct rig *rig, const struct vault_row *rows, uint32_t n)
{
    struct store_options options = { .dir = rig->dir, .tables = roster_service.tables, .table_count = roster_service.table_count };
    struct store *store;
    assert_int_equal(store_open(&store, &options), ERR_OK);
    assert_int_equal(vault_import(store, rows, n), ERR_OK);
    store_close(&store);
}
