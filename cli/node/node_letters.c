/* node export, import, answers: the queue on a memory stick.
 *
 * A file     eight bytes of name and version ("rsnms-l1": letters, "rsnms-a1": answers), the principal's id (16), then
 *            records: their length (4, big-endian) and a node_stick message; a length of 0 ends them, and after it stands
 *            the BLAKE2b-256 of all before it. A file that was cut short or changed is refused whole; and each letter is
 *            sealed between node and service, so that a stick can be lost without anybody reading it.
 * Order      letters stand in the order of the queue and are delivered in it; the first that cannot be delivered ends it.
 * Again      ids are those of the queue: delivered twice, or sent over the link beside it, it is one and the same command. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/node/node.h"
#include "cli/lists/sheet.h"
#include "common/core/err.h"
#include "common/core/hash.h"
#include "common/net/letters.h"
#include "proto/roles.h"

#define NAME_N       8
#define LETTERS_NAME "rsnms-l1"
#define ANSWERS_NAME "rsnms-a1"

/* ── the file ─────────────────────────────────────────────────────────────── */

static void put_length(struct buf *out, size_t n)
{
    const uint8_t length[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
    buf_put(out, length, sizeof length);
}

static void stick_start(struct buf *out, const char *name, const struct uuid *principal)
{
    buf_put(out, name, NAME_N);
    buf_put(out, principal->b, sizeof principal->b);
}

static void stick_add(struct buf *out, const struct node_stick *record)
{
    struct buf encoded = { 0 };
    msg_encode(&node_stick_desc, record, &encoded);
    put_length(out, encoded.n);
    buf_put(out, encoded.at, encoded.n);
    buf_free(&encoded);
}

static struct hash hash_of(struct bytes bytes)
{
    struct hash_state state;
    hash_start(&state, NULL);
    hash_more(&state, bytes.at, bytes.n);
    return hash_end(&state);
}

static int stick_write(struct buf *out, const char *path)
{
    put_length(out, 0);
    struct hash hash = hash_of(buf_bytes(out));
    buf_put(out, hash.b, sizeof hash.b);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, out->at, out->n) == (ssize_t)out->n && fsync(fd) == 0;
    int code = written ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return code;
}

struct stick { struct buf file; size_t at, end; struct uuid principal; };

static int stick_read(struct stick *stick, const char *path, const char *name)
{
    *stick = (struct stick){ .at = NAME_N + sizeof stick->principal.b };
    int code = file_read(path, &stick->file);
    if (code != CLI_OK)
        return code;
    if (stick->file.n < stick->at + 4 + HASH_SIZE || memcmp(stick->file.at, name, NAME_N) != 0)
        return cli_say(CLI_FAILED, "%s: not a file of %s, or cut short: nothing was taken", path,
                       strcmp(name, LETTERS_NAME) == 0 ? "letters" : "answers");
    stick->end = stick->file.n - HASH_SIZE;
    struct hash hash = hash_of(bytes(stick->file.at, stick->end));
    if (memcmp(hash.b, stick->file.at + stick->end, HASH_SIZE) != 0)
        return cli_say(CLI_FAILED, "%s: cut short or changed on the way: nothing was taken", path);
    memcpy(stick->principal.b, stick->file.at + NAME_N, sizeof stick->principal.b);
    return CLI_OK;
}

/* 1: a record; 0: the end; -1: not readable (which the hash would have told). */
static int stick_next(struct stick *stick, struct arena *arena, struct node_stick *record)
{
    const uint8_t *at = stick->file.at + stick->at;
    struct msg_error error;

    if (stick->at + 4 > stick->end)
        return -1;
    size_t n = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (n == 0)
        return 0;
    if (n > stick->end - stick->at - 4 ||
        msg_decode(&node_stick_desc, bytes(at + 4, n), MSG_STRICT, arena, record, &error) != ERR_OK)
        return -1;
    stick->at += 4 + n;
    return 1;
}

/* ── keys of the node ─────────────────────────────────────────────────────── */

struct sealing { struct key_pair own; struct letter_key key[NODE_REGION_SERVICES]; bool known[NODE_REGION_SERVICES]; };

static int sealing_open(struct cli *cli, struct sealing *sealing)
{
    struct principals *principals = NULL;
    char says[400] = "";
    *sealing = (struct sealing){ 0 };
    int err = key_load(cli->config.keys, "node", &sealing->own, says);
    if (err == ERR_OK)
        err = principals_load(&principals, cli->config.keys, &role_names, says);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", cli->config.keys, says[0] != '\0' ? says : err_text(err));
    for (size_t i = 0; i < NODE_REGION_SERVICES; i++) {
        const struct principal_key *row = principals_by_name(principals, NODE_REGION[i]);
        sealing->known[i] = row != NULL && letter_key(&sealing->key[i], row->public_key, sealing->own.secret_key) == ERR_OK;
    }
    principals_free(&principals);
    return CLI_OK;
}

static void sealing_close(struct sealing *sealing)
{
    for (size_t i = 0; i < NODE_REGION_SERVICES; i++)
        letter_key_wipe(&sealing->key[i]);
    key_wipe(&sealing->own);
}

static const struct letter_key *key_for(const struct sealing *sealing, const char *service)
{
    for (size_t i = 0; i < NODE_REGION_SERVICES; i++)
        if (strcmp(NODE_REGION[i], service) == 0 && sealing->known[i])
            return &sealing->key[i];
    return NULL;
}

/* ── export ───────────────────────────────────────────────────────────────── */

static int letter_add(struct cli *cli, const struct sealing *sealing, const struct node_letter *from, struct buf *out)
{
    const struct letter_key *key = key_for(sealing, from->service);
    const struct letter letter = { .service = from->service, .method = from->method, .command = from->item, .lane = from->lane,
                                   .previous = from->previous, .made_at = from->made_at, .body = from->body };
    struct envelope sealed;

    if (key == NULL)
        return cli_say(CLI_FAILED, "no key of %s", from->service);
    int err = letter_seal(key, &letter, &cli->arena, &sealed);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s: %s", from->method, err_text(err));
    stick_add(out, &(struct node_stick){ from->service, from->item, sealed.nonce, sealed.box });
    return CLI_OK;
}

int verb_node_export(struct cli *cli, int argc, char **argv)
{
    struct node_letters_of of = { .limit = 100 };
    struct node_letters letters;
    struct sealing sealing;
    struct buf out = { 0 };
    uint64_t count = 0;
    int code;

    if (argc != 2)
        return cli_usage("node export", "one FILE is needed");
    if ((code = cli_config(cli)) != CLI_OK || (code = sealing_open(cli, &sealing)) != CLI_OK)
        return code;
    stick_start(&out, LETTERS_NAME, &sealing.own.id);
    do {
        if ((code = cli_ask(cli, "node.letter.list", &of, &letters)) != CLI_OK)
            break;
        for (uint32_t i = 0; i < letters.rows.n && code == CLI_OK; i++, count++)
            code = letter_add(cli, &sealing, &letters.rows.at[i], &out);
        of.after = letters.next;
    } while (of.after != 0 && code == CLI_OK);
    sealing_close(&sealing);
    if (code == CLI_OK)
        code = stick_write(&out, argv[1]);
    buf_free(&out);
    if (code != CLI_OK)
        return code;
    printf("%s: %" PRIu64 "\n", argv[1], count);
    if (letters.unknown > 0) {
        const struct catalogue_arg args[] = { { "count", arena_format(&cli->arena, "%" PRIu64, letters.unknown - count) } };
        printf("%s\n", cli_words(cli, "node.unknown_persons", args, 1));
    }
    return CLI_OK;
}

/* ── import: at the region ────────────────────────────────────────────────── */

/* What comes after for another service may rest on what was delivered: it waits until that has been followed. */
static int deliver(struct cli *cli, const struct stick *stick, const struct node_stick *record, struct buf *answers)
{
    const struct letter_deliver body = { stick->principal, record->nonce, record->box };
    struct letter_delivered delivered;
    int code = cli_ask(cli, arena_format(&cli->arena, "%s.letter.deliver", record->service), &body, &delivered);

    if (code == CLI_OK)
        stick_add(answers, &(struct node_stick){ record->service, record->item, delivered.nonce, delivered.box });
    return code;
}

int verb_node_import(struct cli *cli, int argc, char **argv)
{
    struct stick stick;
    struct node_stick record;
    struct buf answers = { 0 };
    uint64_t count = 0;
    const char *service = "";
    int code, got = 0;

    if (argc != 2)
        return cli_usage("node import", "one FILE is needed");
    if ((code = cli_config(cli)) != CLI_OK || (code = stick_read(&stick, argv[1], LETTERS_NAME)) != CLI_OK)
        return code;
    stick_start(&answers, ANSWERS_NAME, &stick.principal);
    while (code == CLI_OK && (got = stick_next(&stick, &cli->arena, &record)) == 1) {
        if (strcmp(service, record.service) != 0) {
            static char *settle[] = { "settle", NULL };
            if (*service != '\0')
                code = verb_settle(cli, 1, settle);
            service = record.service;
        }
        if (code == CLI_OK && (code = deliver(cli, &stick, &record, &answers)) == CLI_OK)
            count++;
    }
    if (got < 0)
        code = cli_say(CLI_FAILED, "%s: letter %" PRIu64 " cannot be read", argv[1], count + 1);
    const char *to = arena_format(&cli->arena, "%s.answers", argv[1]);
    int written = count > 0 || code == CLI_OK ? stick_write(&answers, to) : CLI_OK;
    buf_free(&answers);
    buf_free(&stick.file);
    const struct catalogue_arg args[] = { { "count", arena_format(&cli->arena, "%" PRIu64, count) }, { "file", to } };
    printf("%s\n", cli_words(cli, "node.delivered", args, 2));
    return code != CLI_OK ? code : written;
}

/* ── answers: back at the node ────────────────────────────────────────────── */

struct taking_in { struct cli *cli; struct node_answered list[NODE_ANSWERS_MAX]; uint32_t n; uint64_t taken, known, conflicts, strange, postponed; };

static int flush(struct taking_in *in)
{
    const struct node_answer answer = { .answers = { in->n, in->list } };
    struct node_answers_taken taken;

    if (in->n == 0)
        return CLI_OK;
    int code = cli_ask(in->cli, "node.items.answer", &answer, &taken);
    if (code == CLI_OK) {
        in->taken += taken.taken;
        in->known += taken.known;
        in->conflicts += taken.conflicts;
        in->strange += taken.strange;
    }
    in->n = 0;
    return code;
}

static int answer_take(struct taking_in *in, const struct letter_answer *answer)
{
    struct node_answered *answered = &in->list[in->n];
    struct problem problem;
    struct msg_error error;

    *answered = (struct node_answered){ .item = answer->command, .letter = true,
                                        .outcome = answer->outcome == LETTER_REPLY ? NODE_ACCEPTED : NODE_REFUSED };
    if (answer->position != NULL) {
        answered->position = ARENA_NEW(&in->cli->arena, struct node_position);
        *answered->position = (struct node_position){ answer->position->journal, answer->position->incarnation, answer->position->number };
    }
    if (answered->outcome == NODE_ACCEPTED)
        answered->reply = answer->body.n <= NODE_REPLY_MAX ? answer->body : bytes(NULL, 0);
    else if (msg_decode(&problem_desc, answer->body, MSG_LENIENT, &in->cli->arena, &problem, &error) != ERR_OK ||
             (answer->position == NULL && (problem.code == PROBLEM_FORK || problem.code == PROBLEM_BUSY ||
                                           problem.code == PROBLEM_UNAVAILABLE || problem.code == PROBLEM_DEADLINE))) {
        in->postponed++;                    /* not decided: the item goes on waiting */
        return CLI_OK;
    } else
        answered->problem = answer->body.n <= NODE_PROBLEM_MAX ? answer->body : bytes(NULL, 0);
    return ++in->n == NODE_ANSWERS_MAX ? flush(in) : CLI_OK;
}

static int answers_take(struct taking_in *in, struct stick *stick, const struct sealing *sealing, const char *path)
{
    struct node_stick record;
    int code = CLI_OK, got;

    if (!uuid_equal(&stick->principal, &sealing->own.id))
        return cli_say(CLI_FAILED, "%s: answers to another node", path);
    while (code == CLI_OK && (got = stick_next(stick, &in->cli->arena, &record)) != 0) {
        const struct letter_key *key = got == 1 ? key_for(sealing, record.service) : NULL;
        struct letter_answer answer;
        const struct envelope sealed = { record.nonce, record.box };
        if (key == NULL || letter_answer_open(key, &sealed, &in->cli->arena, &answer) != ERR_OK)
            return cli_say(CLI_FAILED, "%s: an answer cannot be opened by this node's key", path);
        code = answer_take(in, &answer);
    }
    return code == CLI_OK ? flush(in) : code;
}

int verb_node_answers(struct cli *cli, int argc, char **argv)
{
    struct taking_in in = { .cli = cli };
    struct sealing sealing;
    struct stick stick;
    int code;

    if (argc != 2)
        return cli_usage("node answers", "one FILE is needed");
    if ((code = cli_config(cli)) != CLI_OK || (code = stick_read(&stick, argv[1], ANSWERS_NAME)) != CLI_OK ||
        (code = sealing_open(cli, &sealing)) != CLI_OK)
        return code;
    code = answers_take(&in, &stick, &sealing, argv[1]);
    sealing_close(&sealing);
    buf_free(&stick.file);
    const struct catalogue_arg args[] = {
        { "taken", arena_format(&cli->arena, "%" PRIu64, in.taken) }, { "known", arena_format(&cli->arena, "%" PRIu64, in.known) },
        { "conflicts", arena_format(&cli->arena, "%" PRIu64, in.conflicts) },
        { "strange", arena_format(&cli->arena, "%" PRIu64, in.strange + in.postponed) } };
    printf("%s\n", cli_words(cli, "node.answers_taken", args, 4));
    return code;
}
