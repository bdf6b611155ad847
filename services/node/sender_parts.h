#pragma once
#include "services/node/sender.h"

/* sender_parts: what the files of the sender share and nobody else includes. */

/* Everything of one step; what it points to lives in the errand's arena. */
struct sending {
    struct errand *errand;
    struct node_sender *sender;
    const struct node_config *config;
    struct node_copy_row copy;
    bool has_copy;
    uint64_t waiting[NODE_SERVICES];
    struct node_position_row position[NODE_SERVICES];
    bool has_position[NODE_SERVICES];
    /* answers to be journaled at the end of the step */
    struct node_answered answers[SENDER_WINDOW];
    uint32_t answer_n;
    bool cut[NODE_SERVICES];            /* hang up when the answers are safe */
    bool asks_on[NODE_SERVICES];        /* more of it is to be sent */
};

/* What is to be sent next, in order and for one service. */
struct outgoing {
    uint64_t number;
    struct uuid item;
    int method;
    struct bytes body, code_mark, person_sealed;
    moment_t made_at;
    bool unsure;
};

/* ── sender_check.c ── */
/* Asks a service where this queue stands; false: it cannot be sent to now. */
bool sender_check_line(struct sending *s, int service);
void sender_hold_step(struct sending *s);       /* while this copy is held back, or taken over */
/* ── sender_resolve.c ── */
/* Finds out whom the codes of these items mean, and journals it. */
void sender_resolve(struct sending *s, const struct outgoing *list, uint32_t n);
/* ── sender.c ── */
void sender_line_down(struct sending *s, int service, enum node_link_state state, const char *reason);
void sender_asking(struct sending *s, int service, bool asking);
void sender_line_up(struct sending *s, int service);
struct uuid sender_id(const struct sending *s, const char *kind, struct bytes of);      /* of a command of its own */
bool sender_submit(struct sending *s, const char *kind, const char *method, const struct msg_desc *takes, const void *body);
