#include "services/node/take.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/random.h"
#include "common/core/text.h"
#include "common/service/vault_intake.h"

#define NONCE crypto_secretbox_NONCEBYTES
#define TAG   crypto_secretbox_MACBYTES

int taking_open(struct taking *taking, const char *keys_dir, const struct node_config *config, struct arena *arena, day_t today)
{
    char path[600];
    struct stat st;
    int err = ERR_OK;

    *taking = (struct taking){ .config = config, .arena = arena, .today = today };
    memcpy(taking->intake, config->intake, sizeof taking->intake);
    snprintf(path, sizeof path, "%s/" TAKE_KEY_FILE, keys_dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return ERR_NOTFOUND;
    if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0 || read(fd, taking->key.b, sizeof taking->key.b) != sizeof taking->key.b)
        err = ERR_DENIED;
    close(fd);
    return err;
}

void taking_wipe(struct taking *taking)
{
    sodium_memzero(&taking->key, sizeof taking->key);
}

struct hash take_mark(const struct taking *taking, const char *kind, struct bytes of)
{
    struct hash_state state;
    hash_start(&state, &taking->key);
    hash_more(&state, kind, strlen(kind) + 1);
    hash_more(&state, of.at, of.n);
    return hash_end(&state);
}

static struct bytes mark(const struct taking *taking, const char *kind, struct bytes of)
{
    struct hash hash = take_mark(taking, kind, of);
    return arena_bytes(taking->arena, bytes(hash.b, NODE_MARK));
}

static struct bytes code_mark(const struct taking *taking, const char *code)
{
    return mark(taking, "code", bytes_of(text_fold(taking->arena, text_nfc(taking->arena, code))));
}

/* ── sealing ──────────────────────────────────────────────────────────────── */

/* Bytes that nobody without the key can tell from chance, and that are the same for the same row. */
struct seeded { const struct taking *taking; struct hash seed; uint32_t count; };

static void seeded_fill(void *self, void *at, size_t n)
{
    struct seeded *seeded = self;
    uint8_t *out = at;
    while (n > 0) {
        uint8_t from[sizeof seeded->seed.b + 4];
        memcpy(from, seeded->seed.b, sizeof seeded->seed.b);
        memcpy(from + sizeof seeded->seed.b, &seeded->count, 4);
        struct hash hash = take_mark(seeded->taking, "ephemeral", bytes(from, sizeof from));
        size_t part = n < sizeof hash.b ? n : sizeof hash.b;
        memcpy(out, hash.b, part);
        seeded->count++;
        out += part;
        n -= part;
    }
}

static bool seal_person(const struct taking *taking, const struct worker_record *row, struct worker_record *out)
{
    const struct worker_person person = { .code = row->code, .family = row->family, .given = row->given,
        .patronymic = row->patronymic, .born = row->born, .snils = row->snils, .teaching_since = row->teaching_since,
        .working_since = row->working_since, .education = row->education, .pedagogical_since = row->pedagogical_since };
    struct bytes plain = msg_encode_in(taking->arena, &worker_person_desc, &person);
    struct seeded seeded = { taking, take_mark(taking, "seed", plain), 0 };
    const struct random_source random = { seeded_fill, &seeded };

    *out = (struct worker_record){ .organisation = row->organisation, .post = row->post, .subject = row->subject,
                                   .part_time = row->part_time, .from = row->from, .until = row->until,
                                   .rate = row->rate, .matching = row->matching };
    return intake_seal(taking->intake, plain, &random, taking->arena, &out->sealed) == ERR_OK;
}

static struct bytes seal_code(const struct taking *taking, const char *code)
{
    struct hash key = take_mark(taking, "seal", bytes(NULL, 0)), nonce = take_mark(taking, "nonce", bytes_of(code));
    size_t n = strlen(code);
    uint8_t *out = arena_alloc(taking->arena, NONCE + TAG + n);

    memcpy(out, nonce.b, NONCE);
    crypto_secretbox_easy(out + NONCE, (const uint8_t *)code, n, nonce.b, key.b);
    return bytes(out, NONCE + TAG + n);
}

const char *take_code_open(const struct taking *taking, struct bytes sealed)
{
    struct hash key = take_mark(taking, "seal", bytes(NULL, 0));
    const uint8_t *at = sealed.at;

    if (sealed.n < NONCE + TAG)
        return NULL;
    char *out = arena_alloc(taking->arena, sealed.n - NONCE - TAG + 1);
    return crypto_secretbox_open_easy((uint8_t *)out, at + NONCE, sealed.n - NONCE, at, key.b) == 0 ? out : NULL;
}

/* ── rows ─────────────────────────────────────────────────────────────────── */

static enum staff_place any_place(void *arg, const char *code, struct staff_unit *unit)
{
    (void)arg, (void)code, (void)unit;
    return STAFF_PLACE_GOOD;                /* decide asks, which has the copy */
}

static void marks_of(const struct taking *taking, struct node_enter *enter, const char *key, struct bytes all)
{
    enter->row_key = mark(taking, "row", bytes_of(key));
    enter->row_mark = mark(taking, "says", all);
}

static const char *folded(const struct taking *taking, const char *text)
{
    return text_fold(taking->arena, text_nfc(taking->arena, text));
}

static bool take_worker(struct taking *taking, const struct worker_record *row, struct node_enter *enter, struct staff_fault *fault)
{
    const struct staff_check check = { .posts = &taking->config->posts, .today = taking->today, .arena = taking->arena,
                                       .place = any_place };
    struct staff_record record;
    struct worker_record sealed;

    if (!staff_record_check(row, &check, &record, fault))
        return false;
    const char *key = arena_format(taking->arena, "worker|%s|%s|%s|%u", folded(taking, row->code), folded(taking, row->organisation),
                                   folded(taking, row->post), (unsigned)row->from);
    marks_of(taking, enter, key, msg_encode_in(taking->arena, &worker_record_desc, row));
    enter->code_mark = code_mark(taking, row->code);
    if (!seal_person(taking, row, &sealed)) {
        *fault = (struct staff_fault){ .reason = "sealed_unreadable", .path = "sealed", .rule = "unreadable" };
        return false;
    }
    enter->body = msg_encode_in(taking->arena, &worker_record_desc, SABOTAGE("node_in_clear") ? row : &sealed);
    return true;
}

static const char *identity(const struct taking *taking, int method, const void *message, const char *who)
{
    if (NODE_METHOD[method].takes == &support_record_desc) {
        const struct support_record *support = message;
        return arena_format(taking->arena, "support|%s|%s|%u", who, folded(taking, support->form), (unsigned)support->day);
    }
    if (NODE_METHOD[method].takes == &completion_record_desc) {
        const struct completion_record *completion = message;
        char programme[UUID_TEXT + 1];
        uuid_format(&completion->programme, programme);
        return arena_format(taking->arena, "completion|%s|%s|%u", who, programme, (unsigned)completion->day);
    }
    return NULL;                            /* said again it is meant again */
}

bool take_message(struct taking *taking, int method, const void *message, const char *code, const char *source,
                  struct node_enter *enter, struct staff_fault *fault)
{
    const struct node_method *of = &NODE_METHOD[method];
    char person[UUID_TEXT + 1] = "";

    *enter = (struct node_enter){ .method = of->name, .source = source };
    if (of->sealed)
        return take_worker(taking, message, enter, fault);
    enter->body = msg_encode_in(taking->arena, of->takes, message);
    if (code != NULL) {
        enter->code_mark = code_mark(taking, code);
        enter->person_sealed = seal_code(taking, text_nfc(taking->arena, code));
    } else if (of->person >= 0) {
        uuid_format((const struct uuid *)(const void *)((const char *)message + of->person), person);
    }
    const char *who = code != NULL ? folded(taking, code) : person;
    const char *key = identity(taking, method, message, who);
    if (key != NULL)
        marks_of(taking, enter, key, enter->body);      /* whom it means is in the key */
    return true;
}
