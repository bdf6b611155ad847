#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/files.h"
#include "services/federal/package.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/desk.h"
#include "tests/fault/sim/node.h"
#include "tests/fault/sim/office.h"

/* What was sent, and not taken back, lies in the outbox, once under its name and with the bytes that the journal says; a passport has been
 * answered once; nothing stays in the inbox. Files of a history that a restore has dropped stay where they are. */

struct sending { struct uuid passport; bool sent, delivered, faulted, answered; };
#define ANSWERS_MAX 64
struct sendings { struct world *w; struct sending *at; size_t n, room; uint32_t delivered; struct hash receipt[ANSWERS_MAX]; uint32_t receipts; };

static struct sending *sending_of(struct sendings *all, const struct uuid *passport)
{
    for (size_t i = 0; i < all->n; i++)
        if (uuid_equal(&all->at[i].passport, passport))
            return &all->at[i];
    if (all->n == all->room) {
        all->room = all->room != 0 ? all->room * 2 : 16;
        if ((all->at = realloc(all->at, all->room * sizeof *all->at)) == NULL)
            abort();
    }
    all->at[all->n] = (struct sending){ .passport = *passport };
    return &all->at[all->n++];
}

static bool read_body(const struct entry *entry, const struct msg_desc *desc, struct arena *arena, void *out)
{
    struct msg_error error;
    return msg_decode(desc, entry->body, MSG_LENIENT, arena, out, &error) == ERR_OK;
}

/* In both folders, as it was said to be. */
static void look_for(struct world *w, const struct package_deliver *deliver)
{
    static const char *const folders[] = { "outbox", "sent" };
    char path[700];
    for (size_t i = 0; i < 2 && !w->violated; i++) {
        struct buf json = { 0 };
        snprintf(path, sizeof path, "%s/%s/%s.json", desk_files(w->node[FEDERAL]->desk), folders[i], deliver->name);
        int err = file_get(path, PACKAGE_MAX, &json);
        struct hash hash = package_hash(buf_bytes(&json));
        if (err != ERR_OK || !bytes_equal(deliver->hash, bytes(hash.b, HASH_SIZE)))
            world_violation(w, "package %s does not lie in %s as it was said to", deliver->name, folders[i]);
        buf_free(&json);
    }
}

static void see(struct sendings *all, const struct entry *entry, struct arena *arena)
{
    struct passport_moved moved;
    struct package_deliver deliver;
    struct package_fault fault;
    struct operator_answer answer;
    if (strcmp(entry->event, "federal.passport.sent") == 0 && read_body(entry, &passport_moved_desc, arena, &moved))
        sending_of(all, &moved.passport)->sent = true;
    else if (strcmp(entry->event, "federal.passport.recalled") == 0 && read_body(entry, &passport_moved_desc, arena, &moved)) {
        struct sending *sending = sending_of(all, &moved.passport);
        if (sending->delivered)
            world_violation(all->w, "a passport was taken back that was delivered");
        sending->sent = sending->faulted = false;
    } else if (strcmp(entry->event, "federal.package.delivered") == 0 && read_body(entry, &package_deliver_desc, arena, &deliver)) {
        struct sending *sending = sending_of(all, &deliver.passport);
        if (sending->delivered)
            world_violation(all->w, "a passport was delivered twice");
        sending->delivered = true;
        all->delivered++;
        look_for(all->w, &deliver);
    } else if (strcmp(entry->event, "federal.package.faulted") == 0 && read_body(entry, &package_fault_desc, arena, &fault))
        sending_of(all, &fault.passport)->faulted = true;
    else if (strcmp(entry->event, "federal.answer.taken") == 0 && read_body(entry, &operator_answer_desc, arena, &answer)) {
        struct sending *sending = sending_of(all, &answer.passport);
        if (sending->answered)
            world_violation(all->w, "a passport was answered twice");
        sending->answered = true;
        if (answer.receipt.n == HASH_SIZE && all->receipts < ANSWERS_MAX)
            memcpy(all->receipt[all->receipts++].b, answer.receipt.at, HASH_SIZE);
    }
}

/* What had its effect was taken, however often it came, and whatever the process met on the way. */
static int look_at_refused(void *arg, const char *name)
{
    struct sendings *all = arg;
    char path[700];
    struct buf bytes = { 0 };
    snprintf(path, sizeof path, "%s/inbox/refused/%s", desk_files(all->w->node[FEDERAL]->desk), name);
    if (file_get(path, RECEIPT_MAX, &bytes) == ERR_OK) {
        struct hash hash = package_hash(buf_bytes(&bytes));
        for (uint32_t i = 0; i < all->receipts; i++)
            if (hash_equal(&all->receipt[i], &hash))
                world_violation(all->w, "a receipt that was taken lies among those that were refused");
    }
    buf_free(&bytes);
    return ERR_OK;
}

static void look_through_refused(struct sendings *all)
{
    char path[700];
    snprintf(path, sizeof path, "%s/inbox/refused", desk_files(all->w->node[FEDERAL]->desk));
    if (access(path, F_OK) == 0)
        dir_each(path, look_at_refused, all);
}

void checks_federal(struct world *w)
{
    struct node *node = w->node[FEDERAL];
    struct sendings all = { .w = w };
    struct arena arena = { .keep = 1 << 16 };
    struct entry entry;
    struct txn txn;
    txn_begin(&txn, machine_store(node->process.machine), TXN_READ);
    for (uint64_t number = 1; !w->violated && journal_get(&txn, number, &arena, &entry, NULL); number++) {
        see(&all, &entry, &arena);
        arena_reset(&arena);
    }
    txn_end(&txn);
    for (size_t i = 0; i < all.n && !w->violated; i++)
        if (all.at[i].sent && !all.at[i].delivered && !all.at[i].answered)
            world_violation(w, all.at[i].faulted ? "a passport was sent, and its package cannot be delivered"
                                                 : "a passport was sent, and no package lies in the outbox");
    if (node->lives == 1)                   /* else its answer may have been dropped, and come anew */
        look_through_refused(&all);
    office_look(w);
    if (!w->violated && node->lives == 1 && w->office->n != all.delivered)
        world_violation(w, "%u packages in the outbox, and %u were delivered", w->office->n, all.delivered);
    if (!w->violated && office_waits(w))
        world_violation(w, "something stays in the inbox for ever");
    free(all.at);
    arena_free(&arena);
}
