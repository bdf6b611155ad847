/* cli: what the verbs share: words for errors, the configuration, the catalogue. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "common/core/err.h"
#include "proto/profile.h"

int cli_say(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fputs("rsnms: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return code;
}

int cli_usage(const char *verb, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "rsnms %s: ", verb);
    vfprintf(stderr, format, args);
    fprintf(stderr, ", see rsnms %s --help\n", verb);
    va_end(args);
    return CLI_USAGE;
}

bool cli_seconds(const char *text, uint32_t *ms)
{
    char *end;
    errno = 0;
    double seconds = strtod(text, &end);
    if (errno != 0 || end == text || *end != '\0' || !(seconds > 0) || seconds > 3600)
        return false;
    *ms = (uint32_t)(seconds * 1000);
    return *ms > 0;
}

unsigned cli_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

const char *cli_here(struct cli *cli)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return ".";
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    *slash = '\0';
    return arena_string(&cli->arena, path, strlen(path));
}

/* ── configuration ────────────────────────────────────────────────────────── */
const char *cli_config_file(struct cli *cli)
{
    static const char *const usual[] = { "config/rsnms.yaml", "/etc/rsnms/rsnms.yaml", "/var/lib/rsnms/rsnms.yaml" };
    if (cli->config_file == NULL)
        cli->config_file = getenv("RSNMS_CONFIG");
    for (size_t i = 0; i < sizeof usual / sizeof *usual && cli->config_file == NULL; i++)
        if (access(usual[i], F_OK) == 0)
            cli->config_file = usual[i];
    return cli->config_file;
}

static int config_once(struct cli *cli, char says[400])
{
    int err = cli->config_loaded ? ERR_OK : config_load(cli_config_file(cli), &cli->arena, &cli->config, says);
    cli->config_loaded = err == ERR_OK;
    return err;
}

int cli_config(struct cli *cli)
{
    char says[400] = "";
    if (cli_config_file(cli) == NULL)
        return cli_say(CLI_FAILED, "no configuration: neither --config, $RSNMS_CONFIG, ./config/rsnms.yaml, "
                                   "/etc/rsnms/rsnms.yaml nor /var/lib/rsnms/rsnms.yaml; rsnms init makes one");
    int err = config_once(cli, says);
    if (err != ERR_OK)
        return cli_say(CLI_FAILED, "%s", *says != '\0' ? says : err_text(err));
    cli_catalogue(cli);
    return CLI_OK;
}

void cli_calendar(struct cli *cli)
{
    const struct profile *profile;
    char says[400];
    int zone;

    if (cli_config_file(cli) == NULL || config_once(cli, says) != ERR_OK || cli->config.profile == NULL
        || profile_read(cli->config.profile, &cli->arena, &profile, &zone, says) != ERR_OK)
        return;         /* the verb itself says what is wrong, if it needs them */
    int h = abs(zone) / 60, m = abs(zone) % 60;      /* POSIX counts them to the west */
    setenv("TZ", arena_format(&cli->arena, "<%c%02d%02d>%c%02d:%02d", zone < 0 ? '-' : '+', h, m, zone < 0 ? '+' : '-', h, m), 1);
    tzset();
}

void cli_close(struct cli *cli)
{
    for (uint32_t i = 0; i < cli->client_count; i++)
        client_close(&cli->client[i].client);
    principals_free(&cli->principals);
    catalogue_free(&cli->catalogue);
    arena_free(&cli->arena);
    *cli = (struct cli){ 0 };
}

void cli_print_json(const struct msg_desc *desc, const void *message)
{
    struct buf bytes = { 0 }, text = { 0 };
    msg_encode(desc, message, &bytes);
    if (json_write(desc, buf_bytes(&bytes), true, &text) == ERR_OK)
        printf("%s\n", buf_string(&text));
    buf_free(&bytes);
    buf_free(&text);
}

/* ── sentences ────────────────────────────────────────────────────────────── */
/* Beside the program when installed, else where the program was built from. */
const char *cli_messages(struct cli *cli, const char *lang)
{
    const char *dirs[] = {
        getenv("RSNMS_MESSAGES"), arena_format(&cli->arena, "%s/../share/rsnms/messages", cli_here(cli)),
        "/usr/share/rsnms/messages", CLI_MESSAGES_DIR,
    };
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        const char *file = dirs[i] != NULL ? arena_format(&cli->arena, "%s/%s.yaml", dirs[i], lang) : NULL;
        if (file != NULL && access(file, R_OK) == 0)
            return file;
    }
    return NULL;
}

const struct sentences *cli_catalogue(struct cli *cli)
{
    if (cli->catalogue != NULL || cli->catalogue_tried)
        return cli->catalogue;
    cli->catalogue_tried = true;
    const char *lang = cli->lang != NULL ? cli->lang : getenv("RSNMS_LANG");
    if (lang == NULL || *lang == '\0')
        lang = "ru";
    char says[400] = "";
    const char *file = strchr(lang, '/') == NULL ? cli_messages(cli, lang) : NULL;
    if (file == NULL)
        cli_say(0, "no sentences in language %s (%s.yaml); tokens are shown instead", lang, lang);
    else if (catalogue_load(&cli->catalogue, file, says) != ERR_OK)
        cli_say(0, "%s; tokens are shown instead", says);
    return cli->catalogue;
}

const char *cli_word(struct cli *cli, const char *token)
{
    return catalogue_text(cli_catalogue(cli), token);
}

const char *cli_words(struct cli *cli, const char *token, const struct catalogue_arg *args, uint32_t n)
{
    return catalogue_fill(cli_catalogue(cli), &cli->arena, token, args, n);
}

const char *cli_day(struct cli *cli, day_t day)
{
    char *text = arena_alloc(&cli->arena, DAY_TEXT + 1);
    day_format_ru(day, text);
    return text;
}

int verb_say(struct cli *cli, int argc, char **argv)
{
    struct catalogue_arg args[16];
    uint32_t n = 0;
    if (argc < 2 || argc > 2 + 16)
        return cli_usage("say", "one TOKEN is needed");
    for (int i = 2; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals == NULL)
            return cli_usage("say", "%s: not NAME=VALUE", argv[i]);
        *equals = '\0';
        args[n++] = (struct catalogue_arg){ argv[i], equals + 1 };
    }
    printf("%s\n", cli_words(cli, argv[1], args, n));
    return CLI_OK;
}
