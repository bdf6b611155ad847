/* model: see model.h. */
#include "tests/fault/model.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/toy.h"

#define ACCOUNTS    4000
#define LIMIT       1000                    /* of an account, as the ledger has it */
#define SMALL       ACCOUNTS                /* the account that is full soon: refusals */
#define SAY_MOST    20

/* ── deeds ────────────────────────────────────────────────────────────────── */

struct deed deed_make(uint64_t seed, int64_t base_ms, uint64_t i)
{
    struct prng prng;
    struct deed deed = { 0 };
    uint8_t random[10];

    prng_seed(&prng, seed * UINT64_C(1000003) + i);
    prng_fill(&prng, random, sizeof random);
    deed.id = uuid_v7(base_ms + (int64_t)i, random);
    bool small = prng_below(&prng, 12) == 0;
    deed.account = small ? SMALL : 1 + prng_below(&prng, ACCOUNTS - 1);
    deed.amount = small ? 100 + prng_below(&prng, 100) : 1 + prng_below(&prng, 9);
    return deed;
}

struct bytes deed_body(const struct deed *deed, struct arena *arena)
{
    const struct toy_add add = { .account = deed->account, .amount = deed->amount, .note = MODEL_NOTE };

    return msg_encode_in(arena, &toy_add_desc, &add);
}

struct hash deed_answer(struct bytes reply)
{
    return hash_two(bytes_of("answer"), reply);
}

/* ── the model ────────────────────────────────────────────────────────────── */

void model_add(struct model *model, struct deed *deed)
{
    if (model->n == model->room) {
        model->room = model->room == 0 ? 1024 : model->room * 2;
        model->list = realloc(model->list, model->room * sizeof(struct deed *));
        if (model->list == NULL)
            abort();
    }
    model->list[model->n++] = deed;
}

void model_free(struct model *model)
{
    free(model->list);
    *model = (struct model){ 0 };
}

void violation(struct model *model, const char *format, ...)
{
    va_list args;

    if (model->violations++ >= SAY_MOST)
        return;
    va_start(args, format);
    printf("violation found: ");
    vprintf(format, args);
    printf("\n");
    fflush(stdout);
    va_end(args);
}

static const char *id_text(const struct uuid *id)
{
    static _Thread_local char text[UUID_TEXT + 1];

    uuid_format(id, text);
    return text;
}

void model_answered(struct model *model, struct deed *deed, bool done, uint64_t number, struct hash answer)
{
    enum deed_state state = done ? DEED_DONE : DEED_REFUSED;

    if (deed->state == DEED_UNKNOWN) {
        deed->state = state;
        deed->number = number;
        deed->answer = answer;
    } else if (deed->state != state || deed->number != number || !hash_equal(&deed->answer, &answer))
        violation(model, "%s was answered at %llu and is now answered otherwise, at %llu", id_text(&deed->id),
                  (unsigned long long)deed->number, (unsigned long long)number);
}

static int by_id(const void *a, const void *b)
{
    const struct deed *const *x = a, *const *y = b;

    return uuid_compare(&(*x)->id, &(*y)->id);
}

static struct deed *deed_find(const struct model *model, const struct uuid *id)
{
    struct deed key = { .id = *id }, *at = &key;
    struct deed **found = bsearch(&at, model->list, model->n, sizeof at, by_id);

    return found != NULL ? *found : NULL;
}

/* ── the ledger ───────────────────────────────────────────────────────────── */

struct book { uint64_t sum[ACCOUNTS + 1], count[ACCOUNTS + 1]; };

static void book_add(struct book *book, uint64_t account, uint64_t amount)
{
    book->sum[account] += amount;
    book->count[account]++;
}

static bool decode(const struct msg_desc *desc, struct bytes bytes, void *out, struct arena *arena)
{
    struct msg_error error;

    return msg_decode(desc, bytes, MSG_LENIENT, arena, out, &error) == ERR_OK;
}

/* One entry against the deed that caused it and against the sequential ledger. */
static void check_deed(struct model *model, struct book *book, const struct entry *entry, struct arena *arena)
{
    struct deed *deed = deed_find(model, &entry->cause->command);
    bool refused = strcmp(entry->event, ENTRY_REFUSED) == 0;
    unsigned long long number = entry->number;
    struct toy_added added;
    struct toy_sum sum;

    if (deed == NULL)
        return violation(model, "entry %llu, %s: nobody asked for it", number, entry->event);
    if (deed->seen != 0)
        violation(model, "%s was done twice, at %llu and %llu", id_text(&deed->id), (unsigned long long)deed->seen, number);
    deed->seen = entry->number;
    struct hash answer = deed_answer(entry->reply);
    if (deed->state != DEED_UNKNOWN && (deed->number != entry->number || (deed->state == DEED_REFUSED) != refused ||
                                        !hash_equal(&deed->answer, &answer)))
        violation(model, "%s stands at %llu otherwise than it was answered at %llu", id_text(&deed->id), number,
                  (unsigned long long)deed->number);
    bool over = book->sum[deed->account] + deed->amount > LIMIT;
    if (refused != over)
        violation(model, "entry %llu: %s, but the account holds %llu", number, entry->event,
                  (unsigned long long)book->sum[deed->account]);
    if (refused)
        return;
    if (!decode(&toy_added_desc, entry->body, &added, arena) || added.account != deed->account || added.amount != deed->amount)
        return violation(model, "entry %llu says another thing than its command", number);
    book_add(book, added.account, added.amount);
    if (!decode(&toy_sum_desc, entry->reply, &sum, arena) || sum.sum != book->sum[added.account])
        violation(model, "entry %llu: the reply kept is not the sum", number);
}

static struct toy_sum ask_sum(struct machine *machine, const char *method, uint64_t account, struct arena *arena)
{
    const struct principal who = { .role = ROLE_OPERATOR, .reach = { .all = true }, .name = "check" };
    const struct toy_which which = { .account = account };
    struct toy_sum sum = { .sum = UINT64_MAX };
    struct outcome outcome;

    machine_query(machine, &who, method, msg_encode_in(arena, &toy_which_desc, &which), NULL, 0, arena, &outcome);
    if (outcome.kind == OUTCOME_REPLY && !decode(&toy_sum_desc, outcome.body, &sum, arena))
        sum.sum = UINT64_MAX;
    return sum;
}

static void check_sums(struct model *model, struct machine *machine, const char *method, const struct book *book)
{
    struct arena arena = { 0 };

    for (uint64_t a = 1; a <= ACCOUNTS; a++) {
        struct toy_sum sum = ask_sum(machine, method, a, &arena);
        if (sum.sum != book->sum[a])
            violation(model, "%s %llu: %llu stands there, %llu was done", method, (unsigned long long)a,
                      (unsigned long long)sum.sum, (unsigned long long)book->sum[a]);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void check_chain(struct model *model, struct machine *machine, bool fold)
{
    const char *name = machine_service(machine)->name, *why;
    uint64_t checked, bad;
    bool same = true;

    if (machine_verify(machine, &checked, &bad, &why) != ERR_OK)
        violation(model, "%s: entry %llu: %s", name, (unsigned long long)bad, why != NULL ? why : "unreadable");
    else if (checked != machine_head(machine))
        violation(model, "%s: %llu entries for the number %llu", name, (unsigned long long)checked,
                  (unsigned long long)machine_head(machine));
    if (fold && (machine_rebuild(machine, false, &same) != ERR_OK || !same))
        violation(model, "%s: the state is not the fold of the journal", name);
}

void check_ledger(struct model *model, struct machine *ledger, bool fold)
{
    struct book *book = calloc(1, sizeof *book);
    struct arena arena = { 0 };
    struct entry entry;
    struct txn txn;

    if (model->n > 0)
        qsort(model->list, model->n, sizeof *model->list, by_id);
    for (size_t i = 0; i < model->n; i++)
        model->list[i]->seen = 0;
    check_chain(model, ledger, fold);
    txn_begin(&txn, machine_store(ledger), TXN_READ);
    for (uint64_t n = 1; n <= machine_head(ledger) && journal_get(&txn, n, &arena, &entry, NULL); n++) {
        check_deed(model, book, &entry, &arena);
        arena_reset(&arena);
    }
    if (txn_end(&txn) != ERR_OK)
        violation(model, "the journal cannot be read: %s", err_text(txn.err));
    for (size_t i = 0; i < model->n; i++)
        if (model->list[i]->state != DEED_UNKNOWN && model->list[i]->seen == 0)
            violation(model, "%s was answered at %llu and is lost", id_text(&model->list[i]->id),
                      (unsigned long long)model->list[i]->number);
    check_sums(model, ledger, "toy.account.get", book);
    arena_free(&arena);
    free(book);
}

/* ── the mirror ───────────────────────────────────────────────────────────── */

/* What the source says up to the cursor. `is_deposit[n]`: entry n is one. */
static uint64_t read_source(struct machine *ledger, uint64_t cursor, struct book *book, bool *is_deposit)
{
    struct arena arena = { 0 };
    struct entry entry;
    struct toy_added added;
    struct txn txn;
    uint64_t n = 0;

    txn_begin(&txn, machine_store(ledger), TXN_READ);
    for (uint64_t i = 1; i <= cursor && journal_get(&txn, i, &arena, &entry, NULL); i++) {
        if (strcmp(entry.event, "toy.account.added") == 0 && decode(&toy_added_desc, entry.body, &added, &arena)) {
            is_deposit[i] = true;
            book_add(book, added.account, added.amount);
            n++;
        }
        arena_reset(&arena);
    }
    txn_end(&txn);
    arena_free(&arena);
    return n;
}

/* Each reaction belongs to one deposit, each deposit has one. */
static void check_reactions(struct model *model, struct machine *mirror, uint64_t cursor, bool *is_deposit, uint64_t deposits)
{
    struct arena arena = { 0 };
    struct entry entry;
    struct txn txn;
    uint64_t noted = 0;

    txn_begin(&txn, machine_store(mirror), TXN_READ);
    for (uint64_t i = 1; i <= machine_head(mirror) && journal_get(&txn, i, &arena, &entry, NULL); i++) {
        uint64_t cause = entry.cause->number;
        if (strcmp(entry.event, "mirror.deposit.noted") == 0) {
            if (cause > cursor || !is_deposit[cause])
                violation(model, "mirror: entry %llu reacts to %llu, which is %s", (unsigned long long)i,
                          (unsigned long long)cause, cause > cursor ? "after the cursor" : "no deposit, or the second time");
            else
                is_deposit[cause] = false;
            noted++;
        }
        arena_reset(&arena);
    }
    txn_end(&txn);
    if (noted != deposits)
        violation(model, "mirror: %llu reactions to %llu deposits", (unsigned long long)noted, (unsigned long long)deposits);
    arena_free(&arena);
}

void check_mirror(struct model *model, struct machine *ledger, struct machine *mirror, bool complete, bool fold)
{
    struct book *book = calloc(1, sizeof *book);
    struct arena arena = { 0 };
    struct follow follow;
    struct bytes stored;
    struct hash hash;
    struct txn txn;

    check_chain(model, mirror, fold);
    if (machine_follow(mirror, "toy", &arena, &follow) != ERR_OK)
        violation(model, "mirror: the stream has stopped");
    uint64_t cursor = follow.cursor->number, head = machine_head(ledger);
    bool *is_deposit = calloc(head + 2, 1);
    if (cursor > head || (complete && cursor != head))
        violation(model, "mirror: stands at %llu of %llu", (unsigned long long)cursor, (unsigned long long)head);
    txn_begin(&txn, machine_store(ledger), TXN_READ);
    if (cursor > 0 && cursor <= head && journal_raw(&txn, cursor, &stored, &hash) &&
        !bytes_equal(follow.cursor->hash, bytes(hash.b, HASH_SIZE)))
        violation(model, "mirror: stands at an entry %llu of another history", (unsigned long long)cursor);
    txn_end(&txn);
    if (cursor <= head) {
        uint64_t deposits = read_source(ledger, cursor, book, is_deposit);
        check_reactions(model, mirror, cursor, is_deposit, deposits);
        check_sums(model, mirror, "mirror.total.get", book);
        check_sums(model, mirror, "mirror.noted.get", book);
    }
    arena_free(&arena);
    free(is_deposit);
    free(book);
}
