#pragma once
#include "common/net/keys.h"

/* zap: the one who answers libzmq's question "may this key in?" (RFC 27), for CURVE alone.
 *
 * 200 for a key that stands in the live table and is not revoked, with two properties of the connection:
 * User-Id, the principal's id, and Key, its public key. Anything else is 400, and while nobody answers,
 * nobody gets in (see wire_server()).
 *
 * Threads    the one that polls the socket; it is not a thread of its own that a signal could end.
 * Lifetime   opened before the first server socket of its context binds, closed after the last. */
struct zap;

int   zap_open(struct zap **out, void *zmq);
void  zap_close(struct zap **zap);
void *zap_socket(const struct zap *zap);                    /* to poll for reading */
struct zap_count { uint64_t accepted, refused; };
/* Answers what has come, at most a bounded number. */
void  zap_serve(struct zap *zap, const struct principals *live, struct zap_count *count);
