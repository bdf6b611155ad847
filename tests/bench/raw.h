#pragma once
#include "common/store/store.h"
#include "tests/bench/site.h"

/* raw: the limits: what store and network give to a loop that does nothing else. */

/* ── a bare store ─────────────────────────────────────────────────────────── */
/* A copy of diagnostics' store, for puts of the same sizes into the same tables, and a stock of keys made
 * beforehand, so that the loop makes none. */
struct raw_store {
    struct store *store;
    struct site *site;
    uint64_t number, n;                     /* last entry; saves made */
    table_t answers;
    uint8_t *entry; size_t entry_bytes;
};
struct raw_store *raw_open(struct site *site);            /* while no daemon writes there */
void raw_close(struct raw_store **raw);
double raw_saves(struct raw_store *raw, uint64_t saves, double batch);      /* a second; batch: mean, by and by */
double raw_append_one(struct raw_store *raw, uint64_t saves, double batch); /* the same with one put beside the append */
double raw_commit(struct raw_store *raw);                   /* seconds of one save in a transaction of its own */

/* ── bare CURVE ───────────────────────────────────────────────────────────── */
/* A ROUTER that gives back what comes, in a thread, and a DEALER to it. */
struct raw_echo;
struct raw_echo *raw_echo_open(const char *endpoint);
void raw_echo_close(struct raw_echo **echo);
double raw_echo_once(struct raw_echo *echo, size_t header, size_t body);    /* seconds there and back */

/* Entries of the store read one after another, packed into frames and brought over CURVE: bytes a second.
 * `entries`, `frame`: how many, and about how many bytes in one frame. */
double raw_stream(struct raw_store *raw, const char *endpoint, uint64_t entries, size_t frame);
