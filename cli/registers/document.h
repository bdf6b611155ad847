#pragma once
#include "cli/cli.h"

/* document: acts and documents (R10): what was issued, its chain of editions, its file and the detached signature by their
 * hashes, to whom it was sent and who has acknowledged it. Files stay where they are: their names and SHA-256 are kept. A
 * signature is not verified here (that needs a certified tool): its hash says which one it was. */
int verb_document_list(struct cli *cli, int argc, char **argv);
int verb_document_show(struct cli *cli, int argc, char **argv);
int verb_document_add(struct cli *cli, int argc, char **argv);
int verb_document_edition(struct cli *cli, int argc, char **argv);
int verb_document_check(struct cli *cli, int argc, char **argv);
int verb_document_send(struct cli *cli, int argc, char **argv);
int verb_document_acknowledge(struct cli *cli, int argc, char **argv);
int verb_document_inbox(struct cli *cli, int argc, char **argv);
int verb_document_sendings(struct cli *cli, int argc, char **argv);
