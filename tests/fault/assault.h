#pragma once
#include "common/net/keys.h"
#include "common/net/wire.h"

/* assault: hostile bytes on every way into a daemon, over a connection that is let in and before any handshake. Whoever
 * aims it says what it has to look at meanwhile. Each returns false when it could not be done (not: when the daemon
 * suffered from it). */
struct assault {
    const char *endpoint;                   /* tcp:// or ipc:// */
    const char *server_key;
    struct key_pair own;                    /* a key that may give the command and ask the query */
    struct key_pair follower;               /* one that may follow */
    const char *service;                    /* the stream that followers ask for */
    const char *method; struct bytes body;  /* a request that would be taken, to be cut and mutilated */
    const char *asked; struct bytes ask;    /* a query with a long answer */
    void (*look)(const char *when);         /* now and again */
    void (*stands)(const char *what);       /* all of it was sent, and the connections are still open */
};
#define ASSAULT_HALF_OPEN 10000             /* the process needs as many open files, and the daemon too */

bool assault_prefixes(const struct assault *a);
bool assault_flips(const struct assault *a);    /* bits of the body, by chance */
bool assault_bombs(const struct assault *a);    /* of size, depth and count */
bool assault_frames(const struct assault *a);   /* wrong numbers of them, and giants */
bool assault_unread(const struct assault *a);   /* asks much and never reads */
bool assault_followers(const struct assault *a);    /* give credit and never read */
bool assault_garbage(const struct assault *a);
bool assault_half_open(const struct assault *a);
