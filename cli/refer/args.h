#pragma once
#include "cli/cli.h"

/* args: the options of a verb by a table, and the words that are none.
 *
 * Forms      --name VALUE, --name=VALUE; flags stand alone; "--" ends the options. Days: 2024-09-15, 15.09.2024, or the word
 *            "today". A list takes every occurrence of its option.
 * Words      are moved to the front: argv[1] is the first one.
 * Errors     CLI_USAGE, said on standard error with the verb's name. */
enum arg_kind { ARG_TEXT /* const char * */, ARG_DAY /* day_t */, ARG_FLAG /* bool */, ARG_NUMBER /* uint64_t */,
                ARG_LIST /* struct arg_list */ };
#define ARG_LIST_MAX 64
struct arg_list { uint32_t n; const char *at[ARG_LIST_MAX]; };
struct arg { const char *name; enum arg_kind kind; void *to; bool required; };

/* `words` says what the words are: "CODE PARENT"; there are least to most of them, *argc is 1 more than how many. */
int args_read(const char *verb, int *argc, char **argv, const struct arg *args, size_t n, const char *words, int least, int most);
bool args_day(const char *text, day_t *day);
#define ARGS(...) (const struct arg[]){ __VA_ARGS__ }, sizeof (const struct arg[]){ __VA_ARGS__ } / sizeof(struct arg)
