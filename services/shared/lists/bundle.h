#pragma once
#include "services/shared/lists/oneroster.h"
#include "services/shared/lists/zip.h"

/* bundle: the files of a OneRoster bundle as tables, and what is looked up in them while its rows are made. oneroster.c alone uses it.
 *
 * Limits     a small file may say much in few bytes: all that is kept of it is counted as it takes room (bundle_room).
 * Errors     false, with the fault in the bundle. */
#define KEPT_PAIR 64                        /* bytes that a pair takes beside its texts, about */

struct part { const char *name; struct buf text; struct csv csv; struct csv_row header; struct arena arena, row; bool there; };
struct pair { const char *key, *value; };
struct pairs { uint32_t n, room; struct pair *at; };
struct bundle {
    struct zip zip;
    size_t most;                            /* bytes of a part, and of the text */
    struct list_fault *fault;
    struct arena arena;
    size_t kept;                            /* bytes in it and in the lists below: at most `most` */
    struct pairs manifest, orgs, born, classes, subjects, users;
    bool roles;                             /* 1.2: they stand in a file of their own */
    struct part of_users, of_roles;
    const char ***user; uint32_t user_n, user_room; bool *used;
    struct bundle_said *said;
    struct buf *text;
    uint32_t line;                          /* the next to be written */
};

bool bundle_fault(struct bundle *bundle, const char *token, const char *part, uint32_t line);    /* false */
bool bundle_room(struct bundle *bundle, size_t n);
const char *bundle_kept(struct bundle *bundle, const char *text);

/* A part has to be closed, whatever became of opening it. */
bool part_open(struct bundle *bundle, struct part *part, const char *name);
void part_close(struct part *part);
bool part_next(struct part *part, struct arena *arena, struct csv_row *row);     /* arena: NULL: until the next one */
bool part_whole(struct bundle *bundle, const struct part *part);
int32_t part_column(const struct part *part, const char *title);                /* -1: none */
const char *part_cell(const struct csv_row *row, int32_t at);                   /* "" where there is none */

void pairs_add(struct pairs *pairs, const char *key, const char *value);
void pairs_sort(struct pairs *pairs);
const char *pairs_find(const struct pairs *pairs, const char *key);             /* sorted before; NULL: none */

bool bundle_manifest_read(struct bundle *bundle);
const char *bundle_mode(const struct bundle *bundle, const char *property);     /* "bulk", "delta", or NULL: the bundle has none */
/* Two columns of a part, where the manifest says that it is there. */
struct wanted { const char *property, *file, *key, *value; struct pairs *into; };
bool bundle_pairs_read(struct bundle *bundle, const struct wanted *wanted);
bool bundle_subjects_read(struct bundle *bundle);
/* What he teaches there: of most classes; of as many, the first by the alphabet. */
const char *bundle_subject(struct bundle *bundle, const char *user, const char *school);
