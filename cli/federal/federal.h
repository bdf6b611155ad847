#pragma once
#include "cli/cli.h"
#include "proto/federal.h"

/* federal: what the verbs of the passport share.
 *
 * A passport is named by its id, by its year (the newest version), or by year and version: 2024.2. */
int federal_find(struct cli *cli, const char *name, struct passport *passport);     /* CLI_OK, or has said why not */
const char *federal_hex(struct cli *cli, struct bytes bytes);
const char *federal_number(struct cli *cli, uint64_t number);
/* A page's worth of sentence with up to six arguments: name, value, name, value … NULL. */
const char *federal_words(struct cli *cli, const char *token, ...);

int verb_federal_open(struct cli *cli, int argc, char **argv);
int verb_federal_fill(struct cli *cli, int argc, char **argv);
int verb_federal_show(struct cli *cli, int argc, char **argv);
int verb_federal_enter(struct cli *cli, int argc, char **argv);
int verb_federal_withdraw(struct cli *cli, int argc, char **argv);
int verb_federal_answer(struct cli *cli, int argc, char **argv);
int verb_federal_submit(struct cli *cli, int argc, char **argv);
int verb_federal_approve(struct cli *cli, int argc, char **argv);
int verb_federal_return(struct cli *cli, int argc, char **argv);
int verb_federal_send(struct cli *cli, int argc, char **argv);
int verb_federal_recall(struct cli *cli, int argc, char **argv);
int verb_federal_list(struct cli *cli, int argc, char **argv);
int verb_federal_compare(struct cli *cli, int argc, char **argv);
int verb_federal_check(struct cli *cli, int argc, char **argv);
int verb_federal_reply(struct cli *cli, int argc, char **argv);
int verb_federal_key(struct cli *cli, int argc, char **argv);
