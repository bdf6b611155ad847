/* federal check, reply, key: needs no daemon and no configuration, a file and a key. */
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <unistd.h>

#include "cli/federal/federal.h"
#include "cli/refer/args.h"
#include "common/core/err.h"
#include "common/core/files.h"
#include "services/federal/package.h"

static int read_file(const char *path, size_t most, struct buf *out)
{
    int err = file_get(path, most, out);
    if (err == ERR_OK)
        return CLI_OK;
    return cli_say(CLI_FAILED, "%s: %s", path, err == ERR_FULL ? "larger than any such file" : err_text(err));
}

/* The key to check with: named, or that of the installation. */
static int key_find(struct cli *cli, const char *named, const char *usual, uint8_t key[PUBLIC_SIZE])
{
    char fault[200] = "";
    const char *file = named;
    if (file == NULL) {
        if (cli_config(cli) != CLI_OK)
            return cli_say(CLI_USAGE, "--key names the public key to check with");
        file = arena_format(&cli->arena, "%s/%s", cli->config.keys, usual);
    }
    int err = sign_load_public(file, key, fault);
    return err == ERR_OK ? CLI_OK : cli_say(CLI_FAILED, "%s", fault[0] != '\0' ? fault : err_text(err));
}

/* ── check ────────────────────────────────────────────────────────────────── */

static void print_package(struct cli *cli, const struct package_says *says)
{
    printf("%s\n", federal_words(cli, "check.package", "name", says->name, NULL));
    printf("%s\n", federal_words(cli, "check.passport", "title", says->title, "region", says->region, "year", federal_number(cli, says->year),
                                 "version", federal_number(cli, says->version), NULL));
    if (says->region_act != NULL)
        printf("%s\n", federal_words(cli, "check.act", "act", says->region_act, NULL));
    printf("%s\n", federal_words(cli, "check.approved", "day", says->approved, "document", says->approval, NULL));
    printf("%s\n", federal_words(cli, "check.sent", "day", says->sent, "entry", federal_number(cli, says->sending), "journal", says->journal, NULL));
    printf("%s\n", federal_words(cli, "check.total", "cells", federal_number(cli, says->cells), "gaps", federal_number(cli, says->gaps), NULL));
    for (size_t i = 0; i < PASSPORT_BLOCKS; i++) {
        const struct package_block *block = &says->block[i];
        printf("%s\n", federal_words(cli, "check.block", "number", federal_number(cli, block->number), "title", block->title, "cells",
                                     federal_number(cli, block->cells), "counted", federal_number(cli, block->counted), "typed",
                                     federal_number(cli, block->typed), "gaps", federal_number(cli, block->gaps), NULL));
    }
}

static void print_receipt(struct cli *cli, const struct receipt *receipt)
{
    char day[DAY_TEXT + 1] = "";
    day_format_ru(receipt->day, day);
    printf("%s\n", federal_words(cli, "check.receipt", "package", receipt->package, "outcome",
                                 cli_word(cli, arena_format(&cli->arena, "answer_outcome.%s", answer_outcome_names.names[receipt->outcome])),
                                 "number", receipt->number, "day", day, NULL));
    if (receipt->remarks != NULL)
        printf("%s\n", federal_words(cli, "check.receipt_remarks", "remarks", receipt->remarks, NULL));
}

/* Its name is that of what it says it is; a copy that was renamed is not what was sent. */
static bool name_fits(struct cli *cli, const char *path, const char *name)
{
    char *copy = arena_string(&cli->arena, path, strlen(path));
    return strcmp(basename(copy), arena_format(&cli->arena, "%s.json", name)) == 0;
}

static int check_signature(struct cli *cli, const char *path, struct bytes content, const uint8_t key[PUBLIC_SIZE])
{
    const char *file = arena_format(&cli->arena, "%s.sig", path);
    struct buf signature = { 0 };
    int err = file_get(file, SIGNATURE_SIZE, &signature);
    bool holds = err == ERR_OK && sign_holds(key, content, buf_bytes(&signature));
    buf_free(&signature);
    if (err == ERR_NOTFOUND)
        printf("%s\n", federal_words(cli, "check.signature_none", "file", file, NULL));
    else if (holds)
        printf("%s\n", federal_words(cli, "check.signature_good", "key", federal_hex(cli, bytes(key, PUBLIC_SIZE)), NULL));
    else
        printf("%s\n", cli_word(cli, "check.signature_bad"));
    return holds ? CLI_OK : CLI_FAILED;
}

/* What is wrong with a file that can be read as a package, line by line. */
static int check_package(struct cli *cli, const char *path, const struct package_says *says)
{
    bool named = name_fits(cli, path, says->name);
    print_package(cli, says);
    if (says->content_holds) {
        printf("%s\n", federal_words(cli, "check.content_good", "hash", federal_hex(cli, bytes(says->content.b, HASH_SIZE)), NULL));
    } else {
        printf("%s\n", cli_word(cli, "check.content_bad"));
    }
    if (!says->canonical)
        printf("%s\n", cli_word(cli, "check.form_bad"));
    if (!named)
        printf("%s\n", federal_words(cli, "check.name_bad", "name", says->name, NULL));
    return says->content_holds && says->canonical && named ? CLI_OK : CLI_FAILED;
}

static int check(struct cli *cli, const char *path, const char *named_key)
{
    struct buf content = { 0 };
    struct package_says says;
    struct receipt receipt;
    uint8_t key[PUBLIC_SIZE];
    char fault[200] = "", receipt_fault[200] = "";
    int code = read_file(path, PACKAGE_MAX, &content);
    if (code != CLI_OK)
        return code;
    bool package = package_read(buf_bytes(&content), &cli->arena, &says, fault) == ERR_OK;
    bool is_receipt = !package && receipt_read(buf_bytes(&content), &cli->arena, &receipt, receipt_fault) == ERR_OK;
    if (package)
        code = check_package(cli, path, &says);
    else if (is_receipt)
        print_receipt(cli, &receipt);
    else
        code = cli_say(CLI_FAILED, "%s: not a package: %s", path, fault);
    struct hash hash = package_hash(buf_bytes(&content));
    printf("%s\n", federal_words(cli, "check.hash", "hash", federal_hex(cli, bytes(hash.b, HASH_SIZE)), NULL));
    int found = key_find(cli, named_key, is_receipt ? "operator.pub" : "federal.pub", key);
    if (found == CLI_OK)
        found = check_signature(cli, path, buf_bytes(&content), key);
    buf_free(&content);
    return code != CLI_OK ? code : found;
}

/* --key is one of the global options: main() has taken it out of the words already. */
int verb_federal_check(struct cli *cli, int argc, char **argv)
{
    const char *key = cli->key;
    cli->key = NULL;
    if (argc != 2)
        return cli_usage("federal check", "one FILE is needed");
    return check(cli, argv[1], key);
}

/* ── reply ────────────────────────────────────────────────────────────────── */

static int write_beside(const char *path, struct bytes content)
{
    FILE *file = fopen(path, "wxe");
    bool written = file != NULL && fwrite(content.at, 1, content.n, file) == content.n;
    if (file != NULL && fclose(file) != 0)
        written = false;
    return written ? CLI_OK : cli_say(CLI_FAILED, "%s: %s", path, strerror(errno));
}

static int reply_to(struct cli *cli, const char *path, const struct sign_pair *pair, struct receipt *receipt, const char *out)
{
    struct buf content = { 0 }, answer = { 0 };
    struct package_says says;
    uint8_t signature[SIGNATURE_SIZE];
    char fault[200] = "";
    int code = read_file(path, PACKAGE_MAX, &content);
    if (code == CLI_OK && package_read(buf_bytes(&content), &cli->arena, &says, fault) != ERR_OK)
        code = cli_say(CLI_FAILED, "%s: not a package: %s", path, fault);
    if (code == CLI_OK) {
        receipt->package = says.name;
        receipt->hash = package_hash(buf_bytes(&content));
        receipt_write(receipt, &answer);
        sign_make(pair, buf_bytes(&answer), signature);
        if (out == NULL)
            out = arena_format(&cli->arena, "receipt-%s.json", says.name);
        code = write_beside(arena_format(&cli->arena, "%s.sig", out), bytes(signature, sizeof signature));
        if (code == CLI_OK)
            code = write_beside(out, buf_bytes(&answer));
        if (code == CLI_OK)
            printf("%s\n%s.sig\n", out, out);
    }
    buf_free(&content);
    buf_free(&answer);
    return code;
}

int verb_federal_reply(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = { { "agree", no_argument, NULL, 'a' }, { "return", required_argument, NULL, 'r' },
        { "number", required_argument, NULL, 'n' }, { "day", required_argument, NULL, 'd' }, { "out", required_argument, NULL, 'o' }, { 0 } };
    struct receipt receipt = { .outcome = -1, .number = "1" };
    struct sign_pair pair;
    const char *key = cli->key, *out = NULL;
    char fault[200] = "";
    cli->key = NULL;
    args_day("today", &receipt.day);
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1; )
        switch (c) {
        case 'a': receipt.outcome = ANSWER_AGREED; break;
        case 'r': receipt.outcome = ANSWER_RETURNED; receipt.remarks = optarg; break;
        case 'n': receipt.number = optarg; break;
        case 'o': out = optarg; break;
        case 'd':
            if (!args_day(optarg, &receipt.day))
                return cli_usage("federal reply", "--day %s: not a day like 2024-09-15 or 15.09.2024", optarg);
            break;
        default:  return CLI_USAGE;
        }
    if (argc - optind != 1 || key == NULL || receipt.outcome < 0 || receipt.number[0] == '\0')
        return cli_usage("federal reply", "one FILE, --key SECRET, and --agree or --return REMARKS are needed");
    if (sign_load(key, &pair, fault) != ERR_OK)
        return cli_say(CLI_FAILED, "%s", fault);
    int code = reply_to(cli, argv[optind], &pair, &receipt, out);
    sign_wipe(&pair);
    return code;
}

int verb_federal_key(struct cli *cli, int argc, char **argv)
{
    if (argc != 2)
        return cli_usage("federal key", "one FILE is needed");
    const char *public_file = arena_format(&cli->arena, "%s.pub", argv[1]);
    int err = sign_new(argv[1], public_file);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s, %s: %s", argv[1], public_file, err_text(err));
    printf("%s\n%s\n", argv[1], public_file);
    return CLI_OK;
}
