#include "services/shared/lists/bundle.h"

#include <stdlib.h>

#include "common/core/err.h"
#include "common/core/log.h"

/* ── parts ────────────────────────────────────────────────────────────────── */

bool bundle_fault(struct bundle *bundle, const char *token, const char *part, uint32_t line)
{
    *bundle->fault = (struct list_fault){ token, part, line };
    return false;
}

struct unpacking { struct buf *text; size_t most; };
static bool piece_take(void *arg, const char *at, size_t n, bool last)
{
    struct unpacking *unpacking = arg;
    (void)last;
    buf_put(unpacking->text, at, n);
    return unpacking->text->n <= unpacking->most;
}

void part_close(struct part *part)
{
    buf_free(&part->text);
    arena_free(&part->arena);
    arena_free(&part->row);
}

bool part_open(struct bundle *bundle, struct part *part, const char *name)
{
    struct zip_member member;
    struct unpacking unpacking = { &part->text, bundle->most };

    *part = (struct part){ .name = name };
    if (!zip_find(&bundle->zip, name, &member))
        return bundle_fault(bundle, "bundle_part", name, 0);
    enum zip_end end = zip_unpack(&bundle->zip, &member, piece_take, &unpacking);
    if (end != ZIP_OK) {
        bool large = end == ZIP_TOO_BIG || end == ZIP_STOPPED;
        return bundle_fault(bundle, large ? "bundle_too_big" : "bundle_part", name, 0);
    }
    part->there = true;
    if (csv_open(&part->csv, buf_bytes(&part->text), &part->arena) != ERR_OK || csv_row(&part->csv, &part->arena, &part->header) != 1)
        return bundle_fault(bundle, "bundle_table", name, part->csv.reason_line);
    return true;
}

bool part_next(struct part *part, struct arena *arena, struct csv_row *row)
{
    arena_reset(&part->row);
    return csv_row(&part->csv, arena != NULL ? arena : &part->row, row) == 1;
}

bool part_whole(struct bundle *bundle, const struct part *part)
{
    return part->csv.reason == NULL || bundle_fault(bundle, "bundle_table", part->name, part->csv.reason_line);
}

int32_t part_column(const struct part *part, const char *title)
{
    for (uint32_t k = 0; k < part->header.n; k++)
        if (strcmp(part->header.cell[k], title) == 0)
            return (int32_t)k;
    return -1;
}

const char *part_cell(const struct csv_row *row, int32_t at)
{
    return at >= 0 && (uint32_t)at < row->n ? row->cell[at] : "";
}

bool bundle_room(struct bundle *bundle, size_t n)
{
    bundle->kept += n;
    return bundle->kept <= bundle->most || bundle_fault(bundle, "bundle_too_big", NULL, 0);
}

/* ── what is looked up ────────────────────────────────────────────────────── */

const char *bundle_kept(struct bundle *bundle, const char *text)
{
    return arena_string(&bundle->arena, text, strlen(text));
}

void pairs_add(struct pairs *pairs, const char *key, const char *value)
{
    if (pairs->n == pairs->room) {
        pairs->room = pairs->room == 0 ? 256 : pairs->room * 2;
        pairs->at = realloc(pairs->at, pairs->room * sizeof *pairs->at);
        if (pairs->at == NULL)
            log_die("lists", "out of memory");
    }
    pairs->at[pairs->n++] = (struct pair){ key, value };
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static int by_both(const void *a, const void *b)
{
    int order = by_key(a, b);
    return order != 0 ? order : strcmp(((const struct pair *)a)->value, ((const struct pair *)b)->value);
}

void pairs_sort(struct pairs *pairs)
{
    if (pairs->n > 1)
        qsort(pairs->at, pairs->n, sizeof *pairs->at, by_both);
}

const char *pairs_find(const struct pairs *pairs, const char *key)
{
    const struct pair wanted = { key, NULL };
    const struct pair *at = pairs->n > 0 ? bsearch(&wanted, pairs->at, pairs->n, sizeof *pairs->at, by_key) : NULL;
    return at != NULL ? at->value : NULL;
}

/* ── the manifest ─────────────────────────────────────────────────────────── */

bool bundle_manifest_read(struct bundle *bundle)
{
    struct part part;
    struct csv_row row;
    bool good = part_open(bundle, &part, "manifest.csv");

    while (good && part_next(&part, NULL, &row))
        if ((good = bundle_room(bundle, KEPT_PAIR + strlen(part_cell(&row, 0)) + strlen(part_cell(&row, 1)))))
            pairs_add(&bundle->manifest, bundle_kept(bundle, part_cell(&row, 0)), bundle_kept(bundle, part_cell(&row, 1)));
    good = good && part_whole(bundle, &part);
    part_close(&part);
    pairs_sort(&bundle->manifest);
    const char *version = pairs_find(&bundle->manifest, "oneroster.version");
    if (!good || version == NULL)
        return bundle_fault(bundle, "bundle_manifest", NULL, 0);
    bundle->roles = strcmp(version, "1.2") == 0;
    return bundle->roles || strcmp(version, "1.1") == 0 || bundle_fault(bundle, "bundle_version", NULL, 0);
}

const char *bundle_mode(const struct bundle *bundle, const char *property)
{
    const char *mode = pairs_find(&bundle->manifest, property);
    return mode != NULL && (strcmp(mode, "bulk") == 0 || strcmp(mode, "delta") == 0) ? mode : NULL;
}

/* ── organisations, births, subjects ──────────────────────────────────────── */

bool bundle_pairs_read(struct bundle *bundle, const struct wanted *wanted)
{
    struct part part;
    struct csv_row row;

    if (bundle_mode(bundle, wanted->property) == NULL)
        return true;
    bool good = part_open(bundle, &part, wanted->file);
    int32_t key = good ? part_column(&part, wanted->key) : -1, value = good ? part_column(&part, wanted->value) : -1;
    while (good && part_next(&part, NULL, &row))
        if (part_cell(&row, key)[0] != '\0' && part_cell(&row, value)[0] != '\0' &&
            (good = bundle_room(bundle, KEPT_PAIR + strlen(part_cell(&row, key)) + strlen(part_cell(&row, value)))))
            pairs_add(wanted->into, bundle_kept(bundle, part_cell(&row, key)), bundle_kept(bundle, part_cell(&row, value)));
    good = good && part_whole(bundle, &part);
    part_close(&part);
    pairs_sort(wanted->into);
    return good;
}

/* user|school → subject, one for each class; sorted, so that those of one place stand together. */
bool bundle_subjects_read(struct bundle *bundle)
{
    struct part part;
    struct csv_row row;

    if (bundle_mode(bundle, "file.enrollments") == NULL || bundle->classes.n == 0)
        return true;
    bool good = part_open(bundle, &part, "enrollments.csv");
    int32_t of_class = -1, school = -1, user = -1, role = -1;
    if (good) {
        of_class = part_column(&part, "classSourcedId");
        school = part_column(&part, "schoolSourcedId");
        user = part_column(&part, "userSourcedId");
        role = part_column(&part, "role");
    }
    while (good && part_next(&part, NULL, &row)) {
        const char *subject = pairs_find(&bundle->classes, part_cell(&row, of_class));
        if (subject != NULL && strcmp(part_cell(&row, role), "teacher") == 0 &&
            (good = bundle_room(bundle, KEPT_PAIR + strlen(part_cell(&row, user)) + strlen(part_cell(&row, school)))))
            pairs_add(&bundle->subjects, arena_format(&bundle->arena, "%s|%s", part_cell(&row, user), part_cell(&row, school)), subject);
    }
    good = good && part_whole(bundle, &part);
    part_close(&part);
    pairs_sort(&bundle->subjects);
    return good;
}

const char *bundle_subject(struct bundle *bundle, const char *user, const char *school)
{
    const struct pair *at = bundle->subjects.at;
    const char *key = arena_format(&bundle->of_users.row, "%s|%s", user, school), *best = "";
    uint32_t low = 0, high = bundle->subjects.n, most = 0;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(at[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t same = 1; low < bundle->subjects.n && strcmp(at[low].key, key) == 0; low += same) {
        for (same = 1; low + same < bundle->subjects.n && by_both(&at[low], &at[low + same]) == 0; same++)
            ;
        if (same > most) {
            most = same;
            best = at[low].value;
        }
    }
    return best;
}
