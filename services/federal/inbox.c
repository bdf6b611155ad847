#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "services/federal/federal.h"
#include "services/federal/package.h"

/* The errand that takes the federal operator's receipts: files/inbox/NAME.json with NAME.json.sig beside it.
 *
 * What is signed and speaks of our package is taken, and lies in inbox/taken afterwards; what never can be lies in
 * inbox/refused, with the reason beside it; nothing is deleted. A file that may still be on its way in (no
 * signature yet, one that does not fit) is given SETTLE of standing still before it is refused. The effect of a
 * receipt is under an id made from its bytes and the day on which it is read, so that an answer may come years after
 * the sending, and the passport keeps the hash of the receipt that has answered it: a second copy, a second reading
 * after a fall change nothing on that day and on any other. */

#define INBOX_MS    5000
#define SETTLE      (2 * MOMENT_MINUTE)
#define WAITING_MAX 256                     /* files watched at a time; the others wait for their turn */
#define STEP_FILES  1000                    /* looked at in one step; the next goes on behind them … */
#define STEP_BYTES  (4u << 20)              /* … and once so much was read: what is said of it stays in memory as long */
#define SAME_MAX    1000                    /* names tried where one is taken */

/* What a file that stands still looked like when it was first seen so. */
struct waiting { struct hash name; int64_t size, modified, other; moment_t since; bool seen; };
struct inbox { struct waiting waiting[WAITING_MAX]; char after[FILE_NAME_MAX + 1]; };   /* after: where the round has come to */
_Static_assert(sizeof(struct inbox) <= INBOX_MEMORY, "it does not fit into the memory that its row asks for");

struct letters { struct errand *errand; const char *name[STEP_FILES]; uint32_t n; bool more; };

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

static const char *path_of(struct errand *errand, const char *dir, const char *name)
{
    return arena_format(errand->arena, "%s/%s", dir, name);
}

/* ── standing still ───────────────────────────────────────────────────────── */

static void look(const char *path, int64_t *size, int64_t *modified)
{
    struct stat st;
    *size = *modified = -1;
    if (lstat(path, &st) == 0) {
        *size = st.st_size;
        *modified = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
}

/* True when file and partner have been as they are for long enough. */
static bool settled(struct errand *errand, const char *path, const char *partner)
{
    struct inbox *inbox = errand->memory;
    struct waiting now = { .name = package_hash(bytes_of(path)), .since = errand->now, .seen = true }, *free = NULL;
    int64_t partner_size;
    look(path, &now.size, &now.modified);
    look(partner, &partner_size, &now.other);
    now.other += partner_size;
    for (size_t i = 0; i < WAITING_MAX; i++) {
        struct waiting *w = &inbox->waiting[i];
        if (w->since == 0 && free == NULL)
            free = w;
        if (w->since == 0 || !hash_equal(&w->name, &now.name))
            continue;
        w->seen = true;
        if (w->size != now.size || w->modified != now.modified || w->other != now.other || w->since > errand->now)
            *w = now;                       /* another one, or seen before the clock was set back */
        return errand->now - w->since >= SETTLE;
    }
    if (free != NULL)
        *free = now;
    return false;
}

/* Before a round nothing is seen; after it what is not seen has gone. */
static void watch(struct inbox *inbox, bool begins)
{
    for (size_t i = 0; i < WAITING_MAX; i++) {
        if (!begins && !inbox->waiting[i].seen)
            inbox->waiting[i] = (struct waiting){ 0 };
        inbox->waiting[i].seen = false;
    }
}

/* ── putting away ─────────────────────────────────────────────────────────── */

/* Room for what is added to a name (~2, .sig, .reason.txt): a longer one, and one that
 * is no plain text, is put away under the hash of it. */
#define NAME_ROOM (FILE_NAME_MAX - 24)

/* It can be said in an entry and in a line. A share of another system brings names in its own bytes. */
static bool name_plain(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return strlen(name) <= NAME_ROOM && text_valid(name, strlen(name));
}

/* A name that is free in the folder: NAME, NAME~2, NAME~3 … The extensions stay where a person looks for them. */
static const char *free_name(struct errand *errand, const char *dir, const char *name)
{
    char digits[HASH_TEXT + 1];
    if (!name_plain(name)) {
        struct hash hash = package_hash(bytes_of(name));
        hash_format(&hash, digits);
        name = arena_format(errand->arena, "letter-%s%s", digits, ends_with(name, ".json") ? ".json" : "");
    }
    const char *stem = arena_string(errand->arena, name, strlen(name) - (ends_with(name, ".json") ? 5 : 0)), *tried = name;
    for (int i = 2; i < SAME_MAX && (access(path_of(errand, dir, tried), F_OK) == 0 ||
                                     access(path_of(errand, dir, arena_format(errand->arena, "%s.sig", tried)), F_OK) == 0); i++)
        tried = arena_format(errand->arena, "%s~%d%s", stem, i, ends_with(name, ".json") ? ".json" : "");
    return tried;
}

/* The letter, then its signature. A fall in between leaves a signature whose letter has gone: finish_move(). */
static int put_away(struct errand *errand, const char *dir, const char *name, const char *to_dir, const char *to_name)
{
    const char *signature = arena_format(errand->arena, "%s.sig", name);
    int err = file_move(dir, name, to_dir, to_name);
    FAILPOINT("letter_half_moved");
    if (err == ERR_OK && strlen(signature) <= FILE_NAME_MAX)
        err = file_move(dir, signature, to_dir, arena_format(errand->arena, "%s.sig", to_name));
    return err == ERR_NOTFOUND ? ERR_OK : err;
}

/* The signature goes to the first letter of its name that lies there without one. False: there is none. */
static bool finish_move(struct errand *errand, const char *dir, const char *signature, const char *to_dir)
{
    const char *letter = arena_string(errand->arena, signature, strlen(signature) - 4), *stem = arena_string(errand->arena, letter, strlen(letter) - 5),
               *tried = letter;
    for (int i = 2; i < SAME_MAX && access(path_of(errand, to_dir, tried), F_OK) == 0; i++) {
        const char *beside = arena_format(errand->arena, "%s.sig", tried);
        if (access(path_of(errand, to_dir, beside), F_OK) != 0)
            return file_move(dir, signature, to_dir, beside) == ERR_OK;
        tried = arena_format(errand->arena, "%s~%d.json", stem, i);
    }
    return false;
}

/* Why, and what goes with it: a line of the file beside the letter, and what the reason was given with. */
struct why { const char *reason, *more; const struct problem *problem; };

static void put_args(struct errand *errand, const struct problem *problem, struct letter_refused *letter)
{
    if (problem == NULL || problem->args.n == 0)
        return;
    letter->args.at = ARENA_LIST(errand->arena, struct letter_arg, problem->args.n);
    for (; letter->args.n < problem->args.n; letter->args.n++) {
        const struct problem_arg *arg = &problem->args.at[letter->args.n];
        letter->args.at[letter->args.n] = (struct letter_arg){ arg->name, arg->value };
    }
}

static int refuse_letter_as(struct errand *errand, const char *dir, const char *name, struct bytes content, struct why why)
{
    const struct problem *problem = NULL;
    const char *refused = arena_format(errand->arena, "%s/refused", dir), *path = path_of(errand, dir, name);
    int64_t size, modified;
    int err = dir_make(refused, 0750);
    if (err != ERR_OK)
        return err;
    look(path, &size, &modified);
    struct hash hash = package_hash(content);
    struct letter_refused letter = { .file = free_name(errand, refused, name), .bytes = size > 0 ? (uint64_t)size : 0, .reason = why.reason,
                                     .hash = content.n > 0 ? bytes(hash.b, HASH_SIZE) : bytes(NULL, 0) };
    put_args(errand, why.problem, &letter);
    struct key key = { 0 };
    key_raw(&key, hash.b, HASH_SIZE);
    key_u64(&key, letter.bytes);
    struct hash name_hash = hash_two(bytes_of(letter.file), bytes_of(why.reason));
    key_raw(&key, name_hash.b, HASH_SIZE);
    struct uuid command = federal_command(errand, modified / 1000, "letter", key_bytes(&key));     /* moving does not change it */
    const char *lines = arena_format(errand->arena, "%s\n", why.reason);
    for (uint32_t i = 0; i < letter.args.n; i++)
        lines = arena_format(errand->arena, "%s%s %s\n", lines, letter.args.at[i].name, letter.args.at[i].value);
    lines = arena_format(errand->arena, "%s%s%s%s\n", lines, why.more, why.more[0] != '\0' ? "\n" : "", name);
    err = file_put_over(refused, arena_format(errand->arena, "%s.reason.txt", letter.file), bytes_of(lines));
    FAILPOINT("letter_reason");
    if (err == ERR_OK)
        err = errand_submit(errand, &command, "federal.letter.refuse", &letter_refused_desc, &letter, NULL, NULL, &problem);
    FAILPOINT("letter_refused");
    if (err == ERR_OK)
        err = put_away(errand, dir, name, refused, letter.file);
    log_warning("federal", "inbox: %s: %s", name, why.reason);
    return err;
}

static int refuse_letter(struct errand *errand, const char *dir, const char *name, struct bytes content, const char *reason, const char *more)
{
    return refuse_letter_as(errand, dir, name, content, (struct why){ reason, more, NULL });
}

static int take_letter(struct errand *errand, const char *dir, const char *name)
{
    const char *taken = arena_format(errand->arena, "%s/taken", dir);
    int err = dir_make(taken, 0750);
    FAILPOINT("letter_taken");
    return err == ERR_OK ? put_away(errand, dir, name, taken, free_name(errand, taken, name)) : err;
}

/* ── reading ──────────────────────────────────────────────────────────────── */

struct addressed { const char *name; struct hash hash; bool found, waits; struct passport passport; };

static void find_addressed(struct ctx *ctx, void *arg)
{
    struct addressed *to = arg;
    struct passport passport;
    struct uuid id = UUID_NIL;
    while (passport_next(ctx, &id, &passport)) {
        to->waits |= passport.state == PASSPORT_SENT && passport.package.n == 0;    /* not yet said to lie in the outbox */
        if (passport.name != NULL && strcmp(passport.name, to->name) == 0) {
            to->passport = passport;
            to->found = true;
        }
    }
}

/* The receipt is the operator's: whether it is about anything of ours. */
static int take_receipt(struct errand *errand, const char *dir, const char *name, struct bytes content, const struct receipt *receipt)
{
    const struct problem *problem = NULL;
    struct addressed to = { .name = receipt->package, .hash = receipt->hash };
    struct hash hash = package_hash(content);
    int err = errand_read(errand, find_addressed, &to);
    if (err != ERR_OK || (!to.found && to.waits))
        return err;                         /* later */
    if (!to.found)
        return refuse_letter(errand, dir, name, content, "package_unknown", receipt->package);
    if (!bytes_equal(to.passport.package, bytes(receipt->hash.b, HASH_SIZE)))
        return refuse_letter(errand, dir, name, content, "package_differs", receipt->package);
    struct operator_answer answer = { .passport = to.passport.id, .outcome = receipt->outcome, .number = receipt->number, .day = receipt->day,
                             .remarks = receipt->remarks, .package = to.passport.package, .receipt = bytes(hash.b, HASH_SIZE) };
    struct uuid command = SABOTAGE("receipt_by_chance") ? uuid_new()
                        : federal_command(errand, errand->now - errand->now % MOMENT_DAY, "receipt", bytes(hash.b, HASH_SIZE));
    err = errand_submit(errand, &command, "federal.receipt.take", &operator_answer_desc, &answer, NULL, NULL, &problem);
    FAILPOINT("receipt_submitted");
    if (err != ERR_OK || (problem != NULL && (problem->code == PROBLEM_BUSY || problem->code == PROBLEM_UNAVAILABLE)))
        return err;
    if (problem != NULL)
        return refuse_letter_as(errand, dir, name, content, (struct why){ problem->reason, receipt->package, problem });
    log_info("federal", "receipt %s: %s", receipt->number, answer_outcome_names.names[receipt->outcome]);
    return take_letter(errand, dir, name);
}

/* ERR_OK also for what is left for later. */
static int read_letter(struct errand *errand, const char *dir, const char *name, const uint8_t key[PUBLIC_SIZE], struct buf *content)
{
    const char *path = path_of(errand, dir, name), *sig_name = arena_format(errand->arena, "%s.sig", name),
               *sig_path = path_of(errand, dir, sig_name);
    struct receipt receipt;
    struct buf signature = { 0 };
    char fault[200] = "";
    int err = file_get(path, RECEIPT_MAX, content);
    if (err == ERR_FULL)
        return refuse_letter(errand, dir, name, bytes(NULL, 0), "too_large", "");
    if (err == ERR_MALFORMED)
        return refuse_letter(errand, dir, name, bytes(NULL, 0), "not_a_file", "");
    if (err != ERR_OK)
        return err == ERR_NOTFOUND ? ERR_OK : err;
    int sig_err = file_get(sig_path, SIGNATURE_SIZE, &signature);
    bool holds = sig_err == ERR_OK && sign_holds(key, buf_bytes(content), buf_bytes(&signature));
    buf_free(&signature);
    if (!holds && sig_err != ERR_OK && sig_err != ERR_NOTFOUND && sig_err != ERR_FULL && sig_err != ERR_MALFORMED)
        return sig_err;                     /* it may be right: what the disk keeps back now is no reason to refuse */
    if (!holds && !settled(errand, path, sig_path))
        return ERR_OK;
    if (!holds)
        return refuse_letter(errand, dir, name, buf_bytes(content), sig_err == ERR_NOTFOUND ? "not_signed" : "signature_wrong", "");
    if (receipt_read(buf_bytes(content), errand->arena, &receipt, fault) != ERR_OK)
        return refuse_letter(errand, dir, name, buf_bytes(content), "receipt_malformed", fault);
    return take_receipt(errand, dir, name, buf_bytes(content), &receipt);
}

/* A signature whose letter never came, and what is neither. */
static int read_other(struct errand *errand, const char *dir, const char *name)
{
    const char *path = path_of(errand, dir, name);
    if (ends_with(name, ".json.sig")) {
        const char *letter = arena_string(errand->arena, path, strlen(path) - 4);
        if (access(letter, F_OK) == 0)
            return ERR_OK;
        if (!settled(errand, path, letter) || finish_move(errand, dir, name, arena_format(errand->arena, "%s/taken", dir)) ||
            finish_move(errand, dir, name, arena_format(errand->arena, "%s/refused", dir)))
            return ERR_OK;
        return refuse_letter(errand, dir, name, bytes(NULL, 0), "letter_missing", "");
    }
    return settled(errand, path, path) ? refuse_letter(errand, dir, name, bytes(NULL, 0), "not_a_receipt", "") : ERR_OK;
}

/* ── a round ──────────────────────────────────────────────────────────────── */

static int each_name(void *arg, const char *name)
{
    struct letters *letters = arg;
    if (letters->n == STEP_FILES) {
        letters->more = true;
        return ERR_EXISTS;                  /* enough for now */
    }
    letters->name[letters->n++] = arena_string(letters->errand->arena, name, strlen(name));
    return ERR_OK;
}

/* True when there is more behind them. */
static bool read_some(struct errand *errand, const char *dir, const uint8_t key[PUBLIC_SIZE])
{
    struct inbox *inbox = errand->memory;
    struct letters letters = { .errand = errand };
    struct buf content = { 0 };
    size_t total = 0;
    dir_each_after(dir, inbox->after, each_name, &letters);
    for (uint32_t i = 0; i < letters.n && !errand_ending(errand); i++) {
        const char *name = letters.name[i];
        buf_clear(&content);
        int err = ends_with(name, ".json") ? read_letter(errand, dir, name, key, &content) : read_other(errand, dir, name);
        if (err != ERR_OK)
            log_warning("federal", "inbox: %s: %s: later", name, err_text(err));
        total += content.n;
        if (total > STEP_BYTES && !SABOTAGE("letters_kept")) {
            letters.n = i + 1;
            letters.more = true;
        }
    }
    buf_free(&content);
    snprintf(inbox->after, sizeof inbox->after, "%s", letters.more ? letters.name[letters.n - 1] : "");
    return letters.more;
}

uint32_t inbox_step(struct errand *errand)
{
    struct inbox *inbox = errand->memory;
    const char *dir = arena_format(errand->arena, "%s/inbox", errand->files);
    const char *file = arena_format(errand->arena, "%s/operator.pub", errand->keys);
    uint8_t key[PUBLIC_SIZE];
    char fault[200];
    if (dir_make(dir, 0750) != ERR_OK || access(file, F_OK) != 0)
        return INBOX_MS;                    /* nobody's receipts can be told from anybody's: they wait */
    if (sign_load_public(file, key, fault) != ERR_OK) {
        log_warning("federal", "%s", fault);
        return INBOX_MS * 6;
    }
    if (inbox->after[0] == '\0')
        watch(inbox, true);
    if (read_some(errand, dir, key))
        return 0;
    watch(inbox, false);
    return INBOX_MS;
}
