#pragma once
#include <lmdb.h>
#include "common/store/store.h"

/* What store.c and txn.c share; nobody else includes this. */
struct store {
    MDB_env *env;
    MDB_dbi dbi[STORE_TABLES_MAX];
    struct table_def table[STORE_TABLES_MAX];
    size_t table_count, map_size;
    uint64_t reserve;
    char *dir;
    int lock;
    bool broken;
    struct buf scratch;                     /* the writer's, see txn_scratch() */
};

int err_of_mdb(int rc);
