#pragma once
#include "cli/cli.h"
#include "cli/refer/lookup.h"
#include "proto/roster_documents.h"
#include "proto/roster_registers.h"
#include "proto/roster_tree.h"

/* refer: what people type in place of identifiers, and codes for identifiers that are shown.
 *
 * Organisation   its code. Person: a code of a staff list, or his name («Чижова Анна», two words at least): that is a search as any
 *                other, for who may search, and leaves its entry. Document: NUMBER, or NUMBER@DAY where several have that number; of a chain
 *                of editions the newest. Entry of a register: the code of its member, its title, or a mark. An identifier is
 *                taken everywhere.
 * Mark           the last eight characters of an identifier, shown where there is no code: entries, parts, duties.
 * Errors         an exit code; what is wrong has been said: nothing found, or which ones it could be. */
#define REFER_MARK 8

int refer_organisation(struct cli *cli, const char *text, struct uuid *id);
int refer_unit(struct cli *cli, const char *text, struct uuid *id);         /* NULL: the region */
int refer_person(struct cli *cli, const char *text, struct uuid *id);
/* For what cannot be undone: all parts of the name that are said are whole, and who has them is not shown by name. */
int refer_person_whole(struct cli *cli, const char *text, const char *purpose, struct uuid *id);
/* One of the two; is_person may be NULL. A code of both is said to be of both. */
int refer_either(struct cli *cli, const char *text, struct uuid *id, bool *is_person);
int refer_document(struct cli *cli, const char *text, struct uuid *id);
/* Whole, as it stands; of several that fit, one that is proposed or holds goes before what is over. */
int refer_entry(struct cli *cli, const char *register_id, const char *text, struct listing *listing);
const char *refer_mark(struct cli *cli, const struct uuid *id);
bool refer_mark_is(const struct uuid *id, const char *text);        /* a mark of it, or the identifier itself */

/* A name of the enum, or the word that tables show for it (sentence ENUM.NAME). CLI_USAGE with all names where it is neither. */
int refer_word(struct cli *cli, const char *verb, const struct enum_desc *names, const char *text, int *value);
/* What a command has made, said by its mark (with --json as it came); gives `code` back. */
int refer_made(struct cli *cli, int code, const struct registered *made);

/* All organisations as they were on that day (0: as they are, closed ones too), fetched once. */
struct units { struct cli *cli; struct organisation *at; uint32_t n; uint32_t *by_id; };
int units_fetch(struct units *units, struct cli *cli, day_t on);
void units_sort(struct units *units);           /* after some were taken out of it */
const struct organisation *units_find(const struct units *units, const struct uuid *id);    /* NULL: not among them */
const char *units_code(const struct units *units, const struct uuid *id);       /* the identifier where there is no code */
const char *units_title(const struct units *units, const struct uuid *id);      /* "" where there is none */

/* In which tree a total is asked: that of the day, or (--now) as it is today; territory, or (--founder) the founders'. */
struct refer_tree { bool now, founder; };
#define REFER_TREE_ARGS(tree) { "now", ARG_FLAG, &(tree)->now, false }, { "founder", ARG_FLAG, &(tree)->founder, false }
#define REFER_TREE(ask, said) ((ask)->as = (said)->now ? AS_NOW : AS_THEN, (ask)->tree = (said)->founder ? TREE_FOUNDER : TREE_TERRITORY)
