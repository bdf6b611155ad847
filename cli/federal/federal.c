/* federal: a passport's life from the command line: open, fill, enter, submit, approve, return, send, recall. */
#include "cli/federal/federal.h"
#include "cli/refer/args.h"

#include <ctype.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "common/core/err.h"

#define WORDS_MAX 8

const char *federal_number(struct cli *cli, uint64_t number)
{
    return arena_format(&cli->arena, "%" PRIu64, number);
}

const char *federal_hex(struct cli *cli, struct bytes bytes)
{
    struct buf line = { 0 };
    for (size_t i = 0; i < bytes.n; i++)
        buf_format(&line, "%02x", ((const uint8_t *)bytes.at)[i]);
    const char *text = arena_string(&cli->arena, line.n > 0 ? (const char *)line.at : "", line.n);
    buf_free(&line);
    return text;
}

const char *federal_words(struct cli *cli, const char *token, ...)
{
    struct catalogue_arg arg[WORDS_MAX];
    uint32_t n = 0;
    va_list args;
    va_start(args, token);
    for (const char *name; n < WORDS_MAX && (name = va_arg(args, const char *)) != NULL; n++) {
        const char *value = va_arg(args, const char *);
        arg[n] = (struct catalogue_arg){ name, value != NULL ? value : "" };
    }
    va_end(args);
    return cli_words(cli, token, arg, n);
}

/* ── which one ────────────────────────────────────────────────────────────── */

static bool year_read(const char *text, uint64_t *year, uint64_t *version)
{
    char *end;
    *version = 0;
    *year = strtoull(text, &end, 10);
    if (end == text + 4 && *end == '.')
        *version = strtoull(end + 1, &end, 10);
    return *end == '\0' && *year >= 1970 && *year <= 9999 && isdigit((unsigned char)text[0]);
}

static int find_by_year(struct cli *cli, uint64_t year, uint64_t version, struct passport *passport)
{
    struct passports_of of = { .year = year, .limit = 100 };
    struct passport_list list;
    do {
        int code = cli_ask(cli, "federal.passport.list", &of, &list);
        if (code != CLI_OK)
            return code;
        for (uint32_t i = 0; i < list.rows.n; i++)
            if (version == 0 || list.rows.at[i].version == version) {
                *passport = list.rows.at[i];
                return CLI_OK;
            }
        of.after = list.next;
    } while (of.after.n > 0);
    return cli_say(CLI_FAILED, "%s", cli_word(cli, "reason.passport_unknown"));
}

int federal_find(struct cli *cli, const char *name, struct passport *passport)
{
    struct passport_id id;
    uint64_t year, version;
    if (uuid_parse(&id.passport, name, strlen(name)))
        return cli_ask(cli, "federal.passport.get", &id, passport);
    if (!year_read(name, &year, &version))
        return cli_say(CLI_USAGE, "%s: neither the id of a passport nor a year (2024, 2024.2)", name);
    return find_by_year(cli, year, version, passport);
}

/* ── one command about one passport ───────────────────────────────────────── */

static int state_of(struct cli *cli, const struct uuid *id)
{
    struct passport passport;
    int code = cli_ask(cli, "federal.passport.get", &(struct passport_id){ *id }, &passport);
    if (code == CLI_OK)
        printf("%s\n", federal_words(cli, "passport.heading", "title", passport.title, "year", federal_number(cli, passport.year),
               "version", federal_number(cli, passport.version), "state",
               cli_word(cli, arena_format(&cli->arena, "passport_state.%s", passport_state_names.names[passport.state])), NULL));
    return code;
}

static int move(struct cli *cli, const char *verb, int argc, char **argv, const char *method)
{
    struct passport passport;
    if (argc != 2)
        return cli_usage(verb, "one PASSPORT is needed");
    int code = federal_find(cli, argv[1], &passport);
    if (code == CLI_OK)
        code = cli_ask(cli, method, &(struct passport_id){ passport.id }, NULL);
    return code == CLI_OK ? state_of(cli, &passport.id) : code;
}

int verb_federal_open(struct cli *cli, int argc, char **argv)
{
    struct passport_open open = { 0 };
    struct registered registered;
    uint64_t version;
    char id[UUID_TEXT + 1];
    if (argc != 2 || !year_read(argv[1], &open.year, &version) || version != 0)
        return cli_usage("federal open", "a YEAR is needed");
    int code = cli_ask(cli, "federal.passport.open", &open, &registered);
    if (code != CLI_OK)
        return code;
    uuid_format(&registered.id, id);
    printf("%s\n", federal_words(cli, "passport.opened", "passport", id, NULL));
    return CLI_OK;
}

int verb_federal_fill(struct cli *cli, int argc, char **argv)
{
    return move(cli, "federal fill", argc, argv, "federal.passport.fill");
}

int verb_federal_submit(struct cli *cli, int argc, char **argv)
{
    return move(cli, "federal submit", argc, argv, "federal.passport.submit");
}

int verb_federal_send(struct cli *cli, int argc, char **argv)
{
    return move(cli, "federal send", argc, argv, "federal.passport.send");
}

static bool hash_read(const char *text, uint8_t hash[HASH_SIZE])
{
    for (size_t i = 0; i < HASH_SIZE; i++) {
        unsigned byte;
        if (!isxdigit((unsigned char)text[2 * i]) || !isxdigit((unsigned char)text[2 * i + 1]) || sscanf(text + 2 * i, "%2x", &byte) != 1)
            return false;
        hash[i] = (uint8_t)byte;
    }
    return text[2 * HASH_SIZE] == '\0';
}

int verb_federal_approve(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "content", required_argument, NULL, 'c' }, { "document", required_argument, NULL, 'd' }, { 0 } };
    struct passport_approve approve = { 0 };
    struct passport passport;
    uint8_t hash[HASH_SIZE];
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'c':
            if (!hash_read(optarg, hash))
                return cli_usage("federal approve", "--content: 64 hexadecimal digits, as federal show prints them");
            approve.content = bytes(hash, HASH_SIZE);
            break;
        case 'd': approve.document = optarg; break;
        default:  return CLI_USAGE;
        }
    if (argc - optind != 1)
        return cli_usage("federal approve", "one PASSPORT is needed");
    int code = federal_find(cli, argv[optind], &passport);
    approve.passport = passport.id;
    if (code == CLI_OK)
        code = cli_ask(cli, "federal.passport.approve", &approve, NULL);
    return code == CLI_OK ? state_of(cli, &passport.id) : code;
}

int verb_federal_return(struct cli *cli, int argc, char **argv)
{
    struct passport passport;
    if (argc != 3)
        return cli_usage("federal return", "one PASSPORT and what is to be mended are needed");
    int code = federal_find(cli, argv[1], &passport);
    if (code == CLI_OK)
        code = cli_ask(cli, "federal.passport.return", &(struct passport_return){ passport.id, argv[2] }, NULL);
    return code == CLI_OK ? state_of(cli, &passport.id) : code;
}

int verb_federal_recall(struct cli *cli, int argc, char **argv)
{
    struct passport passport;
    if (argc != 3)
        return cli_usage("federal recall", "one PASSPORT and the reason are needed");
    int code = federal_find(cli, argv[1], &passport);
    if (code == CLI_OK)
        code = cli_ask(cli, "federal.passport.recall", &(struct passport_recall){ passport.id, argv[2] }, NULL);
    if (code == CLI_OK)
        printf("%s\n", cli_word(cli, "passport.recall_asked"));
    return code;
}

int verb_federal_enter(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "document", required_argument, NULL, 'd' }, { "day", required_argument, NULL, 'y' },
                                             { "title", required_argument, NULL, 't' }, { "unit", required_argument, NULL, 'u' }, { 0 } };
    struct cell_enter enter = { 0 };
    struct passport passport;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'd': enter.document = optarg; break;
        case 't': enter.title = optarg; break;
        case 'u': enter.unit = optarg; break;
        case 'y':
            if (!args_day(optarg, &enter.day))
                return cli_usage("federal enter", "--day %s: not a day like 2024-09-15 or 15.09.2024", optarg);
            break;
        default:  return CLI_USAGE;
        }
    if (argc - optind != 5 || enter.document == NULL || enter.day == 0)
        return cli_usage("federal enter", "PASSPORT BLOCK ROW COLUMN VALUE, --document and --day are needed");
    enter.block = strtoull(argv[optind + 1], NULL, 10);
    enter.row = argv[optind + 2];
    enter.column = argv[optind + 3];
    enter.value = argv[optind + 4];
    struct msg_error error;
    int code = federal_find(cli, argv[optind], &passport);
    enter.passport = passport.id;
    if (code == CLI_OK && msg_check(&cell_enter_desc, &enter, &error) != ERR_OK)
        return cli_usage("federal enter", "%s: %s", error.path, error.rule);
    return code == CLI_OK ? cli_ask(cli, "federal.cell.enter", &enter, NULL) : code;
}

int verb_federal_withdraw(struct cli *cli, int argc, char **argv)
{
    struct passport passport;
    if (argc != 5)
        return cli_usage("federal withdraw", "PASSPORT BLOCK ROW COLUMN are needed");
    struct cell_at at = { .block = strtoull(argv[2], NULL, 10), .row = argv[3], .column = argv[4] };
    struct msg_error error;
    int code = federal_find(cli, argv[1], &passport);
    at.passport = passport.id;
    if (code == CLI_OK && msg_check(&cell_at_desc, &at, &error) != ERR_OK)
        return cli_usage("federal withdraw", "%s: %s", error.path, error.rule);
    return code == CLI_OK ? cli_ask(cli, "federal.cell.withdraw", &at, NULL) : code;
}

int verb_federal_answer(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "agree", no_argument, NULL, 'a' }, { "return", required_argument, NULL, 'r' },
                                             { "number", required_argument, NULL, 'n' }, { "day", required_argument, NULL, 'd' }, { 0 } };
    struct operator_answer answer = { .outcome = -1 };
    struct passport passport;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'a': answer.outcome = ANSWER_AGREED; break;
        case 'r': answer.outcome = ANSWER_RETURNED; answer.remarks = optarg; break;
        case 'n': answer.number = optarg; break;
        case 'd':
            if (!args_day(optarg, &answer.day))
                return cli_usage("federal answer", "--day %s: not a day like 2024-09-15 or 15.09.2024", optarg);
            break;
        default:  return CLI_USAGE;
        }
    if (argc - optind != 1 || answer.outcome < 0 || answer.number == NULL || answer.number[0] == '\0' || answer.day == 0)
        return cli_usage("federal answer", "one PASSPORT, --agree or --return REMARKS, --number and --day are needed");
    int code = federal_find(cli, argv[optind], &passport);
    answer.passport = passport.id;
    if (code == CLI_OK)
        code = cli_ask(cli, "federal.answer.enter", &answer, NULL);
    return code == CLI_OK ? state_of(cli, &passport.id) : code;
}
