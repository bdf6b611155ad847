#pragma once

/* limits: what a daemon bounds, beside the limits of messages (codec/msg.h), of the wire (net/wire.h) and
 * of entries (journal/entry.h). PROTOCOL.md has them all in one table. */
#define LIMIT_REQUESTS            16384             /* between admission and reply, in all */
#define LIMIT_REQUESTS_PRINCIPAL  4096
#define LIMIT_BYTES               (24u << 20)       /* of their bodies */
#define LIMIT_BYTES_PRINCIPAL     (8u << 20)
#define LIMIT_UNREAD_PRINCIPAL    (8u << 20)       /* of replies that its peers have not taken */
#define LIMIT_FOLLOWERS           512
#define LIMIT_FOLLOWERS_PRINCIPAL 32
#define LIMIT_FOLLOWER_SILENCE_MS 30000             /* no PING, CREDIT or FOLLOW: it has gone */
#define LIMIT_FOLLOWER_UNREAD     (1u << 20)        /* of ENTRIES on the way to one follower */
#define LIMIT_FEED_ON_THE_WAY     64                /* ENTRIES between feeder and socket, in all */
#define LIMIT_SOCKET_HWM          8192              /* answers that wait for one peer: room for `busy` beside the rest */
#define LIMIT_BATCH               1024              /* commands in one commit */
#define LIMIT_COMMIT_US           10000             /* what the batch size aims below */
#define LIMIT_DRAIN_MS            5000              /* of a stop */
#define BUSY_RETRY_MS             50
