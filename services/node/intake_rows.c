#include "services/node/intake_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/core/files.h"
#include "common/core/log.h"

/* One list: found out what it is, its rows checked and queued in pieces, what was refused reported. */

#define PIECE_BYTES (96 * 1024)

struct listing {
    struct errand *errand;
    const char *name;
    const struct list_kind *kind;
    struct list list;
    struct list_map map;
    struct bytes own;                       /* the map that lies beside it; none when empty */
    struct uuid file;
    struct node_file safe;                  /* how far it is safe */
    bool all_wait;                          /* what keeps it waiting keeps every list */
    struct taking taking;
    struct report report;
    struct arena whole, piece;              /* of the file; of the rows under way */
};

/* ── what it is ───────────────────────────────────────────────────────────── */

/* How many of a kind's columns the header has: the fault of the likeliest one is told. */
static uint32_t likeness(const struct list_kind *kind, const struct csv_row *header)
{
    uint32_t n = 0;
    for (size_t i = 0; i < *kind->n; i++) {
        struct csv_mapping mapping;
        const char *fault, *reason;
        struct csv_column one = kind->columns[i];
        one.required = true;
        n += csv_map(&one, 1, header, &mapping, &fault, &reason) == ERR_OK;
    }
    return n;
}

static bool kind_fits(struct listing *l)
{
    struct list_fault fault;

    for (uint32_t i = 0; i < LIST_KIND_COUNT; i++) {
        l->kind = &LIST_KIND[i];
        if (list_columns(&l->list, l->kind->columns, *l->kind->n, &l->map, &fault))
            return true;
    }
    return false;
}

static bool kind_untold(struct listing *l)
{
    const struct list_kind *best = &LIST_KIND[0];
    struct list_fault fault;
    uint32_t most = 0;

    for (uint32_t i = 0; i < LIST_KIND_COUNT; i++) {
        l->kind = &LIST_KIND[i];
        list_columns(&l->list, l->kind->columns, *l->kind->n, &l->map, &fault);
        uint32_t like = likeness(l->kind, &l->list.header);
        if (like > most) {
            most = like;
            best = l->kind;
        }
    }
    l->kind = best;
    list_columns(&l->list, best->columns, *best->n, &l->map, &fault);
    const struct catalogue_arg args[] = { { "column", fault.column }, { "list", catalogue_text(l->report.sentences, best->token) } };
    report_say(&l->report, most == 0 ? "table.columns_unknown" : arena_format(&l->whole, "table.%s", fault.token), args, 2);
    return false;
}

static bool say_fault(struct listing *l, const struct list_fault *fault)
{
    char line[16];
    snprintf(line, sizeof line, "%" PRIu32, fault->line);
    const struct catalogue_arg args[] = { { "line", line }, { "column", fault->column != NULL ? fault->column : "" } };
    report_say(&l->report, arena_format(&l->whole, "table.%s", fault->token), args, 2);
    return false;
}

/* A field of the map has to be one of some list's, not of this one's: it may stand for all lists of a place. */
static bool map_read(struct listing *l, struct bytes map)
{
    struct list_fault fault = { .token = "map_field" };

    if (map.n == 0)
        return true;
    bool good = list_map_read(&l->map, map, &l->whole, &fault);
    for (uint32_t i = 0; good && i < l->map.n; i++) {
        const struct list_map one = { 1, { l->map.at[i] } };
        uint32_t unknown = 0;
        for (uint32_t k = 0; k < LIST_KIND_COUNT; k++)
            unknown += (fault.line = list_map_unknown(&one, LIST_KIND[k].columns, *LIST_KIND[k].n, &fault.column)) != 0;
        good = unknown < LIST_KIND_COUNT;
        fault.line = one.at[0].line;
    }
    if (good)
        return true;
    report_say(&l->report, "report.in_columns", NULL, 0);
    return say_fault(l, &fault);
}

/* ── maps that are kept ───────────────────────────────────────────────────── */

static const char *kept_folder(struct listing *l) { return arena_format(&l->whole, "%s/" INTAKE_KEPT, l->errand->files); }

static const char *kept_name(struct listing *l)
{
    char titles[LIST_TITLES_NAME + 1];
    list_titles_name(&l->list, titles);
    return arena_format(&l->whole, "%s" INTAKE_MAP, titles);
}

/* What lay beside a list that was taken is an answer to the next one of the same titles. If it cannot be kept, somebody lays it there again. */
static void map_keep(struct listing *l)
{
    if (l->own.n > 0 && dir_make(kept_folder(l), 0750) == ERR_OK)
        file_put_over(kept_folder(l), kept_name(l), l->own);
}

/* True: it is there, and tells what this list is. */
static bool map_kept(struct listing *l)
{
    const struct list_map given = l->map;
    const char *name = kept_name(l);
    struct list_fault fault;
    struct buf content = { 0 };

    bool fits = l->own.n == 0 && file_get(arena_format(&l->whole, "%s/%s", kept_folder(l), name), INTAKE_MAP_MAX, &content) == ERR_OK &&
                list_map_read(&l->map, buf_bytes(&content), &l->whole, &fault) && kind_fits(l);
    buf_free(&content);
    if (fits)
        report_say(&l->report, "report.columns_kept", &(struct catalogue_arg){ "map", name }, 1);
    else
        l->map = given;
    return fits;
}

/* The whole of it is walked first: a file broken in the middle does nothing at all. */
static bool listing_open(struct listing *l, struct bytes content, struct bytes map)
{
    struct list_fault fault;

    if (!list_begin(&l->list, content, INTAKE_UNFOLD_MAX, &fault))
        return say_fault(l, &fault);
    if (!map_read(l, map) || (!kind_fits(l) && !map_kept(l) && !kind_untold(l)))
        return false;
    return list_walk(&l->list, &fault) || say_fault(l, &fault);
}

/* ── rows ─────────────────────────────────────────────────────────────────── */

struct piece {
    struct listing *l;
    struct csv_row row[NODE_ROWS_MAX];
    uint32_t row_n;
    struct node_enter enter[NODE_ROWS_MAX];
    uint32_t n;
    uint64_t refused;
    uint32_t line;                          /* the last one looked at */
};

/* Rows before `safe.line` were taken in before the process ended: they are checked again for the report alone. */
static void row_check(struct ctx *ctx, struct piece *piece, const struct csv_row *row)
{
    struct listing *l = piece->l;
    int method = node_method_find(l->kind->method);
    struct staff_fault fault = { 0 };
    struct msg_error error;
    struct buf encoded = { 0 };
    void *line = arena_alloc(&l->piece, l->kind->line->size), *message = arena_alloc(&l->piece, NODE_METHOD[method].takes->size);
    const char *code = NULL;
    char source[NODE_SOURCE_MAX + 1];

    list_message(&l->list, l->kind->line, row, &encoded);
    bool good = msg_decode(l->kind->line, buf_bytes(&encoded), MSG_STRICT, &l->piece, line, &error) == ERR_OK;
    buf_free(&encoded);
    if (!good)
        fault = list_repeats_titles(&l->list, row) ? (struct staff_fault){ .reason = "header_again", .path = "" }
                                                   : (struct staff_fault){ .reason = "message", .path = error.path, .rule = error.rule };
    struct arena *arena = ctx->arena;
    ctx->arena = &l->piece;
    good = good && l->kind->make(ctx, line, message, &code, &fault);
    ctx->arena = arena;
    if (good && row->line > l->safe.line) {
        snprintf(source, sizeof source, "%.180s:%" PRIu32, l->name, row->line);
        good = take_message(&l->taking, method, message, code, arena_string(&l->piece, source, strlen(source)),
                            &piece->enter[piece->n], &fault);
        piece->n += good;
    }
    if (!good) {
        report_line(&l->report, row->line, list_title(&l->list, fault.path), &fault);
        piece->refused += row->line > l->safe.line;
    }
}

static void read_piece(struct ctx *ctx, void *arg)
{
    struct piece *piece = arg;
    for (uint32_t i = 0; i < piece->row_n; i++)
        row_check(ctx, piece, &piece->row[i]);
}

/* NULL: they are safe. Otherwise why not, or "" when it cannot be known: asked anew another time. */
static const char *piece_submit(struct piece *piece)
{
    struct listing *l = piece->l;
    const struct node_rows rows = { .file = l->file, .name = l->name, .from = l->safe.line, .line = piece->line,
                                    .rows = { piece->n, piece->enter }, .refused = piece->refused };
    const struct problem *problem = NULL;
    struct node_rows_entered entered = { 0 };
    struct hash hash = hash_two(bytes(l->file.b, 16), bytes(&rows.from, sizeof rows.from));
    struct uuid id = uuid_v7(l->errand->now / MOMENT_MS, hash.b);

    FAILPOINT("node_rows_before");
    int err = errand_submit(l->errand, &id, "node.rows.enter", &node_rows_desc, &rows, &node_rows_entered_desc, &entered, &problem);
    FAILPOINT("node_rows_queued");
    l->all_wait = err != ERR_OK;
    if (problem != NULL)
        return arena_string(&l->whole, problem->reason, strlen(problem->reason));
    if (err != ERR_OK)
        return "";
    l->safe.line = piece->line;
    l->safe.entered += entered.entered;
    l->safe.known += entered.known;
    l->safe.refused += piece->refused;
    return NULL;
}

/* The next rows, as many as fit into a command: their bodies are about as long as the rows, and a seal longer. */
static bool piece_read(struct piece *piece)
{
    struct listing *l = piece->l;
    size_t size = 0;

    arena_reset(&l->piece);
    piece->row_n = piece->n = 0;
    piece->refused = 0;
    while (piece->row_n < NODE_ROWS_MAX && size < PIECE_BYTES && list_row(&l->list, &l->piece, &piece->row[piece->row_n])) {
        const struct csv_row *row = &piece->row[piece->row_n++];
        for (uint32_t i = 0; i < row->n; i++)
            size += strlen(row->cell[i]);
        size += 500;
        piece->line = row->line;
    }
    return piece->row_n > 0;
}

static const char *rows_take(struct listing *l)
{
    struct piece *piece = arena_alloc(&l->whole, sizeof *piece);
    const char *why = NULL;

    piece->l = l;
    while (why == NULL && piece_read(piece)) {
        l->all_wait = errand_read(l->errand, read_piece, piece) != ERR_OK || errand_ending(l->errand);
        if (l->all_wait)
            return "";
        if (piece->line > l->safe.line)
            why = piece_submit(piece);
    }
    return why;
}

/* ── the file ─────────────────────────────────────────────────────────────── */

struct reading { const struct uuid *file; struct node_file *safe; const struct node_config **config; uint8_t intake[32]; };

static void read_safe(struct ctx *ctx, void *arg)
{
    struct reading *reading = arg;
    struct node_file row;
    *reading->config = node_config(ctx);
    if (node_config(ctx) != NULL)
        intake_now(ctx, reading->intake);
    if (file_get_row(ctx, reading->file, &row)) {
        reading->safe->line = row.line;
        reading->safe->entered = row.entered;
        reading->safe->known = row.known;
        reading->safe->refused = row.refused;
    }
}

/* What a bundle says beside its rows. */
static void say_bundle(struct listing *l)
{
    char count[24];
    snprintf(count, sizeof count, "%" PRIu64, l->list.no_role);
    if (l->list.no_role > 0)
        report_say(&l->report, "report.no_role", &(struct catalogue_arg){ "count", count }, 1);
    if (l->list.bundle && !l->list.delta)
        report_say(&l->report, "report.not_compared", NULL, 0);
}

static void say_done(struct listing *l)
{
    char entered[24], known[24], refused[24];
    snprintf(entered, sizeof entered, "%" PRIu64, l->safe.entered);
    snprintf(known, sizeof known, "%" PRIu64, l->safe.known);
    snprintf(refused, sizeof refused, "%" PRIu64, l->safe.refused);
    const struct catalogue_arg args[] = { { "entered", entered }, { "known", known }, { "refused", refused },
                                          { "list", catalogue_text(l->report.sentences, l->kind->token) } };
    report_say(&l->report, "report.summary", args, 4);
    say_bundle(l);
    report_say(&l->report, "report.deleted", NULL, 0);
}

static enum rows_end listing_take(struct listing *l, struct bytes content, struct bytes map)
{
    const struct node_config *config = NULL;
    struct reading reading = { .file = &l->file, .safe = &l->safe, .config = &config };

    if (!listing_open(l, content, map))
        return ROWS_REFUSED;
    if (errand_read(l->errand, read_safe, &reading) != ERR_OK || config == NULL)
        return ROWS_LATER;
    if (taking_open(&l->taking, l->errand->keys, config, &l->piece, l->errand->today) != ERR_OK) {
        log_error("intake", "%s/" TAKE_KEY_FILE " cannot be read: lists wait", l->errand->keys);
        return ROWS_LATER;
    }
    memcpy(l->taking.intake, reading.intake, sizeof l->taking.intake);
    const char *why = rows_take(l);
    taking_wipe(&l->taking);
    if (why == NULL) {
        map_keep(l);
        say_done(l);
        return ROWS_DONE;
    }
    if (why[0] != '\0' && strcmp(why, "file_moved_on") != 0) {
        log_warning("intake", "a list waits in the folder: %s", why);
        report_say(&l->report, arena_format(&l->whole, "reason.%s", why), NULL, 0);
        report_say(&l->report, "report.kept", NULL, 0);
        report_put(&l->report, l->errand->files, l->name);
    }
    return l->all_wait ? ROWS_LATER : ROWS_UNTOLD;
}

struct uuid intake_list_id(const char *name, struct bytes content, struct bytes map)
{
    struct hash hash = hash_two(bytes(name, strlen(name) + 1), content);
    if (map.n > 0)
        hash = hash_two(bytes(hash.b, sizeof hash.b), map);
    return uuid_derive("list", bytes(hash.b, sizeof hash.b));
}

enum rows_end intake_rows(struct errand *errand, struct intake *intake, const char *name, struct bytes content, struct bytes map, bool own)
{
    struct listing *l = arena_alloc(errand->arena, sizeof *l);

    *l = (struct listing){ .errand = errand, .name = name, .file = intake_list_id(name, content, map), .own = own ? map : bytes(NULL, 0) };
    report_start(&l->report, intake->sentences, &l->whole);
    enum rows_end end = listing_take(l, content, map);
    if (end == ROWS_REFUSED)
        report_say(&l->report, "report.whole", NULL, 0);
    if ((end == ROWS_DONE || end == ROWS_REFUSED) && report_put(&l->report, errand->files, name) != ERR_OK)
        end = ROWS_UNTOLD;
    FAILPOINT("node_reported");
    report_end(&l->report);
    list_end(&l->list);
    arena_free(&l->piece);
    arena_free(&l->whole);
    return end;
}
