/* history load: changes.csv, what became of organisations: read once for each kind of change, in their order. */
#include "cli/history/history_parts.h"
#include "proto/roster_tree.h"

static bool is_said(const char *text) { return text != NULL && *text != '\0'; }

/* The row's organisations, when it is of this kind; false: of another, or refused and said. A word that is no change is said
 * on the first reading. */
struct change_read { struct uuid id, other; };
static bool of_kind(struct history *history, struct pipe *pipe, uint32_t line, const struct change_line *read, enum history_change kind,
                    struct change_read *ids)
{
    int how = change_read(read->change);
    bool opens = kind == CHANGE_TO_OPEN, alone = kind == CHANGE_TO_RENAME;
    const struct uuid *id = opens ? &UUID_NIL : lookup_get(&history->organisations, read->code);
    const struct uuid *other = alone ? &UUID_NIL : lookup_get(&history->organisations, is_said(read->other) ? read->other : "");

    if (how < 0 && !history->again)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "change", "no_such_name", 0);
    if (how != (int)kind)
        return false;
    if (id == NULL || other == NULL) {
        history_unknown(pipe, line, "organisation_unknown", id == NULL ? "code" : "other");
        return false;
    }
    *ids = (struct change_read){ *id, *other };
    return true;
}

static const char *paper_of(const struct change_line *read) { return is_said(read->document) ? read->document : NULL; }

static void open_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct change_line *read = row;
    struct change_read ids;

    (void)arena;
    if (!of_kind(history, pipe, line, read, CHANGE_TO_OPEN, &ids))
        return;
    history->key_of_line[line] = arena_string(&history->cli->arena, read->code, strlen(read->code));
    pipe_message(pipe, line, &(struct organisation_register){ .code = read->code, .kind = ORG_SCHOOL, .title = is_said(read->title) ? read->title : read->code,
                                                              .parent = ids.other, .opened = read->day });
}

static void open_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    history_keep(&history->organisations, history->key_of_line[line], reply);
}

static void found_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct change_line *read = row;
    struct change_read ids;

    (void)arena;
    if (of_kind(history, pipe, line, read, CHANGE_TO_FOUND, &ids))
        pipe_message(pipe, line, &(struct organisation_found){ .id = ids.id, .founder = ids.other, .day = read->day, .ground = read->ground,
                                                               .document = paper_of(read) });
}

static void rename_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct change_line *read = row;
    struct change_read ids;

    (void)arena;
    if (!of_kind(history, pipe, line, read, CHANGE_TO_RENAME, &ids))
        return;
    if (!is_said(read->title))
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "title", "missing", 0);
    else
        pipe_message(pipe, line, &(struct organisation_rename){ .id = ids.id, .title = read->title, .day = read->day, .ground = read->ground,
                                                                .document = paper_of(read) });
}

static void move_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct change_line *read = row;
    struct change_read ids;

    (void)arena;
    if (of_kind(history, pipe, line, read, CHANGE_TO_MOVE, &ids))
        pipe_message(pipe, line, &(struct organisation_move){ .id = ids.id, .parent = ids.other, .day = read->day, .ground = read->ground,
                                                              .document = paper_of(read) });
}

static void split_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct change_line *read = row;
    struct change_read ids;

    if (!of_kind(history, pipe, line, read, CHANGE_TO_SPLIT, &ids))
        return;
    struct uuid *into = arena_copy(arena, &ids.other, sizeof *into);
    pipe_message(pipe, line, &(struct organisation_split){ .id = ids.id, .into = { 1, into }, .goes_on = true, .day = read->day,
                                                           .ground = read->ground, .document = paper_of(read) });
}

static void merge_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct change_line *read = row;
    struct change_read ids;

    if (!of_kind(history, pipe, line, read, CHANGE_TO_MERGE, &ids))
        return;
    struct uuid *units = arena_copy(arena, &ids.id, sizeof *units);
    pipe_message(pipe, line, &(struct organisation_merge){ .units = { 1, units }, .into = ids.other, .day = read->day, .ground = read->ground,
                                                           .document = paper_of(read) });
}

int history_changes(struct history *history)
{
#define TABLE_OF(what, method, send, taken) \
    { "changes.csv", what, method, CHANGE_COLUMN, &CHANGE_COLUMN_N, &change_line_desc, history_after_roster, send, taken }
    static const struct history_table TABLES[CHANGES_TO] = {
        [CHANGE_TO_OPEN]   = TABLE_OF("Новые организации", "roster.organisation.register", open_send, open_taken),
        [CHANGE_TO_FOUND]  = TABLE_OF("Учредители", "roster.organisation.found", found_send, NULL),
        [CHANGE_TO_RENAME] = TABLE_OF("Переименования", "roster.organisation.rename", rename_send, NULL),
        [CHANGE_TO_MOVE]   = TABLE_OF("Переводы организаций", "roster.organisation.move", move_send, NULL),
        [CHANGE_TO_SPLIT]  = TABLE_OF("Выделения", "roster.organisation.split", split_send, NULL),
        [CHANGE_TO_MERGE]  = TABLE_OF("Присоединения", "roster.organisation.merge", merge_send, NULL),
    };
#undef TABLE_OF

    return history_tables_load(history, TABLES, CHANGES_TO);
}
