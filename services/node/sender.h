#pragma once
#include "common/service/errand.h"
#include "services/node/node.h"

/* sender: the errand that brings the queue to the region.
 *
 * Order      items go out in the order of the queue. Within a service they are pipelined, each chained to the one before
 *            (service/chain.h); where the next item is for another service, all that is on its way is answered first.
 * Trouble    whatever is not a verdict ends the conversation with that service: hang up, ask where it stands
 *            (sender.check), go on after its head. A service that was made again from a backup has an older head, and is
 *            sent again what it lost, and asked for all that it still has: another copy of this node may have sent
 *            that first. Verdicts that differ from the first ones become conflicts.
 * Knowing    a service may not have heard yet of whom it is asked, and would refuse. So each item names the places up to
 *            which the others have been followed here, and one whose own copies have never been complete is left alone.
 * Copies     where the head is no item of this queue, or another lane is live, this store is a copy: it says what it
 *            holds (sender.hold) and sends nothing until an operator of the region has accepted it. Taken over and closed,
 *            it asks now and then whether a service has been made again from a backup, and offers all of it anew.
 * Memory     volatile: lost with the process, it asks every service anew. */
#define SENDER_WINDOW     256           /* items on their way */
#define SENDER_WINDOW_MIN 8

struct sender_line {                    /* one service of the region */
    bool checked;
    struct uuid journal, incarnation;   /* of the service, as it said */
    struct uuid tail;                   /* the last link sent: the next one's `previous` */
    uint64_t next;                      /* items from this number on are still to be sent */
    uint64_t again_to;                  /* not 0: up to here (its head) answers were lost, and are asked for again first */
    bool again_all;                     /* those that came, too: it is made again from a backup, and may have decided otherwise */
    struct uuid again_done;             /* the incarnation of which that is known … */
    uint64_t again_done_to;             /* … up to here */
    uint32_t window;
    moment_t again;                     /* not to be asked before */
    moment_t progress;                  /* of the last answer, or of the first item since */
    uint32_t failures;
    bool lag;                           /* it holds a place that others have not to wait for: another incarnation's */
    struct link_now link;
};
struct sender_flight { bool used; uint64_t number; struct uuid item; };
struct node_sender {
    struct sender_line line[NODE_SERVICES];
    int busy;                           /* the service whose items are on their way; meaningful while flights > 0 */
    uint32_t flights;
    struct sender_flight flight[SENDER_WINDOW];
    moment_t hold_again;
    /* What the copies here held when the items up to `known_to` were queued, at the latest: those rest on it. */
    struct position known[NODE_SERVICES];
    uint64_t known_to;
    const void *machine;
};
