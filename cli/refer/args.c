#include "cli/refer/args.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

/* Of the region: cli_calendar(). */
static day_t today(void)
{
    time_t now = time(NULL);
    struct tm at;
    return localtime_r(&now, &at) != NULL ? day_of(at.tm_year + 1900, at.tm_mon + 1, at.tm_mday) : 0;
}

bool args_day(const char *text, day_t *day)
{
    int date, month, year, end = -1;
    if (strcmp(text, "today") == 0)
        return (*day = today()) != 0;
    if (day_parse(day, text, strlen(text)))
        return true;
    if (sscanf(text, "%2d.%2d.%4d%n", &date, &month, &year, &end) != 3 || end < 0 || text[end] != '\0')
        return false;
    return (*day = day_of(year, month, date)) != 0;
}

static int take(const char *verb, const struct arg *arg, const char *value)
{
    char *end;
    switch (arg->kind) {
    case ARG_TEXT:
        *(const char **)arg->to = value;
        return CLI_OK;
    case ARG_DAY:
        return args_day(value, arg->to) ? CLI_OK : cli_usage(verb, "--%s %s: not a day like 2024-09-15 or 15.09.2024", arg->name, value);
    case ARG_NUMBER:
        errno = 0;
        *(uint64_t *)arg->to = strtoull(value, &end, 10);
        return *value >= '0' && *value <= '9' && *end == '\0' && errno == 0 ? CLI_OK
             : cli_usage(verb, "--%s %s: not a number", arg->name, value);
    case ARG_LIST: {
        struct arg_list *list = arg->to;
        if (list->n == ARG_LIST_MAX)
            return cli_usage(verb, "--%s: at most %d times", arg->name, ARG_LIST_MAX);
        list->at[list->n++] = value;
        return CLI_OK;
    }
    default:
        return cli_usage(verb, "--%s takes no value", arg->name);
    }
}

static bool is_said(const struct arg *arg)
{
    switch (arg->kind) {
    case ARG_TEXT:   return *(const char **)arg->to != NULL;
    case ARG_DAY:    return *(day_t *)arg->to != 0;
    case ARG_NUMBER: return *(uint64_t *)arg->to != 0;
    case ARG_LIST:   return ((struct arg_list *)arg->to)->n > 0;
    default:         return *(bool *)arg->to;
    }
}

/* One option at argv[*i]; *i is left at the last word that belongs to it. */
static int take_option(const char *verb, int argc, char **argv, int *i, const struct arg *args, size_t n)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    for (size_t k = 0; k < n; k++) {
        if (strlen(args[k].name) != length || strncmp(args[k].name, name, length) != 0)
            continue;
        if (args[k].kind == ARG_FLAG && equals == NULL) {
            *(bool *)args[k].to = true;
            return CLI_OK;
        }
        if (equals == NULL && *i + 1 >= argc)
            return cli_usage(verb, "--%s: a value is needed", args[k].name);
        return take(verb, &args[k], equals != NULL ? equals + 1 : argv[++*i]);
    }
    return cli_usage(verb, "no such option: --%.*s", (int)length, name);
}

int args_read(const char *verb, int *argc, char **argv, const struct arg *args, size_t n, const char *words, int least, int most)
{
    int kept = 1, code;
    bool over = false;
    for (int i = 1; i < *argc; i++) {
        if (!over && strcmp(argv[i], "--") == 0)
            over = true;
        else if (over || strncmp(argv[i], "--", 2) != 0)
            argv[kept++] = argv[i];
        else if ((code = take_option(verb, *argc, argv, &i, args, n)) != CLI_OK)
            return code;
    }
    *argc = kept;
    argv[kept] = NULL;
    if (kept - 1 < least || kept - 1 > most)
        return *words == '\0' ? cli_usage(verb, "it takes no words") : cli_usage(verb, "%s: %s", words, kept - 1 < least ? "one is missing" : "too many words");
    for (size_t k = 0; k < n; k++)
        if (args[k].required && !is_said(&args[k]))
            return cli_usage(verb, "--%s is needed", args[k].name);
    return CLI_OK;
}
