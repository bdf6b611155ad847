/* The documents of history load: framework, instrument, procedures; programmes and the federal registry.
 * Their ids are derived from their codes, so that the same document is the same thing whenever it comes. */
#include "cli/history/history_parts.h"
#include "common/codec/text_forms.h"
#include "common/core/err.h"

static struct uuid id_of(const char *kind, const char *code)
{
    return uuid_derive(kind, bytes_of(code));
}

struct document { struct hash hash; struct arena arena; };

/* Reads a JSON file under the descriptor; says file, line and field of a fault. */
static int document_read(struct history *history, const char *file, const struct msg_desc *desc, void *out,
                         struct document *document)
{
    const char *path = history_path(history, file);
    struct buf text = { 0 }, body = { 0 };
    struct places places = { .arena = &document->arena };
    struct text_error wrong = { 0 };
    struct msg_error error = { 0 };
    struct hash_state state;
    int code = file_read(path, &text);

    if (code == CLI_OK) {
        hash_start(&state, NULL);
        hash_more(&state, text.at, text.n);
        document->hash = hash_end(&state);
        if (json_read(desc, buf_bytes(&text), &body, &places, &wrong) != ERR_OK)
            code = cli_say(CLI_FAILED, "%s:%u:%u: %s", path, wrong.line, wrong.column, wrong.text);
        else if (msg_decode(desc, buf_bytes(&body), MSG_STRICT, &document->arena, out, &error) != ERR_OK) {
            const struct place *place = place_of(&places, error.path);
            code = cli_say(CLI_FAILED, "%s:%u: %s: %s", path, place != NULL ? place->line : 0, error.path,
                           catalogue_rule(history->cli->catalogue, &history->cli->arena, error.rule, error.limit));
        }
    }
    buf_free(&text);
    buf_free(&body);
    return code;
}

/* What a document's commands are refused for has no line of its own: the number in its list stands for it. */
static void refused_say(struct history *history, const char *file, const struct pipe *pipe)
{
    struct problem problem;
    struct msg_error error;

    for (uint32_t i = 0; i < pipe->refused.n; i++)
        if (msg_decode(&problem_desc, pipe->refused.at[i].problem, MSG_LENIENT, &history->cli->arena, &problem,
                       &error) == ERR_OK)
            printf("%s, запись %u: %s\n", file, pipe->refused.at[i].line,
                   catalogue_problem(history->cli->catalogue, &history->cli->arena, &problem));
}

/* One list of commands of one method: item(i) fills a message or says that there is none for i. */
struct listing {
    const char *file, *what, *method;
    const struct hash *hash;
    uint32_t n, total;                  /* to look through; to be sent, 0 where that is not known */
    const void *from;
    bool (*item)(struct history *history, const void *from, uint32_t i, void *message);
};

static int listing_send(struct history *history, const struct listing *listing)
{
    struct pipe pipe;
    int code = pipe_open(&pipe, history->cli, listing->method, listing->hash, listing->what, listing->total);

    if (code != CLI_OK)
        return code;
    if (history->roster.known)
        pipe_after(&pipe, &history->roster.at);
    void *message = arena_alloc(&history->cli->arena, pipe.method.takes->size);
    for (uint32_t i = 0; i < listing->n; i++)
        if (listing->item(history, listing->from, i, message))
            pipe_message(&pipe, i + 1, message);
    code = pipe_close(&pipe);
    refused_say(history, listing->file, &pipe);
    history_stood(history, &pipe);
    pipe_free(&pipe);
    return code;
}

static struct uuid organisation_of(const struct history *history, const char *code)
{
    const struct uuid *id = lookup_get(&history->organisations, code);
    return id != NULL ? *id : UUID_NIL;         /* the service then says that it knows no such organisation */
}

/* ── diagnostics ──────────────────────────────────────────────────────────── */
static bool framework_item(struct history *history, const void *from, uint32_t i, void *message)
{
    struct framework *framework = message;

    (void)history;
    (void)i;
    *framework = *(const struct framework *)from;
    framework->id = id_of("framework", framework->code);
    return true;
}

static bool instrument_item(struct history *history, const void *from, uint32_t i, void *message)
{
    const struct instrument_file *file = from;

    (void)history;
    (void)i;
    *(struct instrument *)message = (struct instrument){
        .id = id_of("instrument", file->code), .code = file->code, .title = file->title,
        .framework = id_of("framework", file->framework), .minutes = file->minutes, .cut_percent = file->cut_percent,
        .tasks = { file->tasks.n, file->tasks.at },
    };
    return true;
}

static bool procedure_item(struct history *history, const void *from, uint32_t i, void *message)
{
    const struct procedure_of_file *p = &((const struct procedures_file *)from)->procedures.at[i];
    struct uuid id = id_of("procedure", p->code);

    *(struct procedure *)message = (struct procedure){
        .id = id, .code = p->code, .title = p->title, .instrument = id_of("instrument", p->instrument),
        .purpose = p->purpose,
        .owner = organisation_of(history, p->owner), .opens = p->opens, .closes = p->closes,
    };
    lookup_put(&history->procedures, p->code, &id);
    return true;
}

static int framework_load(struct history *history, struct document *document)
{
    struct framework framework;
    int code = document_read(history, "framework.json", &framework_desc, &framework, document);
    const struct listing listing = { "framework.json", "Рамка компетенций", "diagnostics.framework.publish",
                                     &document->hash, 1, 1, &framework, framework_item };
    return code == CLI_OK ? listing_send(history, &listing) : code;
}

static int instrument_load(struct history *history, struct document *document)
{
    struct instrument_file file;
    int code = document_read(history, "instrument.json", &instrument_file_desc, &file, document);
    const struct listing listing = { "instrument.json", "Инструмент", "diagnostics.instrument.publish",
                                     &document->hash, 1, 1, &file, instrument_item };
    return code == CLI_OK ? listing_send(history, &listing) : code;
}

static int procedures_load(struct history *history, struct document *document)
{
    struct procedures_file file;
    int code = document_read(history, "procedures.json", &procedures_file_desc, &file, document);
    const struct listing listing = { "procedures.json", "Процедуры", "diagnostics.procedure.open", &document->hash,
                                     code == CLI_OK ? file.procedures.n : 0, 0, &file, procedure_item };
    return code == CLI_OK ? listing_send(history, &listing) : code;
}

/* ── programmes ───────────────────────────────────────────────────────────── */
static bool programme_item(struct history *history, const void *from, uint32_t i, void *message)
{
    const struct programme_of_file *p = &((const struct programmes_file *)from)->programmes.at[i];
    struct uuid id = id_of("programme", p->code);

    *(struct programme *)message = (struct programme){
        .id = id, .code = p->code, .title = p->title, .kind = p->kind, .form = p->form, .hours = p->hours,
        .competencies = { p->competencies.n, p->competencies.at }, .topics = { p->topics.n, p->topics.at },
        .provider = organisation_of(history, p->provider),
    };
    lookup_put(&history->programmes, p->code, &UUID_NIL);
    return true;
}

static bool registry_item(const struct history *history, const struct programme_of_file *p, day_t day, void *message)
{
    const struct uuid *id = lookup_get(&history->programmes, p->code);

    if (day == 0 || id == NULL)
        return false;
    *(struct programme_included *)message =
        (struct programme_included){ .programme = *id, .day = day, .number = p->number };
    return true;
}

static bool included_item(struct history *history, const void *from, uint32_t i, void *message)
{
    const struct programme_of_file *p = &((const struct programmes_file *)from)->programmes.at[i];
    return registry_item(history, p, p->included, message);
}

static bool excluded_item(struct history *history, const void *from, uint32_t i, void *message)
{
    const struct programme_of_file *p = &((const struct programmes_file *)from)->programmes.at[i];
    return registry_item(history, p, p->excluded, message);
}

static int programmes_load(struct history *history, struct document *document)
{
    struct programmes_file file;
    int code = document_read(history, "programmes.json", &programmes_file_desc, &file, document);
    if (code != CLI_OK)
        return code;
    const struct listing registered = { "programmes.json", "Программы", "programmes.programme.register",
                                        &document->hash, file.programmes.n, file.programmes.n, &file, programme_item };
    const struct listing included = { "programmes.json", "Включены в ФР ДПП", "programmes.programme.include",
                                      &document->hash, file.programmes.n, 0, &file, included_item };
    const struct listing excluded = { "programmes.json", "Исключены из ФР ДПП", "programmes.programme.exclude",
                                      &document->hash, file.programmes.n, 0, &file, excluded_item };
    if ((code = listing_send(history, &registered)) != CLI_OK
        || (code = lookup_ask(&history->programmes, history->cli, "programmes.programme.find")) != CLI_OK
        || (code = listing_send(history, &included)) != CLI_OK)
        return code;
    return listing_send(history, &excluded);
}

/* ── what people have judged ──────────────────────────────────────────────── */
static bool judgement_item(struct history *history, const void *from, uint32_t i, void *message)
{
    (void)history;
    *(struct judgement *)message = ((const struct judgements_file *)from)->judgements.at[i];
    return true;
}

int history_judgements(struct history *history)
{
    struct document document = { 0 };
    struct judgements_file file;
    int code = document_read(history, "judgements.json", &judgements_file_desc, &file, &document);
    const struct listing listing = { "judgements.json", "Суждения", "indicators.judgement.record", &document.hash,
                                     code == CLI_OK ? file.judgements.n : 0, 0, &file, judgement_item };
    code = code == CLI_OK ? listing_send(history, &listing) : code;
    arena_free(&document.arena);
    return code;
}

int history_documents(struct history *history)
{
    static int (*const LOAD[])(struct history *, struct document *) = {
        framework_load, instrument_load, procedures_load, programmes_load,
    };
    int code = CLI_OK;

    for (size_t i = 0; i < sizeof LOAD / sizeof *LOAD && code == CLI_OK; i++) {
        struct document document = { 0 };
        code = LOAD[i](history, &document);
        arena_free(&document.arena);
    }
    return code;
}
