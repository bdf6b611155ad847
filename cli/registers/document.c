/* document list, show, sendings, check: what is known of documents. */
#include "cli/registers/document.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "cli/refer/args.h"
#include "cli/registers/document_parts.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"
#include "common/core/err.h"

/* ── files ────────────────────────────────────────────────────────────────── */
int document_hash(struct cli *cli, const char *path, struct bytes *sha256)
{
    crypto_hash_sha256_state state;
    uint8_t part[65536], *hash = arena_alloc(&cli->arena, crypto_hash_sha256_BYTES);
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return cli_say(CLI_FAILED, "%s: %m", path);
    crypto_hash_sha256_init(&state);
    while ((n = read(fd, part, sizeof part)) > 0)
        crypto_hash_sha256_update(&state, part, (size_t)n);
    crypto_hash_sha256_final(&state, hash);
    if (n < 0)
        cli_say(CLI_FAILED, "%s: %m", path);
    close(fd);
    *sha256 = bytes(hash, crypto_hash_sha256_BYTES);
    return n == 0 ? CLI_OK : CLI_FAILED;
}

const char *document_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static const char *hex_said(struct cli *cli, struct bytes bytes)
{
    char *text = arena_alloc(&cli->arena, bytes.n * 2 + 1);
    return bytes.n > 0 ? sodium_bin2hex(text, bytes.n * 2 + 1, bytes.at, bytes.n) : "";
}

static const char *text_said(const char *text) { return text != NULL ? text : ""; }

/* ── list ─────────────────────────────────────────────────────────────────── */
static const struct export_column LIST_COLUMNS[] = {
    { "number",    "column.number",    EXPORT_TEXT,   NULL,            false }, { "day",      "column.day",      EXPORT_DAY,  NULL, false },
    { "kind",      "column.kind",      EXPORT_TEXT,   "document_kind", false }, { "title",    "column.title",    EXPORT_LONG, NULL, false },
    { "issuer",    "column.issuer",    EXPORT_TEXT,   NULL,            false }, { "unit",     "column.unit",     EXPORT_TEXT, NULL, true  },
    { "from",      "column.from",      EXPORT_DAY,    NULL,            false }, { "until",    "column.until",    EXPORT_DAY,  NULL, false },
    { "edition",   "column.edition",   EXPORT_NUMBER, NULL,            false }, { "replaced", "column.replaced", EXPORT_FLAG, NULL, false },
    { "public",    "column.public",    EXPORT_FLAG,   NULL,            true  }, { "file",     "column.file",     EXPORT_TEXT, NULL, true  },
    { "sha256",    "column.sha256",    EXPORT_TEXT,   NULL,            true  }, { "signature", "column.signature", EXPORT_TEXT, NULL, true },
    { "signature_sha256", "column.signature_sha256", EXPORT_TEXT, NULL, true },
    { "signed_as", "column.signed_as", EXPORT_TEXT,   NULL,            true  }, { "signed_on", "column.signed_on", EXPORT_DAY, NULL, true },
    { "certificate", "column.certificate", EXPORT_TEXT, NULL,          true  }, { "id",       "column.id",       EXPORT_TEXT, NULL, true  },
};

static void document_row(struct export *out, const struct units *units, const struct document *row)
{
    struct cli *cli = out->cli;
    export_row(out, (const char *const[]){ row->number, export_day(cli, row->day), document_kind_names.names[row->kind], row->title,
               uuid_is_nil(&row->issuer) ? row->issuer_title : units_code(units, &row->issuer), units_code(units, &row->chain.at[0]),
               export_day(cli, row->from), export_day(cli, row->until), export_number(cli, row->edition),
               uuid_is_nil(&row->replaced_by) ? "" : "yes", row->public ? "yes" : "", row->file, hex_said(cli, row->sha256), row->signature,
               hex_said(cli, row->signature_sha256), row->signed_as, export_day(cli, row->signed_on), row->certificate, export_id(cli, &row->id) });
}

int verb_document_list(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct documents_of ask = { .limit = 1000 };
    struct document_list list;
    struct units units;
    int code = args_read("document list", &argc, argv, ARGS({ "on", ARG_DAY, &ask.on, false }, { "since", ARG_DAY, &ask.since, false },
                         EXPORT_ARGS(&out)), "", 0, 0);
    if (code != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, LIST_COLUMNS, sizeof LIST_COLUMNS / sizeof *LIST_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.document.list", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            document_row(&out, &units, &list.rows.at[i]);
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

/* ── show ─────────────────────────────────────────────────────────────────── */
static int document_get(struct cli *cli, const char *text, struct document_card *card)
{
    struct registered ask;
    int code = refer_document(cli, text, &ask.id);
    return code == CLI_OK ? cli_ask(cli, "roster.document.get", &ask, card) : code;
}

static void say_document(struct cli *cli, const struct units *units, const struct document *row)
{
    export_line(cli, "column.kind", cli_word(cli, arena_format(&cli->arena, "document_kind.%s", document_kind_names.names[row->kind])));
    export_line(cli, "column.number", row->number);
    export_line(cli, "column.day", export_day_said(cli, row->day));
    export_line(cli, "column.title", row->title);
    export_line(cli, "column.issuer", uuid_is_nil(&row->issuer) ? row->issuer_title : units_title(units, &row->issuer));
    export_line(cli, "column.unit", units_title(units, &row->chain.at[0]));
    export_line(cli, "column.from", export_day_said(cli, row->from));
    export_line(cli, "column.until", export_day_said(cli, row->until));
    export_line(cli, "column.file", row->file);
    export_line(cli, "column.sha256", hex_said(cli, row->sha256));
    export_line(cli, "column.signature", row->signature);
    export_line(cli, "column.signature_sha256", hex_said(cli, row->signature_sha256));
    export_line(cli, "column.signed_as", row->signed_as);
    export_line(cli, "column.signed_on", export_day_said(cli, row->signed_on));
    export_line(cli, "column.certificate", row->certificate);
    if (row->sha256.n > 0)
        printf("%s\n", cli_word(cli, "document.control"));
    for (uint32_t i = 0; i < row->published.n; i++)
        export_line(cli, "column.published", row->published.at[i]);
    export_line(cli, "column.id", export_id(cli, &row->id));
}

int verb_document_show(struct cli *cli, int argc, char **argv)
{
    struct document_card card, other;
    struct units units;
    int code = args_read("document show", &argc, argv, NULL, 0, "NUMBER", 1, 1);
    if (code != CLI_OK || (code = document_get(cli, argv[1], &card)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    if (cli->json) {
        cli_print_json(&document_card_desc, &card);
        return CLI_OK;
    }
    say_document(cli, &units, card.document);
    for (uint32_t i = 0; card.editions.n > 1 && i < card.editions.n; i++) {
        const struct registered ask = { card.editions.at[i] };
        if ((code = cli_ask(cli, "roster.document.get", &ask, &other)) != CLI_OK)
            return code;
        printf("%s %u: %s, %s%s\n", cli_word(cli, "column.edition"), i + 1, other.document->number, export_day_said(cli, other.document->day),
               uuid_equal(&other.document->id, &card.document->id) ? " *" : "");
    }
    return CLI_OK;
}

/* ── is this the file ─────────────────────────────────────────────────────── */
static int same_file(struct cli *cli, const char *path, const char *name, struct bytes wanted)
{
    const struct catalogue_arg args[] = { { "file", path }, { "name", text_said(name) } };
    struct bytes found;
    if (wanted.n == 0)
        return cli_say(CLI_FAILED, "%s", cli_words(cli, "document.no_hash", args, 2));
    int code = document_hash(cli, path, &found);
    if (code != CLI_OK)
        return code;
    bool same = bytes_equal(found, wanted);
    printf("%s\n", cli_words(cli, same ? "document.same" : "document.differs", args, 2));
    return same ? CLI_OK : CLI_FAILED;
}

int verb_document_check(struct cli *cli, int argc, char **argv)
{
    struct document_card card;
    const char *signature = NULL;
    int code = args_read("document check", &argc, argv, ARGS({ "signature", ARG_TEXT, &signature, false }), "NUMBER [FILE]", 1, 2);
    if (code == CLI_OK && argc < 3 && signature == NULL)
        return cli_usage("document check", "FILE, --signature FILE or both");
    if (code != CLI_OK || (code = document_get(cli, argv[1], &card)) != CLI_OK)
        return code;
    if (argc > 2)
        code = same_file(cli, argv[2], card.document->file, card.document->sha256);
    if (signature != NULL) {
        int signed_too = same_file(cli, signature, card.document->signature, card.document->signature_sha256);
        code = code != CLI_OK ? code : signed_too;
    }
    if (code == CLI_OK)
        printf("%s\n", cli_word(cli, "document.control"));
    return code;
}

/* ── who has it ───────────────────────────────────────────────────────────── */
static const struct export_column SENDING_COLUMNS[] = {
    { "organisation", "column.organisation", EXPORT_TEXT, NULL, false }, { "title", "column.title", EXPORT_LONG, NULL, false },
    { "day",          "column.sent",         EXPORT_DAY,  NULL, false }, { "how",   "column.how",   EXPORT_TEXT, NULL, false },
    { "acknowledged", "column.acknowledged", EXPORT_DAY,  NULL, false }, { "by",    "column.by",    EXPORT_TEXT, NULL, true  },
};

int verb_document_sendings(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct sendings_of ask = { .limit = 1000 };
    struct sending_list list;
    struct units units;
    bool open = false;
    int code = args_read("document sendings", &argc, argv, ARGS({ "open", ARG_FLAG, &open, false }, EXPORT_ARGS(&out)), "NUMBER", 1, 1);
    if (code != CLI_OK || (code = refer_document(cli, argv[1], &ask.document)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    export_start(&out, cli, SENDING_COLUMNS, sizeof SENDING_COLUMNS / sizeof *SENDING_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.document.sendings", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct document_sent *row = &list.rows.at[i];
            if (!open || row->acknowledged == 0)
                export_row(&out, (const char *const[]){ units_code(&units, &row->organisation), units_title(&units, &row->organisation),
                           export_day(cli, row->day), row->how, export_day(cli, row->acknowledged), export_id(cli, &row->by) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}

/* ── what has come ────────────────────────────────────────────────────────── */
static const struct export_column INBOX_COLUMNS[] = {
    { "number", "column.number", EXPORT_TEXT, NULL,            false }, { "dated",        "column.day",          EXPORT_DAY, NULL, false },
    { "kind",   "column.kind",   EXPORT_TEXT, "document_kind", false }, { "title",        "column.title",        EXPORT_LONG, NULL, false },
    { "day",    "column.sent",   EXPORT_DAY,  NULL,            false }, { "how",          "column.how",          EXPORT_TEXT, NULL, true },
    { "acknowledged", "column.acknowledged", EXPORT_DAY, NULL, false }, { "by",           "column.by",           EXPORT_TEXT, NULL, true },
    { "sha256", "column.sha256", EXPORT_TEXT, NULL,            true  }, { "id",           "column.id",           EXPORT_TEXT, NULL, true },
};

int verb_document_inbox(struct cli *cli, int argc, char **argv)
{
    struct export out = { 0 };
    struct inbox_of ask = { .limit = 1000 };
    struct sending_list list;
    int code = args_read("document inbox", &argc, argv, ARGS({ "open", ARG_FLAG, &ask.open, false }, EXPORT_ARGS(&out)), "ORGANISATION", 1, 1);
    if (code != CLI_OK || (code = refer_organisation(cli, argv[1], &ask.organisation)) != CLI_OK)
        return code;
    export_start(&out, cli, INBOX_COLUMNS, sizeof INBOX_COLUMNS / sizeof *INBOX_COLUMNS);
    do {
        if ((code = cli_ask(cli, "roster.document.inbox", &ask, &list)) != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++) {
            const struct document_sent *row = &list.rows.at[i];
            export_row(&out, (const char *const[]){ row->number, export_day(cli, row->dated), document_kind_names.names[row->kind], row->title,
                       export_day(cli, row->day), row->how, export_day(cli, row->acknowledged), export_id(cli, &row->by),
                       hex_said(cli, row->sha256), export_id(cli, &row->document) });
        }
        ask.after = list.next;
    } while (ask.after.n > 0);
    return export_end(&out);
}
