/* history load: papers.csv (documents and their editions), sendings.csv. */
#include "cli/history/history_parts.h"
#include "proto/roster_documents.h"

static bool is_said(const char *text) { return text != NULL && *text != '\0'; }

/* False: refused, and said. */
static bool paper_read(struct history *history, struct pipe *pipe, uint32_t line, const struct paper_line *read, struct document_edition *in)
{
    const struct uuid *issuer = is_said(read->issuer) ? lookup_get(&history->organisations, read->issuer) : &UUID_NIL;
    int kind = paper_kind_read(read->kind);

    if (kind < 0)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "kind", "no_such_name", 0);
    else if (issuer == NULL)
        history_unknown(pipe, line, "organisation_unknown", "issuer");
    else
        *in = (struct document_edition){ .kind = kind, .issuer = *issuer, .issuer_title = is_said(read->issued_by) ? read->issued_by : NULL,
                                         .number = read->number, .day = read->day, .title = read->title, .public = read->public };
    history->key_of_line[line] = arena_string(&history->cli->arena, read->number, strlen(read->number));
    return kind >= 0 && issuer != NULL;
}

static void paper_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct paper_line *read = row;
    struct document_edition about;

    (void)arena;
    if (is_said(read->previous) || !paper_read(history, pipe, line, read, &about))
        return;
    pipe_message(pipe, line, &(struct document_register){ .kind = about.kind, .issuer = about.issuer, .issuer_title = about.issuer_title,
                                                          .number = about.number, .day = about.day, .title = about.title,
                                                          .public = about.public });
}

static void edition_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct paper_line *read = row;
    struct document_edition in;

    (void)arena;
    if (!is_said(read->previous))
        return;
    const struct uuid *of = lookup_get(&history->papers, read->previous);
    if (of == NULL)
        history_unknown(pipe, line, "document_unknown", "previous");
    else if (paper_read(history, pipe, line, read, &in)) {
        in.of = *of;
        pipe_message(pipe, line, &in);
    }
}

static void paper_taken(void *arg, uint32_t line, const struct client_reply *reply)
{
    struct history *history = arg;
    history_keep(&history->papers, history->key_of_line[line], reply);
}

/* ── to whom ──────────────────────────────────────────────────────────────── */
static bool sending_read(struct history *history, struct pipe *pipe, uint32_t line, const struct sending_line *read,
                         const struct uuid **paper, const struct uuid **organisation)
{
    *paper = lookup_get(&history->papers, read->number);
    *organisation = lookup_get(&history->organisations, read->organisation);
    if (*paper == NULL)
        history_unknown(pipe, line, "document_unknown", "number");
    else if (*organisation == NULL)
        history_unknown(pipe, line, "organisation_unknown", "organisation");
    return *paper != NULL && *organisation != NULL;
}

static void sending_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct sending_line *read = row;
    const struct uuid *paper, *organisation;

    if (!sending_read(history, pipe, line, read, &paper, &organisation))
        return;
    struct uuid *to = arena_copy(arena, organisation, sizeof *to);
    pipe_message(pipe, line, &(struct document_send){ .document = *paper, .to = { 1, to }, .day = read->day,
                                                      .how = is_said(read->how) ? read->how : NULL });
}

static void acknowledged_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct sending_line *read = row;
    const struct uuid *paper = lookup_get(&history->papers, read->number), *organisation = lookup_get(&history->organisations, read->organisation);

    (void)arena;
    if (read->acknowledged != 0 && paper != NULL && organisation != NULL)       /* what was refused has been said */
        pipe_message(pipe, line, &(struct document_acknowledge){ .document = *paper, .organisation = *organisation, .day = read->acknowledged });
}

int history_papers(struct history *history)
{
    static const struct history_table TABLES[] = {
        { "papers.csv", "Документы", "roster.document.register", PAPER_COLUMN, &PAPER_COLUMN_N, &paper_line_desc, history_after_roster,
          paper_send, paper_taken },
        { "papers.csv", "Редакции документов", "roster.document.edition", PAPER_COLUMN, &PAPER_COLUMN_N, &paper_line_desc,
          history_after_roster, edition_send, paper_taken },
        { "sendings.csv", "Рассылка", "roster.document.send", SENDING_COLUMN, &SENDING_COLUMN_N, &sending_line_desc, history_after_roster,
          sending_send, NULL },
        { "sendings.csv", "Ознакомление", "roster.document.acknowledge", SENDING_COLUMN, &SENDING_COLUMN_N, &sending_line_desc,
          history_after_roster, acknowledged_send, NULL },
    };

    return history_tables_load(history, TABLES, sizeof TABLES / sizeof *TABLES);
}
