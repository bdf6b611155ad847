#pragma once
#include "proto/federal.h"

/* package: the passport as bytes that leave the region, and what comes back. Pure: values in, bytes out, and back.
 * docs/passport.md is the format.
 *
 * Canonical  JSON without white space, members in the order of their names' bytes, integers alone (past 2^53 as
 *            strings), UTF-8 with no escapes but \" and \\ (control characters are written as spaces). So one content
 *            is one sequence of bytes on every machine, and a hash of it means something.
 * Signature  Ed25519 over the file's bytes, 64 raw bytes beside it in NAME.json.sig.
 * Errors     reading: ERR_MALFORMED with `says`, a line for a person. What is read lives in the arena. */
#define PACKAGE_FORMAT  "rsnms.passport"
#define RECEIPT_FORMAT  "rsnms.receipt"
#define PACKAGE_MAX     (64u << 20)         /* bytes that a reader takes */
#define RECEIPT_MAX     (256u * 1024)
#define SIGNATURE_SIZE  64
#define PUBLIC_SIZE     32
#define SEED_SIZE       32

struct package_facts {
    struct uuid region;
    const struct passport *passport;
    struct uuid journal;                    /* nil in a content's hash: filled in when it is sent */
    const char *name;                       /* of the package; NULL likewise */
    unsigned words;                         /* edition of the words (words.h) */
};

/* The content alone: what is approved and hashed. */
void package_content(const struct package_facts *facts, const struct cell *cells, uint32_t n, struct buf *out);
struct hash package_content_hash(const struct package_facts *facts, const struct cell *cells, uint32_t n);
/* The whole package: the content and how it was sent. */
void package_write(const struct package_facts *facts, const struct cell *cells, uint32_t n, struct buf *out);

/* What a package says, for a person. */
struct package_block { uint64_t number; const char *title; uint64_t cells, counted, typed, gaps; };
struct package_says {
    const char *name, *title, *region, *region_act, *operator, *approved, *sent, *sent_at, *approval, *passport, *journal;
    uint64_t year, version, sending;
    struct hash content;                    /* as it says */
    bool content_holds, canonical;          /* the hash is that of its content; written as the rules want it */
    struct package_block block[PASSPORT_BLOCKS];
    uint64_t cells, gaps;
};
int package_read(struct bytes from, struct arena *arena, struct package_says *says, char fault[200]);

/* A receipt of the federal operator. */
struct receipt {
    const char *package;                    /* NAME */
    struct hash hash;                       /* of NAME.json */
    int outcome;                            /* enum answer_outcome */
    const char *number;
    day_t day;
    const char *remarks;
};
void receipt_write(const struct receipt *receipt, struct buf *out);
int  receipt_read(struct bytes from, struct arena *arena, struct receipt *receipt, char fault[200]);

struct hash package_hash(struct bytes file);        /* BLAKE2b-256 */

/* ── signing (sign.c) ── the secret file is the seed, 32 bytes, mode 0600; the public one a line of 64 hexadecimal
 * digits, to be handed over. */
struct sign_pair { uint8_t seed[SEED_SIZE], public_key[PUBLIC_SIZE], secret[64]; };
void sign_wipe(struct sign_pair *pair);
int  sign_new(const char *secret_file, const char *public_file);    /* ERR_EXISTS when either is there */
int  sign_load(const char *secret_file, struct sign_pair *pair, char fault[200]);
int  sign_load_public(const char *file, uint8_t key[PUBLIC_SIZE], char fault[200]);
void sign_make(const struct sign_pair *pair, struct bytes message, uint8_t signature[SIGNATURE_SIZE]);
bool sign_holds(const uint8_t key[PUBLIC_SIZE], struct bytes message, struct bytes signature);
