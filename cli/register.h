#pragma once
#include "cli/cli.h"
#include "proto/roster_registers.h"

/* register, part, duty: the region's registers on the command line (R4-R7, R12, R14): what each asks for, who stands in it on a
 * day, entries proposed, decided, recorded, renewed and ended; who takes part in an entry and what is to be done by when.
 * A command is said with the first of our keys whose role the register names, unless --key says another. */
int register_get(struct cli *cli, const char *id, struct profile_register *reg);
/* From here on with the first of our keys that has one of these roles, if there is one. */
void register_speak(struct cli *cli, const char *const *roles, uint32_t n);

int verb_register_list(struct cli *cli, int argc, char **argv);
int verb_register_rules(struct cli *cli, int argc, char **argv);
int verb_register_show(struct cli *cli, int argc, char **argv);
int verb_register_of(struct cli *cli, int argc, char **argv);
int verb_register_count(struct cli *cli, int argc, char **argv);
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
