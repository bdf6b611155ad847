#pragma once
#include "common/service/service.h"

/* services: the region's six; a municipal node (TOWN), and the image of it that may come to stand beside it (COPY);
 * and an auditor: a service made for the simulation whose effects cannot be
 * repeated unseen. It counts every entry of the region's journals in a copy and notes each one by an event of
 * its own, so that "exactly once" can be read off its tables. */
enum { ROSTER, DIAGNOSTICS, PROGRAMMES, ROUTES, INDICATORS, FEDERAL, TOWN, COPY, AUDITOR, NODES };
#define AUDITED (FEDERAL + 1)   /* so many journals, the first ones, are the auditor's */

const struct service *service_of(int node);
int service_number(const char *name);           /* -1: no such */

#define AUDIT_NOTED "auditor.entry.noted"
#define AUDIT_NOTE_FIELDS(X, S)                         \
    X(S, UUID, id,      _, 0, 0,         REQUIRED)      \
    X(S, STR,  stream,  _, 1, 40,        REQUIRED)      \
    X(S, U64,  number,  _, 1, INT64_MAX, REQUIRED)
MSG_DECLARE(audit_note, AUDIT_NOTE_FIELDS)
struct uuid audit_id(struct bytes stored);       /* of an entry, by its bytes: numbers come again after a restore */
enum { AUDIT_SEEN = TABLE_OWN, AUDIT_NOTES };   /* text event → u64 entries; note → u64 times */
