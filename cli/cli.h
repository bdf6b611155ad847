#pragma once
#include <stdio.h>
#include "services/shared/catalogue.h"
#include "common/net/client.h"
#include "common/service/config.h"
#include "common/service/service.h"

/* cli: what every verb of rsnms is given: the options before and after the verb, the configuration, the
 * catalogue of sentences, and the services to ask.
 *
 * Ownership  main() owns the struct; what cli_ask() hands out lives in cli->arena until the verb ends.
 * Errors     a function that returns an exit code has already said on standard error what is wrong. */
enum cli_exit {
    CLI_OK     = 0,
    CLI_FAILED = 1,             /* refused, or it could not be done */
    CLI_USAGE  = 2,             /* the command line itself is wrong */
    CLI_PARTLY = 3,             /* done, but some rows were refused */
    CLI_DOWN   = 4,             /* a daemon does not answer: says which and where it was expected */
};

#define CLI_CLIENTS_MAX 16
struct cli_client { const char *service, *key; struct client *client; };
struct cli {
    const char *config_file, *key, *lang;
    bool json;
    uint32_t timeout_ms;
    struct arena arena;
    struct config config;
    bool config_loaded;
    struct principals *principals;
    struct sentences *catalogue;
    bool catalogue_tried;
    struct cli_client client[CLI_CLIENTS_MAX];
    uint32_t client_count;
};

/* One row a verb. name: one word or two ("keys new"); argv[0] of run() is that name. */
struct verb {
    const char *name, *args, *help;
    const char *more;           /* lines for --help of this verb; may be NULL */
    int (*run)(struct cli *cli, int argc, char **argv);
};

/* rsnms(1) on standard output, in roff. */
void manual_print(const struct verb *verbs, size_t n);

/* "rsnms: …" on standard error; gives back the code, so that: return cli_say(CLI_FAILED, "…"). */
int cli_say(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "rsnms VERB: …, see rsnms VERB --help"; gives back CLI_USAGE. */
int cli_usage(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

int cli_config(struct cli *cli);                /* reads the configuration and the catalogue, once */
const char *cli_config_file(struct cli *cli);   /* where it is looked for */
/* From here on days and hours that are typed and shown are the region's (its profile's zone), wherever this machine stands: "today" is what the
 * services mean by it. Without a configuration or a profile they are this machine's. */
void cli_calendar(struct cli *cli);
void cli_close(struct cli *cli);

/* Asks a service: the method's name gives the service, the descriptors, whether it is a command, and who may
 * ask, hence the key (unless --key says another). takes and gives are structs of the method's messages;
 * gives may be NULL. */
int cli_ask(struct cli *cli, const char *method, const void *takes, void *gives);
/* Every row of a list that comes in pages: `ask` has a field `after`, the answer fields `rows` and `next`. each() is given them
 * in their order, as structs of the answer's; they live in cli->arena. */
int cli_each(struct cli *cli, const char *method, void *ask, void (*each)(void *arg, const void *row), void *arg);
/* A command that gives nothing back: done is said, unless --json asks for silence. */
int cli_do(struct cli *cli, const char *method, const void *takes);
/* The same without a word: err as of client_call(), or what stopped it before: ERR_NOTFOUND nobody listens,
 * ERR_DENIED no key that may ask (reply->problem is NULL then). `where` (may be NULL) gets the endpoint. */
int cli_try(struct cli *cli, const char *method, const void *takes, void *gives,
            struct client_reply *reply, char where[WIRE_ENDPOINT_MAX + 1]);
/* The same with an encoded body. The command id may be nil: a new one for commands. */
int cli_call(struct cli *cli, const char *method, struct bytes body, const struct uuid *command,
             struct client_reply *reply, char where[WIRE_ENDPOINT_MAX + 1]);
/* The code and the words for what cli_try() gave back. CLI_OK when all is well. */
int cli_outcome(struct cli *cli, const char *method, int err, const struct client_reply *reply, const char *where);

/* A client of that service, kept open until the verb ends; NULL with *err as above. */
struct client *cli_client(struct cli *cli, const char *service, roles_t roles, int *err);
/* The name of the key that fits: --key, or the first of ours that has one of the roles. NULL: none. */
const char *cli_key(struct cli *cli, roles_t roles);

/* Sentences in the language asked for; a missing one shows its token. */
const struct sentences *cli_catalogue(struct cli *cli);     /* NULL: none to be had */
const char *cli_messages(struct cli *cli, const char *lang);  /* the file of a language; NULL: none */
const char *cli_word(struct cli *cli, const char *token);
const char *cli_words(struct cli *cli, const char *token, const struct catalogue_arg *args, uint32_t n);
const char *cli_day(struct cli *cli, day_t day);        /* as people read it: 15.09.2024 */

void cli_print_json(const struct msg_desc *desc, const void *message);
/* The terminal's width, 0 when standard output is no terminal. */
unsigned cli_width(void);
/* Directory of this program, without a slash at the end. */
const char *cli_here(struct cli *cli);
/* Time as a number: "10" or "2.5" seconds. */
bool cli_seconds(const char *text, uint32_t *ms);

/* ── verbs, one file for each group ───────────────────────────────────────── */
int verb_init(struct cli *cli, int argc, char **argv);
int verb_up(struct cli *cli, int argc, char **argv);
int verb_down(struct cli *cli, int argc, char **argv);
int verb_status(struct cli *cli, int argc, char **argv);
int verb_metrics(struct cli *cli, int argc, char **argv);
int verb_call(struct cli *cli, int argc, char **argv);
int verb_methods(struct cli *cli, int argc, char **argv);
int verb_journal(struct cli *cli, int argc, char **argv);
int verb_verify(struct cli *cli, int argc, char **argv);
int verb_rebuild(struct cli *cli, int argc, char **argv);
int verb_backup(struct cli *cli, int argc, char **argv);
int verb_restore(struct cli *cli, int argc, char **argv);
int verb_vault_status(struct cli *cli, int argc, char **argv);
int verb_vault_rotate(struct cli *cli, int argc, char **argv);
int verb_vault_backup(struct cli *cli, int argc, char **argv);
int verb_vault_restore(struct cli *cli, int argc, char **argv);
/* Until the vault's key has been turned as often as was asked, at most --timeout; `done` says whether. */
int vault_wait(struct cli *cli, bool *done);
int verb_intake_status(struct cli *cli, int argc, char **argv);
int verb_intake_turn(struct cli *cli, int argc, char **argv);
int verb_intake_drop(struct cli *cli, int argc, char **argv);
void intake_say(struct cli *cli);           /* for status: a line as long as an older key is kept */
int verb_roster_erase(struct cli *cli, int argc, char **argv);
int verb_keys_new(struct cli *cli, int argc, char **argv);
int verb_keys_list(struct cli *cli, int argc, char **argv);
int verb_keys_rotate(struct cli *cli, int argc, char **argv);
int verb_keys_revoke(struct cli *cli, int argc, char **argv);
int verb_indicators(struct cli *cli, int argc, char **argv);
int verb_indicators_who(struct cli *cli, int argc, char **argv);
int verb_indicators_judge(struct cli *cli, int argc, char **argv);
int verb_worst(struct cli *cli, int argc, char **argv);
int verb_route(struct cli *cli, int argc, char **argv);
int verb_compare(struct cli *cli, int argc, char **argv);
int verb_say(struct cli *cli, int argc, char **argv);
int verb_settle(struct cli *cli, int argc, char **argv);
