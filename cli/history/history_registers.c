/* history load: registers.csv, parts.csv, duties.csv. A file is read once for each method that its rows are of. */
#include "cli/history/history_parts.h"
#include "cli/registers/register.h"
#include "cli/refer/register_words.h"
#include "proto/roster_duties.h"

static bool is_said(const char *text) { return text != NULL && *text != '\0'; }

static const char *entry_key(struct arena *arena, const char *register_id, const char *title)
{
    return arena_format(arena, "%s;%s", register_id, title);
}

bool history_refer(struct pipe *pipe, uint32_t line, const struct lookup *lookup, const char *code, const char *reason, const char *field,
                   struct uuid *id)
{
    const struct uuid *known = is_said(code) ? lookup_get(lookup, code) : &UUID_NIL;
    if (known == NULL)
        history_unknown(pipe, line, reason, field);
    else
        *id = *known;
    return known != NULL;
}

/* ── entries ──────────────────────────────────────────────────────────────── */
#define RULES_MAX REGISTERS_MAX

/* Asked once a register; NULL: there is none, the service will say so. */
static const struct profile_register *rules_of(struct history *history, const char *id)
{
    if (history->rules == NULL)
        history->rules = ARENA_LIST(&history->cli->arena, struct profile_register, RULES_MAX);
    for (uint32_t i = 0; i < history->rules_n; i++)
        if (strcmp(history->rules[i].id, id) == 0)
            return &history->rules[i];
    if (history->rules_n == RULES_MAX || register_get(history->cli, arena_string(&history->cli->arena, id, strlen(id)),
                                                      &history->rules[history->rules_n]) != CLI_OK)
        return NULL;
    return &history->rules[history->rules_n++];
}

uint32_t history_parts_of(struct arena *arena, const char *text, const char **parts, uint32_t most)
{
    uint32_t n = 0;
    while (is_said(text) && n < most) {
        size_t length = strcspn(text, "|");
        parts[n++] = arena_string(arena, text, length);
        text += length + (text[length] == '|');
    }
    return n;
}

static bool value_put(struct history *history, struct pipe *pipe, uint32_t line, const struct profile_register *reg, const char *text,
                      struct arena *arena, struct entry_value *value)
{
    const char *code = NULL;
    switch (value_words(arena, reg, text, value, &code)) {
    case WORDS_TAKEN:        return true;
    case WORDS_PERSON:       return history_refer(pipe, line, &history->persons, code, "person_unknown", "values", &value->id);
    case WORDS_ORGANISATION: return history_refer(pipe, line, &history->organisations, code, "organisation_unknown", "values", &value->id);
    default:
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "values", "type", 0);
        return false;
    }
}

bool history_entry_read(struct history *history, struct pipe *pipe, uint32_t line, const struct entry_line *read, struct arena *arena,
                        struct entry_record *in)
{
    const char *grounds[REGISTER_GROUNDS_MAX], *values[REGISTER_FIELDS_MAX];
    const struct profile_register *reg = rules_of(history, read->register_id);
    uint32_t grounds_n = history_parts_of(arena, read->grounds, grounds, REGISTER_GROUNDS_MAX);
    uint32_t values_n = history_parts_of(arena, read->values, values, REGISTER_FIELDS_MAX);

    *in = (struct entry_record){ .register_id = read->register_id, .title = is_said(read->title) ? read->title : NULL, .from = read->from,
                                 .until = read->until, .grounds = { grounds_n, ARENA_LIST(arena, struct entry_ground, grounds_n + 1) },
                                 .values = { values_n, ARENA_LIST(arena, struct entry_value, values_n + 1) } };
    if (reg == NULL) {
        history_unknown(pipe, line, "register_unknown", "register_id");
        return false;
    }
    if (!history_refer(pipe, line, &history->persons, read->person, "person_unknown", "person", &in->person)
        || !history_refer(pipe, line, &history->organisations, read->organisation, "organisation_unknown", "organisation", &in->organisation))
        return false;
    for (uint32_t i = 0; i < grounds_n; i++)
        if (!ground_words(arena, grounds[i], &in->grounds.at[i])) {
            pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "grounds", "type", 0);
            return false;
        }
    for (uint32_t i = 0; i < values_n; i++)
        if (!value_put(history, pipe, line, reg, values[i], arena, &in->values.at[i]))
            return false;
    return true;
}

static void entry_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct entry_line *read = row;
    struct entry_record in;

    if (read->from == 0 || !history_entry_read(history, pipe, line, read, arena, &in))
        return;
    history->key_of_line[line] = in.title != NULL ? entry_key(&history->cli->arena, in.register_id, in.title) : NULL;
    pipe_message(pipe, line, &in);
}

static void entry_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    if (history->key_of_line[line] != NULL)
        history_keep(&history->entries, history->key_of_line[line], reply);
}

static void proposal_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct entry_line *read = row;
    struct entry_record in;

    if (read->from != 0 || !history_entry_read(history, pipe, line, read, arena, &in))
        return;
    pipe_message(pipe, line, &(struct entry_propose){ .register_id = in.register_id, .person = in.person, .organisation = in.organisation,
                                                      .title = in.title, .grounds = { in.grounds.n, in.grounds.at },
                                                      .values = { in.values.n, in.values.at } });
}

/* ── who takes part, what is to be done ───────────────────────────────────── */
bool history_entry(struct history *history, struct pipe *pipe, uint32_t line, const char *register_id, const char *title, struct arena *arena,
                   struct uuid *entry)
{
    const struct uuid *known = lookup_get(&history->entries, entry_key(arena, register_id, title));
    if (known == NULL)
        history_unknown(pipe, line, "entry_unknown", "entry");
    else
        *entry = *known;
    return known != NULL;
}

static void part_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct part_line *read = row;
    struct part_join in = { .title = is_said(read->title) ? read->title : NULL, .role = read->role, .from = read->from };

    if (history_entry(history, pipe, line, read->register_id, read->entry, arena, &in.entry)
        && history_refer(pipe, line, &history->persons, read->person, "person_unknown", "person", &in.person)
        && history_refer(pipe, line, &history->organisations, read->organisation, "organisation_unknown", "organisation", &in.organisation))
        pipe_message(pipe, line, &in);
}

static void duty_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct duty_line *read = row;
    struct duty_set in = { .kind = read->kind, .title = read->title, .due = read->due };

    if (!history_entry(history, pipe, line, read->register_id, read->entry, arena, &in.entry))
        return;
    history->key_of_line[line] = entry_key(&history->cli->arena, entry_key(arena, read->register_id, read->entry), read->title);
    pipe_message(pipe, line, &in);
}

static void duty_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    history_keep(&history->duties, history->key_of_line[line], reply);
}

static void fulfilled_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct duty_line *read = row;
    const struct uuid *duty = lookup_get(&history->duties, entry_key(arena, entry_key(arena, read->register_id, read->entry), read->title));

    if (read->fulfilled != 0 && duty != NULL)           /* one that was refused has been said */
        pipe_message(pipe, line, &(struct duty_fulfil){ .duty = *duty, .day = read->fulfilled });
}

int history_registers(struct history *history)
{
    static const struct history_table TABLES[] = {
        { "registers.csv", "Записи реестров", "roster.entry.record", ENTRY_COLUMN, &ENTRY_COLUMN_N, &entry_line_desc, history_after_roster,
          entry_send, entry_taken },
        { "registers.csv", "Предложения в реестры", "roster.entry.propose", ENTRY_COLUMN, &ENTRY_COLUMN_N, &entry_line_desc,
          history_after_roster, proposal_send, NULL },
        { "parts.csv", "Участники", "roster.part.join", PART_COLUMN, &PART_COLUMN_N, &part_line_desc, history_after_roster, part_send, NULL },
        { "duties.csv", "Обязательства", "roster.duty.set", DUTY_COLUMN, &DUTY_COLUMN_N, &duty_line_desc, history_after_roster, duty_send,
          duty_taken },
        { "duties.csv", "Исполнение обязательств", "roster.duty.fulfil", DUTY_COLUMN, &DUTY_COLUMN_N, &duty_line_desc, history_after_roster,
          fulfilled_send, NULL },
    };

    return history_tables_load(history, TABLES, sizeof TABLES / sizeof *TABLES);
}
