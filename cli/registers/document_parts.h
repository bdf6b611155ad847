#pragma once
#include "cli/cli.h"

/* What the verbs of documents share. */
int document_hash(struct cli *cli, const char *path, struct bytes *sha256);     /* of a file's bytes; has said why not */
const char *document_base(const char *path);                                    /* the last component */
