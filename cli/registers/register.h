#pragma once
#include "cli/refer/args.h"
#include "proto/roster_registers.h"

/* register, part, duty: the region's registers on the command line (R4-R7, R12, R14): what each asks for, who stands in it on a
 * day, entries proposed, decided, recorded, renewed and ended; who takes part in an entry and what is to be done by when.
 * A command is said with the first of our keys whose role the register names, unless --key says another. */
int register_get(struct cli *cli, const char *id, struct profile_register *reg);
/* From here on with the first of our keys that has one of these roles, if there is one. */
void register_speak(struct cli *cli, const char *const *roles, uint32_t n);
/* argv[1] the register, argv[2] its entry; from here on with a key whose role decides there. */
int register_entry(struct cli *cli, char **argv, struct uuid *entry);

/* What is said of a member, and the words that say it: MEMBER with --ground, --value, --document, --place. register_about() fills
 * `in`, whose register_id is there already, and gets the register's rules. */
struct register_said { const char *place; struct arg_list grounds, values, documents; };
#define REGISTER_SAID_ARGS(said)                                                                                                   \
    { "ground", ARG_LIST, &(said).grounds, true }, { "value", ARG_LIST, &(said).values, false },                                   \
    { "document", ARG_LIST, &(said).documents, false }, { "place", ARG_TEXT, &(said).place, false }
int register_about(struct cli *cli, const char *verb, const char *member, const struct register_said *said, struct profile_register *reg,
                   struct entry_record *in);

int verb_register_list(struct cli *cli, int argc, char **argv);
int verb_register_rules(struct cli *cli, int argc, char **argv);
int verb_register_show(struct cli *cli, int argc, char **argv);
int verb_register_of(struct cli *cli, int argc, char **argv);
int verb_register_count(struct cli *cli, int argc, char **argv);
int verb_register_activity(struct cli *cli, int argc, char **argv);
int verb_register_propose(struct cli *cli, int argc, char **argv);
int verb_register_record(struct cli *cli, int argc, char **argv);
int verb_register_decide(struct cli *cli, int argc, char **argv);
int verb_register_renew(struct cli *cli, int argc, char **argv);
int verb_register_end(struct cli *cli, int argc, char **argv);

int verb_part_list(struct cli *cli, int argc, char **argv);
int verb_part_join(struct cli *cli, int argc, char **argv);
int verb_part_leave(struct cli *cli, int argc, char **argv);
int verb_duty_list(struct cli *cli, int argc, char **argv);
int verb_duty_due(struct cli *cli, int argc, char **argv);
int verb_duty_set(struct cli *cli, int argc, char **argv);
int verb_duty_fulfil(struct cli *cli, int argc, char **argv);
int verb_duty_drop(struct cli *cli, int argc, char **argv);
