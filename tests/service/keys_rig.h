#pragma once
#include "tests/service/roster_rig.h"

#include "common/service/errand.h"
#include "common/service/vault.h"

/* keys_rig: roster's errand `guard`, driven by hand or killed, and its vault carried out and in. */
void keys_start_guard(struct rig *rig, struct errand *guard);
void keys_guard_run(struct rig *rig, unsigned steps_max);       /* until it has nothing to do */
/* As if the process had ended when the failpoint was reached so many times: nothing of it is left but files and store. */
void keys_killed_at(struct rig *rig, const char *name, unsigned times);
struct vault_standing keys_vault(struct rig *rig);
struct vault_row *keys_export(struct rig *rig, uint32_t *n);
void keys_import(struct rig *rig, const struct vault_row *rows, uint32_t n);    /* the store is at rest */
int  keys_open_again(struct rig *rig, char says[400]);
