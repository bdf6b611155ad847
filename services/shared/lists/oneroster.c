#include "services/shared/lists/bundle.h"

#include <stdlib.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "services/shared/staff_columns.h"

/* ── what a row says ──────────────────────────────────────────────────────── */

enum { C_CODE, C_FAMILY, C_GIVEN, C_PATRONYMIC, C_BORN, C_SNILS, C_ORGANISATION, C_POST, C_SUBJECT, C_PART_TIME, C_FROM, C_UNTIL, C_OWN };
static const char *const FIELD[C_OWN] = { "code", "family", "given", "patronymic", "born", "snils", "organisation", "post", "subject",
                                          "part_time", "from", "until" };
static const struct { const char *role, *post; } POSTS[] = {
    { "teacher", "учитель" }, { "principal", "директор" }, { "counselor", "педагог-психолог" } };
static const char *const NOT_STAFF[] = { "student", "guardian", "parent", "relative" };

static bool is_staff(const char *role)
{
    for (size_t i = 0; i < sizeof NOT_STAFF / sizeof *NOT_STAFF; i++)
        if (strcmp(role, NOT_STAFF[i]) == 0)
            return false;
    return true;
}

static const char *post_of(const char *role)
{
    for (size_t i = 0; i < sizeof POSTS / sizeof *POSTS; i++)
        if (strcmp(role, POSTS[i].role) == 0)
            return POSTS[i].post;
    return role;
}

/* {type:id},{type:id} */
static const char *snils_of(struct arena *arena, const char *ids)
{
    for (; (ids = strchr(ids, '{')) != NULL; ids++) {
        size_t n = strcspn(ids + 1, ":}"), all = strcspn(ids + 1, "}");
        const char *type = text_fold(arena, arena_string(arena, ids + 1, n));
        if (n < all && (strcmp(type, "снилс") == 0 || strcmp(type, "snils") == 0))
            return arena_string(arena, ids + 2 + n, all - n - 1);
    }
    return "";
}

/* The day of 2017-05-06T08:01:05Z; what is no day is shown as it is, so that the row is refused with it. */
static const char *ended(struct arena *arena, const char *status, const char *modified, const char *end)
{
    if (strcmp(status, "tobedeleted") != 0 || end[0] != '\0')
        return end;
    return modified[0] != '\0' ? arena_string(arena, modified, strcspn(modified, "T ")) : status;
}

/* Columns beside our own: metadata.X, ext_…, identifier. */
#define FURTHER_MAX (CSV_COLUMNS_MAX - C_OWN)
struct further { uint32_t n; struct { const char *title; const struct part *part; int32_t at; } of[FURTHER_MAX]; };

static void further_find(struct further *further, const struct part *part)
{
    for (uint32_t k = 0; k < part->header.n && further->n < FURTHER_MAX; k++) {
        const char *title = part->header.cell[k];
        bool metadata = strncmp(title, "metadata.", 9) == 0;
        if (!metadata && strncmp(title, "ext_", 4) != 0 && strcmp(title, "identifier") != 0)
            continue;
        further->of[further->n].title = metadata ? title + 9 : title;
        further->of[further->n].part = part;
        further->of[further->n++].at = (int32_t)k;
    }
}

/* One of them stands for that field of ours. */
static bool is_further(const struct further *further, const struct csv_column *field)
{
    struct csv_mapping mapping;
    const char *fault, *reason;

    for (uint32_t i = 0; i < further->n; i++) {
        const struct csv_row one = { .n = 1, .cell = (const char **)(uintptr_t)&further->of[i].title };
        if (csv_map(field, 1, &one, &mapping, &fault, &reason) == ERR_OK && mapping.column[0] == 0)
            return true;
    }
    return false;
}

static void header_write(struct bundle *bundle, const struct further *further)
{
    for (int i = 0; i < C_OWN; i++) {
        size_t k = 0;
        while (strcmp(STAFF_COLUMN[k].field, FIELD[i]) != 0)
            k++;
        buf_byte(bundle->text, i > 0 ? ',' : ' ');
        csv_quote(bundle->text, is_further(further, &STAFF_COLUMN[k]) ? "" : STAFF_COLUMN[k].titles[0]);
    }
    for (uint32_t i = 0; i < further->n; i++) {
        buf_byte(bundle->text, ',');
        csv_quote(bundle->text, further->of[i].title);
    }
    buf_byte(bundle->text, '\n');
    bundle->line = 2;
}

/* At that line, or behind what is there already. */
static void row_write(struct bundle *bundle, uint32_t line, const char *const cells[C_OWN], const struct further *further,
                      const struct csv_row *user, const struct csv_row *role)
{
    for (; bundle->line < line; bundle->line++)
        buf_byte(bundle->text, '\n');
    for (int i = 0; i < C_OWN; i++) {
        if (i > 0)
            buf_byte(bundle->text, ',');
        csv_quote(bundle->text, cells[i]);
    }
    for (uint32_t i = 0; i < further->n; i++) {
        const struct csv_row *of = further->of[i].part == &bundle->of_users ? user : role;
        buf_byte(bundle->text, ',');
        csv_quote(bundle->text, of != NULL ? part_cell(of, further->of[i].at) : "");
    }
    buf_byte(bundle->text, '\n');
    bundle->line++;
}

/* ── users and roles ──────────────────────────────────────────────────────── */

struct of_user { int32_t id, status, modified, family, given, middle, ids, orgs, role; };
struct of_role { int32_t user, status, modified, type, role, begin, end, org; };

static struct of_user user_columns(const struct part *part)
{
    return (struct of_user){
        .id = part_column(part, "sourcedId"), .status = part_column(part, "status"), .modified = part_column(part, "dateLastModified"),
        .family = part_column(part, "familyName"), .given = part_column(part, "givenName"), .middle = part_column(part, "middleName"),
        .ids = part_column(part, "userIds"), .orgs = part_column(part, "orgSourcedIds"), .role = part_column(part, "role") };
}

static struct of_role role_columns(const struct part *part)
{
    return (struct of_role){
        .user = part_column(part, "userSourcedId"), .status = part_column(part, "status"), .modified = part_column(part, "dateLastModified"),
        .type = part_column(part, "roleType"), .role = part_column(part, "role"), .begin = part_column(part, "beginDate"),
        .end = part_column(part, "endDate"), .org = part_column(part, "orgSourcedId") };
}

static void person_fill(struct bundle *bundle, const struct of_user *of, const struct csv_row *row, struct arena *arena,
                        const char *cells[C_OWN])
{
    const char *born = pairs_find(&bundle->born, part_cell(row, of->id));

    for (int i = 0; i < C_OWN; i++)
        cells[i] = "";
    cells[C_CODE] = part_cell(row, of->id);
    cells[C_FAMILY] = part_cell(row, of->family);
    cells[C_GIVEN] = part_cell(row, of->given);
    cells[C_PATRONYMIC] = part_cell(row, of->middle);
    cells[C_BORN] = born != NULL ? born : "";
    cells[C_SNILS] = snils_of(arena, part_cell(row, of->ids));
}

static void work_fill(struct bundle *bundle, const char *user, const char *org, const char *role, const char *cells[C_OWN])
{
    const char *code = pairs_find(&bundle->orgs, org);

    cells[C_ORGANISATION] = code != NULL ? code : org;
    cells[C_POST] = post_of(role);
    cells[C_SUBJECT] = bundle_subject(bundle, user, org);
}

/* 1.1: a user with his organisations, the first of them as the main one. */
struct waiting { const char **cells; struct csv_row user; };

static bool wait_keep(struct bundle *bundle, const char *const cells[C_OWN], const struct csv_row *row, struct buf *behind)
{
    size_t n = sizeof(struct waiting) + (C_OWN + row->n) * (sizeof *cells + 16);

    for (int i = 0; i < C_OWN; i++)
        n += strlen(cells[i]);
    for (uint32_t k = 0; k < row->n; k++)
        n += strlen(row->cell[k]);
    if (!bundle_room(bundle, n))
        return false;
    struct waiting wait = { arena_copy(&bundle->arena, cells, C_OWN * sizeof *cells), { .n = row->n } };
    for (int i = 0; i < C_OWN; i++)
        wait.cells[i] = bundle_kept(bundle, cells[i]);
    wait.user.cell = ARENA_LIST(&bundle->arena, const char *, row->n);
    for (uint32_t k = 0; k < row->n; k++)
        wait.user.cell[k] = bundle_kept(bundle, row->cell[k]);
    buf_put(behind, &wait, sizeof wait);
    return true;
}

static bool user_write(struct bundle *bundle, const struct of_user *of, const struct csv_row *row, const struct further *further,
                       struct buf *behind)
{
    struct arena *arena = &bundle->of_users.row;
    const char *cells[C_OWN], *orgs = part_cell(row, of->orgs);

    if (!is_staff(part_cell(row, of->role)))
        return true;
    person_fill(bundle, of, row, arena, cells);
    cells[C_UNTIL] = ended(arena, part_cell(row, of->status), part_cell(row, of->modified), "");
    for (bool first = true; first || *orgs != '\0'; first = false) {
        size_t n = strcspn(orgs, ",");
        const char *org = text_nfc(arena, arena_string(arena, orgs, n));
        work_fill(bundle, part_cell(row, of->id), org, part_cell(row, of->role), cells);
        cells[C_PART_TIME] = first ? "" : "да";
        orgs += n + (orgs[n] == ',');
        if (first) {
            row_write(bundle, row->line, cells, further, row, NULL);
            continue;
        }
        if (!wait_keep(bundle, cells, row, behind))
            return false;
    }
    return true;
}

static bool users_alone(struct bundle *bundle)
{
    struct of_user of = user_columns(&bundle->of_users);
    struct further further = { 0 };
    struct buf behind = { 0 };
    struct waiting wait;
    struct csv_row row;

    further_find(&further, &bundle->of_users);
    header_write(bundle, &further);
    bool good = true;
    while (good && part_next(&bundle->of_users, NULL, &row) && bundle->text->n <= bundle->most)
        good = user_write(bundle, &of, &row, &further, &behind);
    for (size_t i = 0; good && i < behind.n && bundle->text->n <= bundle->most; i += sizeof wait) {
        memcpy(&wait, behind.at + i, sizeof wait);
        row_write(bundle, bundle->of_users.csv.next_line, wait.cells, &further, &wait.user, NULL);
    }
    buf_free(&behind);
    return good && part_whole(bundle, &bundle->of_users);
}

/* 1.2: all users are kept, since roles name them. */
static bool users_keep(struct bundle *bundle, const struct of_user *of)
{
    struct csv_row row;

    while (part_next(&bundle->of_users, &bundle->arena, &row)) {
        if (bundle->user_n == bundle->user_room) {
            bundle->user_room = bundle->user_room == 0 ? 256 : bundle->user_room * 2;
            bundle->user = realloc(bundle->user, bundle->user_room * sizeof *bundle->user);
            if (bundle->user == NULL)
                log_die("lists", "out of memory");
        }
        size_t n = KEPT_PAIR + bundle->of_users.header.n * (2 * sizeof(char *) + 16);
        const char **cells = ARENA_LIST(&bundle->arena, const char *, bundle->of_users.header.n);
        for (uint32_t k = 0; k < bundle->of_users.header.n; k++) {
            cells[k] = part_cell(&row, (int32_t)k);
            n += strlen(cells[k]);
        }
        if (!bundle_room(bundle, n))
            return false;
        bundle->user[bundle->user_n++] = cells;
        pairs_add(&bundle->users, part_cell(&row, of->id), arena_format(&bundle->arena, "%010u", bundle->user_n - 1));
    }
    pairs_sort(&bundle->users);
    bundle->used = calloc(bundle->user_n + 1, 1);
    if (bundle->used == NULL)
        log_die("lists", "out of memory");
    return part_whole(bundle, &bundle->of_users);
}

static void role_write(struct bundle *bundle, const struct of_user *of, const struct of_role *role, const struct csv_row *row,
                       const struct further *further)
{
    struct arena *arena = &bundle->of_users.row;
    const char *found = pairs_find(&bundle->users, part_cell(row, role->user)), *cells[C_OWN];
    struct csv_row user = { 0 };

    arena_reset(arena);
    if (found != NULL) {
        uint32_t i = (uint32_t)strtoul(found, NULL, 10);
        user = (struct csv_row){ .n = bundle->of_users.header.n, .cell = bundle->user[i] };
        bundle->used[i] = true;
    }
    if (!is_staff(part_cell(row, role->role)))
        return;
    person_fill(bundle, of, &user, arena, cells);
    cells[C_CODE] = part_cell(row, role->user);
    work_fill(bundle, cells[C_CODE], part_cell(row, role->org), part_cell(row, role->role), cells);
    cells[C_PART_TIME] = strcmp(part_cell(row, role->type), "secondary") == 0 ? "да" : "";
    cells[C_FROM] = part_cell(row, role->begin);
    bool gone = strcmp(part_cell(&user, of->status), "tobedeleted") == 0 && strcmp(part_cell(row, role->status), "tobedeleted") != 0;
    cells[C_UNTIL] = ended(arena, gone ? "tobedeleted" : part_cell(row, role->status),
                           gone ? part_cell(&user, of->modified) : part_cell(row, role->modified), part_cell(row, role->end));
    row_write(bundle, row->line, cells, further, &user, row);
}

static void no_role(struct bundle *bundle, const struct of_user *of, const struct further *further)
{
    const char *cells[C_OWN];

    for (uint32_t i = 0; i < bundle->user_n; i++) {
        const struct csv_row user = { .n = bundle->of_users.header.n, .cell = bundle->user[i] };
        if (bundle->used[i])
            continue;
        if (strcmp(part_cell(&user, of->status), "tobedeleted") != 0) {
            bundle->said->no_role++;
            continue;
        }
        arena_reset(&bundle->of_users.row);
        person_fill(bundle, of, &user, &bundle->of_users.row, cells);
        cells[C_UNTIL] = ended(&bundle->of_users.row, "tobedeleted", part_cell(&user, of->modified), "");
        row_write(bundle, 0, cells, further, &user, NULL);
    }
}

static bool users_by_roles(struct bundle *bundle)
{
    struct of_user of = user_columns(&bundle->of_users);
    struct further further = { 0 };
    struct csv_row row;

    if (!users_keep(bundle, &of) || !part_open(bundle, &bundle->of_roles, "roles.csv"))
        return false;
    struct of_role role = role_columns(&bundle->of_roles);
    further_find(&further, &bundle->of_users);
    further_find(&further, &bundle->of_roles);
    header_write(bundle, &further);
    while (part_next(&bundle->of_roles, NULL, &row) && bundle->text->n <= bundle->most)
        role_write(bundle, &of, &role, &row, &further);
    no_role(bundle, &of, &further);
    return part_whole(bundle, &bundle->of_roles);
}

/* ── the whole ────────────────────────────────────────────────────────────── */

static bool bundle_read(struct bundle *bundle)
{
    const struct wanted wanted[] = {
        { "file.orgs", "orgs.csv", "sourcedId", "identifier", &bundle->orgs },
        { "file.demographics", "demographics.csv", "sourcedId", "birthDate", &bundle->born },
        { "file.classes", "classes.csv", "sourcedId", "subjects", &bundle->classes } };
    const char *users, *roles;

    if (!bundle_manifest_read(bundle))
        return false;
    users = bundle_mode(bundle, "file.users");
    roles = bundle->roles ? bundle_mode(bundle, "file.roles") : users;
    if (users == NULL || roles == NULL)
        return bundle_fault(bundle, "bundle_part", users == NULL ? "users.csv" : "roles.csv", 0);
    bundle->said->delta = strcmp(users, "delta") == 0 || strcmp(roles, "delta") == 0;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!bundle_pairs_read(bundle, &wanted[i]))
            return false;
    if (!bundle_subjects_read(bundle) || !part_open(bundle, &bundle->of_users, "users.csv"))
        return false;
    if (!(bundle->roles ? users_by_roles(bundle) : users_alone(bundle)))
        return false;
    return bundle->text->n <= bundle->most || bundle_fault(bundle, "bundle_too_big", NULL, 0);
}

bool oneroster_is(struct bytes file)
{
    struct zip zip;
    struct zip_member member;
    return zip_is(file) && zip_open(&zip, file) && zip_find(&zip, "manifest.csv", &member);
}

bool oneroster_csv(struct bytes file, size_t most, struct buf *text, struct bundle_said *said, struct list_fault *fault)
{
    struct bundle bundle = { .most = most, .fault = fault, .said = said, .text = text };

    *said = (struct bundle_said){ 0 };
    bool good = zip_open(&bundle.zip, file) ? bundle_read(&bundle) : bundle_fault(&bundle, "bundle_manifest", NULL, 0);
    part_close(&bundle.of_users);
    part_close(&bundle.of_roles);
    free(bundle.manifest.at);
    free(bundle.orgs.at);
    free(bundle.born.at);
    free(bundle.classes.at);
    free(bundle.subjects.at);
    free(bundle.users.at);
    free(bundle.user);
    free(bundle.used);
    arena_free(&bundle.arena);
    return good;
}
