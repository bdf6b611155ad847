/* document add, edition, send, acknowledge. */
#include "cli/refer/args.h"
#include "cli/registers/document.h"
#include "cli/registers/document_parts.h"
#include "cli/show/export.h"
#include "cli/refer/refer.h"

struct said { const char *issuer, *issuer_title, *file, *signature, *unit, *signed_as, *certificate;
    day_t day, from, until, signed_on; struct arg_list published; bool public; };
#define SAID_ARGS(said)                                                                                                            \
    { "day", ARG_DAY, &(said).day, true }, { "issuer", ARG_TEXT, &(said).issuer, false },                                          \
    { "issuer-title", ARG_TEXT, &(said).issuer_title, false }, { "from", ARG_DAY, &(said).from, false },                           \
    { "until", ARG_DAY, &(said).until, false }, { "file", ARG_TEXT, &(said).file, false },                                         \
    { "signature", ARG_TEXT, &(said).signature, false }, { "published", ARG_LIST, &(said).published, false },                      \
    { "unit", ARG_TEXT, &(said).unit, false }, { "public", ARG_FLAG, &(said).public, false },                      \
    { "signed-as", ARG_TEXT, &(said).signed_as, false }, { "signed-on", ARG_DAY, &(said).signed_on, false },                       \
    { "certificate", ARG_TEXT, &(said).certificate, false }

/* KIND NUMBER TITLE and the options. */
static int about_read(struct cli *cli, const char *verb, char **words, const struct said *said, struct document_edition *in)
{
    int code = refer_word(cli, verb, &document_kind_names, words[0], &in->kind);
    in->number = words[1];
    in->title = words[2];
    in->day = said->day;
    in->from = said->from;
    in->until = said->until;
    in->issuer_title = said->issuer_title;
    in->public = said->public;
    in->signed_as = said->signed_as;
    in->signed_on = said->signed_on;
    in->certificate = said->certificate;
    in->published.n = said->published.n;
    in->published.at = ARENA_LIST(&cli->arena, const char *, said->published.n + 1);
    for (uint32_t i = 0; i < said->published.n; i++)
        in->published.at[i] = said->published.at[i];
    if (code == CLI_OK && said->issuer != NULL)
        code = refer_organisation(cli, said->issuer, &in->issuer);
    if (code == CLI_OK && said->unit != NULL)
        code = refer_organisation(cli, said->unit, &in->unit);
    if (code == CLI_OK && said->file != NULL && (code = document_hash(cli, said->file, &in->sha256)) == CLI_OK)
        in->file = document_base(said->file);
    if (code == CLI_OK && said->signature != NULL && (code = document_hash(cli, said->signature, &in->signature_sha256)) == CLI_OK)
        in->signature = document_base(said->signature);
    return code;
}

int verb_document_add(struct cli *cli, int argc, char **argv)
{
    struct said said = { 0 };
    struct document_edition about = { 0 };
    struct document_register in;
    struct registered made;
    int code = args_read("document add", &argc, argv, ARGS(SAID_ARGS(said)), "KIND NUMBER TITLE", 3, 3);
    if (code != CLI_OK || (code = about_read(cli, "document add", argv + 1, &said, &about)) != CLI_OK)
        return code;
    in = (struct document_register){
        .kind = about.kind, .issuer = about.issuer, .issuer_title = about.issuer_title, .number = about.number, .day = about.day,
        .title = about.title, .from = about.from, .until = about.until, .file = about.file, .sha256 = about.sha256,
        .signature = about.signature, .signature_sha256 = about.signature_sha256, .published = { about.published.n, about.published.at },
        .unit = about.unit, .public = about.public, .signed_as = about.signed_as, .signed_on = about.signed_on, .certificate = about.certificate,
    };
    return refer_made(cli, cli_ask(cli, "roster.document.register", &in, &made), &made);
}

int verb_document_edition(struct cli *cli, int argc, char **argv)
{
    struct said said = { 0 };
    struct document_edition in = { 0 };
    struct registered made;
    int code = args_read("document edition", &argc, argv, ARGS(SAID_ARGS(said)), "NUMBER KIND NUMBER TITLE", 4, 4);
    if (code != CLI_OK || (code = about_read(cli, "document edition", argv + 2, &said, &in)) != CLI_OK
        || (code = refer_document(cli, argv[1], &in.of)) != CLI_OK)
        return code;
    return refer_made(cli, cli_ask(cli, "roster.document.edition", &in, &made), &made);
}

/* ── sending ──────────────────────────────────────────────────────────────── */
struct addressees { struct uuid *at; uint32_t n; };

static int addressees_below(struct cli *cli, const char *below, const char *kind, struct addressees *to)
{
    struct units units;
    struct uuid top;
    int of_kind = -1;
    int code = kind != NULL ? refer_word(cli, "document send", &org_kind_names, kind, &of_kind) : CLI_OK;
    if (code != CLI_OK || (code = refer_organisation(cli, below, &top)) != CLI_OK || (code = units_fetch(&units, cli, 0)) != CLI_OK)
        return code;
    struct uuid *all = ARENA_LIST(&cli->arena, struct uuid, to->n + units.n + 1);
    if (to->n > 0)
        memcpy(all, to->at, sizeof *all * to->n);
    to->at = all;
    for (uint32_t i = 0; i < units.n; i++) {
        const struct organisation *unit = &units.at[i];
        bool inside = false;
        for (uint32_t k = 1; k < unit->chain.n; k++)
            inside = inside || uuid_equal(&unit->chain.at[k], &top);
        if (inside && unit->closed == 0 && (of_kind < 0 || unit->kind == of_kind))
            to->at[to->n++] = unit->id;
    }
    return CLI_OK;
}

int verb_document_send(struct cli *cli, int argc, char **argv)
{
    struct document_send in = { 0 };
    struct arg_list codes = { 0 };
    struct addressees to = { 0 };
    const char *below = NULL, *kind = NULL;
    int code = args_read("document send", &argc, argv, ARGS({ "to", ARG_LIST, &codes, false }, { "below", ARG_TEXT, &below, false },
                         { "kind", ARG_TEXT, &kind, false }, { "day", ARG_DAY, &in.day, false }, { "how", ARG_TEXT, &in.how, false }), "NUMBER", 1, 1);
    if (code == CLI_OK && codes.n == 0 && below == NULL)
        return cli_usage("document send", "--to CODE or --below CODE");
    to.at = ARENA_LIST(&cli->arena, struct uuid, codes.n + 1);
    for (; code == CLI_OK && to.n < codes.n; to.n++)
        code = refer_organisation(cli, codes.at[to.n], &to.at[to.n]);
    if (code == CLI_OK && below != NULL)
        code = addressees_below(cli, below, kind, &to);
    if (code == CLI_OK)
        code = refer_document(cli, argv[1], &in.document);
    for (uint32_t from = 0; code == CLI_OK && from < to.n; from += in.to.n) {
        in.to.at = to.at + from;
        in.to.n = to.n - from < DOCUMENT_ADDRESSEES_MAX ? to.n - from : DOCUMENT_ADDRESSEES_MAX;
        code = cli_ask(cli, "roster.document.send", &in, NULL);
    }
    if (code == CLI_OK && !cli->json) {
        const struct catalogue_arg args[] = { { "n", export_number(cli, to.n) } };
        printf("%s\n", cli_words(cli, "document.sent", args, 1));
    }
    return code;
}

int verb_document_acknowledge(struct cli *cli, int argc, char **argv)
{
    struct document_acknowledge in = { 0 };
    const char *by = NULL;
    int code = args_read("document acknowledge", &argc, argv, ARGS({ "day", ARG_DAY, &in.day, false }, { "by", ARG_TEXT, &by, false }),
                         "NUMBER ORGANISATION", 2, 2);
    if (code != CLI_OK || (code = refer_document(cli, argv[1], &in.document)) != CLI_OK
        || (code = refer_organisation(cli, argv[2], &in.organisation)) != CLI_OK
        || (by != NULL && (code = refer_person(cli, by, &in.by)) != CLI_OK))
        return code;
    return cli_do(cli, "roster.document.acknowledge", &in);
}
