#pragma once
#include "tests/fault/sim/world.h"

/* client: somebody who issues commands and keeps what was sent, as the protocol asks: the same command id
 * with every retry, positions given back as `after`, and everything sent again, in the order it was answered
 * in, when a reply comes from a new incarnation.
 *
 *   client.c       sending, answers, and what of them must hold   story_*.c  what they say and why */
#define BEHIND_MOST 6               /* then without `after`: whom it names may have another history now */

enum sent_state { SENT_WAITS, SENT_ANSWERED, SENT_GIVEN_UP };
struct sent {
    struct uuid id;
    uint32_t service;
    const char *method;
    const struct msg_desc *takes, *gives;
    struct principal who;
    struct buf body;
    uint32_t subject;                   /* the story's own: which of its persons, programmes … */
    enum sent_state state;
    /* the last answer */
    bool ever, refused, fresh;          /* fresh: decided now, not told again */
    struct buf answer;
    struct position position;
    uint32_t life;                      /* of the service: index of its incarnation */
    /* on the way */
    bool flying;
    int64_t flown_at, answered_at, retry_at;        /* first flight; verdict */
    uint32_t tries, behind;
    bool bare;                          /* went without `after` at least once */
};

struct story;
struct client {
    struct world *w;
    uint32_t number;
    struct prng random;
    struct sent **sent;
    uint32_t count, room;
    struct uuid now_at[NODES];          /* the incarnation that this client knows */
    struct uuid before[NODES][16]; uint32_t befores[NODES];
    uint64_t seen[NODES];               /* greatest number there, in that incarnation */
    struct uuid journal[NODES];
    bool resending[NODES];
    uint64_t life[NODES];               /* of the process that was last heard: connections do not outlive it */
    struct arena arena;
    struct story *story;
};

struct client *client_new(struct world *w, uint32_t number);
void client_free(struct client **client);
void client_letter(struct client *client, struct letter *letter);   /* takes it */
void client_tick(struct client *client);
void client_act(struct client *client);
void client_ask_again(struct client *client);
bool client_rests(struct client *client);
const char *client_waits_for(struct client *client);
bool client_answer_is_own(const struct sent *sent);     /* made from the state each time, and not kept */

/* ── for the stories ── */
uint32_t client_waiting(const struct client *client, uint32_t service);
void client_says(struct client *client, const struct principal *who, const char *method, const void *body, uint32_t subject);
/* `subject` comes back with the reply, in story_read(). */
void client_query(struct client *client, const struct principal *who, uint32_t service, const char *method,
                  const struct msg_desc *takes, const void *body, uint32_t subject);
uint64_t client_below(struct client *client, uint64_t n);
const char *client_reason(struct client *client, const struct sent *sent);     /* of a refusal */
/* Takes over what another has seen: told by telephone. */
void client_hear(struct client *client, const struct client *from);

/* ── the stories ── */
struct story *story_new(struct client *client);
void story_free(struct story **story);
void story_act(struct client *client);
void story_told(struct client *client, struct sent *sent);      /* each time a command has got its verdict */
void story_read(struct client *client, uint32_t service, uint32_t subject, struct bytes reply);
